"""What arrived becomes what customers said; what cannot be read or stored is set aside, and the next mail goes on."""

import pytest
from django.db import IntegrityError, OperationalError

from pitcrew.channels.email import intake, quarantine, reading_child, taking
from pitcrew.channels.email.listing import lines
from pitcrew.channels.email.models import Arrival
from pitcrew.channels.email.queries import quarantined, waiting
from pitcrew.channels.email.reading import Failed, Postponed, Read, Reader
from pitcrew.conversations import actions
from pitcrew.conversations.files import files
from pitcrew.conversations.models import Attachment, Conversation, Message, Note, State
from pitcrew.history.models import Operation
from pitcrew.people.models import Customer, Department
from tests.channels.email.mails import mail
from tests.verify import assert_log_tells_all

WITH_FILE = b"""From: lena@customer.test\r
Subject: A picture\r
Message-ID: <picture@customer.test>\r
Content-Type: multipart/mixed; boundary=B\r
\r
--B\r
\r
see the picture\r
--B\r
Content-Type: image/png; name="a.png"\r
Content-Disposition: attachment; filename="a.png"\r
Content-Transfer-Encoding: base64\r
\r
iVBORw0KGgo=\r
--B--\r
"""


def test_a_first_mail_opens_a_conversation(taken):
    message = taken(mail())
    assert message.conversation.subject == "Where is my parcel?"
    assert message.customer.name == "Lena Vogt"
    assert message.external_id == "first@customer.test"
    assert_log_tells_all()


def test_the_operation_is_the_customers(taken):
    message = taken(mail())
    assert Operation.objects.filter(actor=f"customer:{message.customer_id}", door="email").exists()


def test_mail_has_somewhere_to_go_before_anything_is_set_up(taken):
    taken(mail())
    taken(mail("Two", mail_id="two@customer.test"))
    assert Department.objects.get().name == "Front desk"


def test_files_go_to_the_content_store(taken):
    message = taken(WITH_FILE)
    attachment = Attachment.objects.get(message=message)
    assert attachment.name == "a.png"
    files().verify(attachment.content_hash)


def test_nul_bytes_are_no_trouble(taken):
    message = taken(mail("before\0after", subject="a\0b", sender="Le\0na <lena@customer.test>"))
    assert "before" in message.text and "after" in message.text


def test_mails_are_taken_in_order(kept, at):
    for n in range(5):
        kept(mail(f"Mail {n}", mail_id=f"{n}@customer.test"))
    assert intake.take_some(at) == 5
    assert [m.text.strip() for m in Message.objects.order_by("id")] == [f"Mail {n}" for n in range(5)]
    assert not waiting().exists()


def test_an_operation_for_each_mail(kept, at):
    for n in range(3):
        kept(mail(f"Mail {n}", mail_id=f"{n}@customer.test", sender=f"c{n}@customer.test"))
    intake.take_some(at)
    assert Operation.objects.filter(verb="email.take").count() == 3


def test_a_mail_that_cannot_be_stored_is_set_aside_alone(kept, at, monkeypatch):
    arrivals = [kept(mail(f"Mail {n}", mail_id=f"{n}@customer.test")) for n in range(3)]

    def failing(arrival, read, house, *, at):
        if arrival.pk == arrivals[1].pk:
            take(arrival, read, house, at=at)
            raise ValueError("no such thing")
        return take(arrival, read, house, at=at)

    take = taking.take
    monkeypatch.setattr(intake, "take", failing)
    assert intake.take_some(at) == 3
    assert Message.objects.count() == 2
    assert "no such thing" in quarantined().get().quarantined_why
    assert_log_tells_all()


def test_a_mail_in_quarantine_can_be_tried_again(kept, at, monkeypatch):
    arrival = kept(mail())
    monkeypatch.setattr(intake, "take", lambda *a, **k: 1 / 0)
    intake.take_some(at)
    monkeypatch.undo()
    arrival.refresh_from_db()
    assert quarantine.raw(arrival) == mail()
    assert quarantine.try_again(arrival)
    assert intake.take_some(at) == 1
    assert not quarantined().exists()
    assert Message.objects.count() == 1


def test_what_another_intake_stored_meanwhile_is_not_stored_again(kept, at, monkeypatch):
    arrival = kept(mail())
    other = kept(mail("Other", mail_id="other@customer.test"))

    def slow(arrival_, read, house, *, at):
        message = take(arrival_, read, house, at=at)
        Arrival.objects.filter(pk=arrival.pk).update(message=None, quarantined_at=at)
        return message

    take = taking.take
    monkeypatch.setattr(intake, "take", slow)
    intake.take_some(at)
    assert [m.text.strip() for m in Message.objects.all()] == ["Other"]
    other.refresh_from_db()
    assert other.message is not None


def test_a_collision_with_another_intake_is_tried_again(kept, at, monkeypatch):
    kept(mail())
    collisions = [IntegrityError("one identity per address")]

    def colliding(*args, **kwargs):
        message = take(*args, **kwargs)
        if collisions:
            raise collisions.pop()
        return message

    take = taking.take
    monkeypatch.setattr(intake, "take", colliding)
    assert intake.take_some(at) == 1
    assert Message.objects.count() == 1


def test_a_database_that_goes_away_loses_nothing(kept, at, monkeypatch):
    kept(mail())

    def gone(*args, **kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(intake, "take", gone)
    with pytest.raises(OperationalError):
        intake.take_some(at)
    monkeypatch.undo()
    assert intake.take_some(at) == 1
    assert Message.objects.count() == 1


def test_an_imported_mail_keeps_its_date_but_never_one_in_the_future(taken, at):
    old = taken(mail(date="Tue, 3 Mar 2020 10:00:00 +0100", mail_id="old@c.test"), door="import")
    new = taken(mail(date="Tue, 3 Mar 2050 10:00:00 +0100", mail_id="new@c.test"), door="import")
    live = taken(mail(date="Tue, 3 Mar 2020 10:00:00 +0100", mail_id="live@c.test"))
    assert (old.at.year, new.at, live.at) == (2020, at, at)


def test_an_older_mail_that_comes_later_does_not_become_the_newest(taken, at):
    newest = taken(mail("Newest", mail_id="new@c.test"))
    taken(
        mail("Older", mail_id="old@c.test", in_reply_to="<new@c.test>", date="Tue, 3 Mar 2020 10:00:00 +0100"),
        door="import",
    )
    conversation = Conversation.objects.get()
    assert (conversation.preview.strip(), conversation.last_message_at) == ("Newest", newest.at)


def test_a_vacation_notice_does_not_reopen(cast, taken, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    notice = mail(
        "I am away.",
        sender="martin@customer.test",
        subject="Automatic reply: Card has not arrived",
        in_reply_to="<first@customer.test>",
        mail_id="away@customer.test",
        auto_submitted="auto-replied",
    )
    message = taken(notice)
    assert message.conversation_id == cast.conversation.pk
    assert message.is_automatic
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.DONE


def test_what_a_colleague_sends_on_is_the_customers_word(cast, taken):
    text = (
        "Can you take this one?\r\n\r\n"
        "---------- Forwarded message ---------\r\n"
        "From: Vera Kunde <vera@elsewhere.test>\r\n"
        "Date: Mon, 2 Mar 2026 at 08:00\r\n"
        "Subject: Broken on arrival\r\n"
        "To: <ana@company.test>\r\n\r\n"
        "The box was empty.\r\n"
    )
    message = taken(mail(text, sender="Ana Ruiz <ana@company.test>", subject="Fwd: Broken on arrival"))
    assert (message.address, message.subject) == ("vera@elsewhere.test", "Broken on arrival")
    assert "The box was empty." in message.text
    assert "Ana Ruiz sent this on" in Note.objects.get().text
    assert "take this one" in Note.objects.get().text
    assert not Customer.objects.filter(identities__value="ana@company.test").exists()


def test_the_list_names_each_mail_once(kept, at, monkeypatch):
    kept(mail("Hello\r\n"))
    kept(mail("Other", mail_id="other@customer.test"))
    monkeypatch.setattr(Reader, "read", lambda self, raws, patient: _one_fails(raws))
    intake.take_some(at)
    listed = list(lines())
    assert listed[0].startswith("<first@customer.test>\t") and len(listed[0].split("\t")[1]) == 64
    assert listed[1] == "<other@customer.test>"


def _one_fails(raws):
    kind, value = reading_child._answer(raws[0], True)
    return [Read(*value), *[Failed("It cannot be read.") for _ in raws[1:]]]


# The child that reads


@pytest.fixture
def reader():
    one = Reader()
    yield one
    one.stop()


def crash(raw: bytes) -> bytes:
    return raw


def test_the_child_reads_many_in_order(reader):
    raws = [mail(f"Mail {n}") for n in range(20)]
    texts = [reading.inbound.text.strip() for reading in reader.read(raws)]
    assert texts == [f"Mail {n}" for n in range(20)]


def test_large_mails_pass_between_the_two(reader):
    texts = [len(r.inbound.text) for r in reader.read([mail("x" * 6_000_000), mail("y" * 6_000_000)], patient=True)]
    assert all(size >= 6_000_000 for size in texts)


def test_a_mail_that_breaks_a_limit_is_a_sentence(reader):
    nested = b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\nx\r\n" * 20_000 + b"--B--\r\n"
    failed, read = reader.read([nested, mail()], patient=True)
    assert isinstance(failed, Failed) and failed.why.endswith(".")
    assert isinstance(read, Read)


@pytest.mark.parametrize("deed", ["os.kill(os.getpid(), 9)", "os._exit(3)"])
def test_a_mail_that_kills_the_child_is_set_aside_and_the_next_goes_on(reader, monkeypatch, tmp_path, deed):
    _sabotage(monkeypatch, tmp_path, deed)
    first, failed, last = reader.read([mail("One"), mail("evil"), mail("Three")])
    assert isinstance(failed, Failed) and "ended the process" in failed.why
    assert (first.inbound.text.strip(), last.inbound.text.strip()) == ("One", "Three")


def test_a_mail_that_burns_time_is_postponed_then_set_aside(reader, monkeypatch, tmp_path):
    _sabotage(monkeypatch, tmp_path, "all(n == 0 for n in iter(int, 1))")
    slow, read = reader.read([mail("evil"), mail("Two")])
    assert isinstance(slow, Postponed) and slow.is_slow
    assert isinstance(read, Read)
    failed, read = reader.read([mail("evil"), mail("Two")], patient=True)
    assert isinstance(failed, Failed) and "more time" in failed.why
    assert isinstance(read, Read)


def test_a_mail_that_eats_memory_is_set_aside(reader, monkeypatch, tmp_path):
    _sabotage(monkeypatch, tmp_path, "bytearray(4 << 30)")
    failed, read = reader.read([mail("evil"), mail("Two")], patient=True)
    assert isinstance(failed, Failed) and "memory" in failed.why
    assert isinstance(read, Read)


def _sabotage(monkeypatch, folder, deed: str) -> None:
    """Let the child do a deed for a mail that says "evil", and what it always does for any other."""
    (folder / "sitecustomize.py").write_text(
        "import os, pitcrew.channels.email.reading_child as child\n"
        "parse = child.parse\n"
        "def reading(raw):\n"
        f"    if b'evil' in raw: {deed}\n"
        "    return parse(raw)\n"
        "child.parse = reading\n"
        "child.main()\n"
        "os._exit(0)\n"
    )
    monkeypatch.syspath_prepend(str(folder))


def test_slow_mails_wait_until_nothing_new_does(kept, at, monkeypatch):
    slow, quick = kept(mail("slow", mail_id="s@c.test")), kept(mail("quick", mail_id="q@c.test"))
    order = []

    def read(self, raws, patient):
        order.append([b"slow" in raw for raw in raws])
        return [_slow_unless(patient, raw) for raw in raws]

    monkeypatch.setattr(Reader, "read", read)
    intake.take_some(at)
    assert order == [[True, False], [True]]
    assert Message.objects.count() == 2
    assert Message.objects.order_by("id").first().external_id == "q@c.test"
    assert Arrival.objects.get(pk=slow.pk).message and Arrival.objects.get(pk=quick.pk).message


def _slow_unless(patient, raw):
    if b"slow" in raw and not patient:
        return Postponed(is_slow=True)
    return Read(*reading_child._answer(raw, True)[1])
