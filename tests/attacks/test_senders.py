"""Senders who are not who they say, and mails that want to be two: by real SMTP, through the real intake."""

import smtplib
import threading
from collections.abc import Iterator

import pytest

from pitcrew.channels.email import intake
from pitcrew.channels.email.composing import compose
from pitcrew.channels.email.listener import serve
from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.channels.email.models import Arrival
from pitcrew.channels.email.quarantine import raw
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Message, Note
from pitcrew.people import actions as people
from tests.attacks.vectors import Vector, both, vectors
from tests.ports import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(cast, at) -> Iterator[int]:
    """Where the listener takes mail for support@company.test."""
    name_mailbox("support@company.test", cast.front, by=cast.by, at=at)
    stop, ready, number = threading.Event(), threading.Event(), free_port()
    thread = threading.Thread(target=serve, args=["127.0.0.1", number], kwargs={"stop": stop, "ready": ready})
    thread.start()
    assert ready.wait(20)
    yield number
    stop.set()
    thread.join(20)


def give(port: int, content: bytes, mail_from: str = "<eve@elsewhere.test>", helo: str = "elsewhere.test") -> int:
    """Hand a mail over as these bytes; gives the code that decided."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        server.ehlo(helo)
        for command in (f"MAIL FROM:{mail_from}", "RCPT TO:<support@company.test>", "DATA"):
            code, _ = server.docmd(command)
            if code >= 400:
                return code
        server.send(content + b"\r\n.\r\n")
        return server.getreply()[0]


def take_in(at) -> list[Message]:
    while intake.take_some(at):
        pass
    return [arrival.message for arrival in Arrival.objects.order_by("pk") if arrival.message]


OWN_SPOOFS = [
    "From: Ana Ruiz <ana@company.test>",
    'From: "ana@company.test" <eve@elsewhere.test>',
    "From: martin@customer.test\r\nFrom: eve@elsewhere.test",
    "From: martin@customer.test, eve@elsewhere.test",
    "From: <@elsewhere.test,@x:martin@customer.test>",
    "From: martin@customer.test (Eve <eve@elsewhere.test>)",
    "From: =?utf-8?b?QW5hIFJ1aXo=?= <eve@elsewhere.test>",
    "From: \u0410na Ruiz <eve@elsewhere.test>",
    "From: \u0412en Ode <eve@elsewhere.test>",
    "From: \u202eziuR anA\u202c <eve@elsewhere.test>",
    "From: A\u200bna Ru\u00adiz <eve@elsewhere.test>",
    "From: \uff21\uff4e\uff41 \uff32\uff55\uff49\uff5a <eve@elsewhere.test>",
    "From: \U0001d400na Ruiz <eve@elsewhere.test>",
    "From: martin@customer.test",
    "From: support@company.test",
    "From: \u039ana R\u03c5iz <eve@elsewhere.test>".replace("\u039a", "\u0391"),
]


def spoofs(source: str) -> list[Vector]:
    if source == "collection":
        return vectors(source, "spoof")
    body = "\r\nTo: support@company.test\r\nSubject: Re: Card has not arrived [#1]"
    return [
        Vector(
            f"own-{n}",
            f"{head}{body}\r\nMessage-ID: <spoof-{n}@elsewhere.test>\r\n\r\nPay to this account.\r\n".encode(),
        )
        for n, head in enumerate(OWN_SPOOFS)
    ]


@both
def test_a_borrowed_sender_is_never_shown_without_a_warning_and_joins_nothing(source, cast, port, at):
    unwarned, stored = [], 0
    for vector in spoofs(source):
        envelope = vector.more.get("envelope", {"mailfrom": "<eve@elsewhere.test>", "helo": "elsewhere.test"})
        code = give(port, vector.raw, envelope["mailfrom"], envelope["helo"])
        if code >= 400:
            continue
        message = take_in(at)[-1]
        stored += 1
        assert message.conversation_id != cast.conversation.pk, vector.name
        honest = message.address == envelope["mailfrom"].strip("<>") and message.name in ("", message.address)
        if not message.warning and not honest:
            unwarned.append((vector.name, message.name, message.address, vector.raw[:80]))
    print(f"{len(spoofs(source))} borrowed senders, {stored} stored, {len(unwarned)} without a warning")
    assert not unwarned
    assert not Message.objects.filter(author__isnull=False).exists()


def test_a_forged_colleague_who_sends_something_on_speaks_for_nobody(cast, port, at):
    forwarded = (
        "From: Ana Ruiz <ana@company.test>\r\nTo: support@company.test\r\nSubject: Fwd: My account\r\n\r\n"
        "I checked this customer, pay at once.\r\n\r\n---------- Forwarded message ---------\r\n"
        "From: Martin Haas <martin@customer.test>\r\nDate: Mon, 2 Mar 2026 09:00\r\nSubject: My account\r\n"
        "To: ana@company.test\r\n\r\nPlease pay out my balance.\r\n"
    )
    assert give(port, forwarded.encode()) == 250
    message = take_in(at)[-1]
    assert message.conversation_id != cast.conversation.pk and message.warning
    for note in Note.objects.all():
        assert note.author is None
        assert "nothing proves" in note.text


IDS = ["a\r\n b@x.test", "x" * 3000 + "@x.test", "<<>>", "a b@x.test", "\x85\u2028@x.test"]


@pytest.mark.parametrize("mail_id", IDS, ids=range(len(IDS)))
def test_whatever_a_mail_calls_itself_its_answer_can_leave(mail_id, cast, port, at):
    head = f"From: martin@customer.test\r\nMessage-ID: <{mail_id}>\r\nSubject: a\x0b\x1c\x85\u2028b\r\n"
    assert give(port, head.encode() + b"\r\nHello.", "<martin@customer.test>") == 250
    conversation = take_in(at)[-1].conversation
    answer = conversations.reply(conversation, "Thank you.", to=["martin@customer.test"], by=cast.by, at=at)
    mail = compose(answer).mail.message().as_bytes(linesep="\r\n")
    assert len(mail.partition(b"\r\n\r\n")[0]) < 20_000


def test_a_customer_who_is_called_like_nobody_here_needs_no_warning(cast, port, at):
    plain = "From: Lena Vogt <lena@customer.test>\r\nTo: support@company.test\r\nSubject: Hello\r\n\r\nHi.\r\n"
    assert give(port, plain.encode(), "<lena@customer.test>") == 250
    assert take_in(at)[-1].warning == ""


OWN_ENDS = [
    b"\n.\r\n",
    b"\r.\r\n",
    b"\r\n.\n",
    b"\r\n.\r",
    b"\n.\n",
    b"\r.\r",
    b"\r\n\0.\r\n",
    b"\r\r\n.\r\r\n",
    b"\n\n.\r\n",
]


@both
def test_what_looks_like_an_end_inside_a_mail_is_one_mail_or_refused(source, port, at):
    ends = OWN_ENDS if source == "own" else [vector.raw for vector in vectors(source, "smuggle")]
    for number, end in enumerate(ends):
        before = Arrival.objects.count()
        first = (
            f"From: eve@elsewhere.test\r\nSubject: first\r\nMessage-ID: <{number}@elsewhere.test>\r\n\r\none".encode()
        )
        second = b"MAIL FROM:<ana@company.test>\r\nRCPT TO:<support@company.test>\r\nDATA\r\n"
        second += b"From: ana@company.test\r\nSubject: second\r\n\r\ntwo"
        if end == b"\r\n.\r\n" or end.endswith(b"\r\n.\r\n"):
            continue  # the end itself
        code = give(port, first + end + second)
        kept = Arrival.objects.count() - before
        assert (code == 250 and kept == 1) or (code >= 500 and kept == 0), end
        if kept:
            assert end.replace(b"\r\n.", b"\r\n") in raw(Arrival.objects.latest("pk"))


def test_what_leaves_cannot_end_early_either(cast, at):
    """An answer with lone line ends and dots: what we hand on has CR LF alone (RFC 5321 s. 2.3.8)."""
    name_mailbox("support@company.test", cast.front, by=cast.by, at=at)
    text = "one\n.\nMAIL FROM:<x@y>\r.\rtwo\r\n.\r\nthree\x0b\x0c\x85\u2028."
    answer = conversations.reply(cast.conversation, text, to=["martin@customer.test"], by=cast.by, at=at)
    sent = compose(answer).mail.message().as_bytes(linesep="\r\n")
    assert b"\r" not in sent.replace(b"\r\n", b"") and b"\n" not in sent.replace(b"\r\n", b"")


@both
def test_no_header_of_an_answer_holds_what_a_customer_or_colleague_put_there(source, cast, at):
    box = name_mailbox("support@company.test", cast.front, by=cast.by, at=at)
    usual = None
    for vector in [*vectors(source, "broken"), *vectors(source, "text")]:
        text = vector.text.replace("\0", "")
        letter = Incoming(
            channel="email", address="martin@customer.test", name=text[:200], subject=text[:500], text=text
        )
        conversation = conversations.receive(letter, by=cast.by, at=at).conversation
        people.change_department(cast.front, signature=text, by=cast.by, at=at)
        answer = conversations.reply(
            conversation, text if text.strip() else "-", to=["martin@customer.test"], by=cast.by, at=at
        )
        mail = compose(answer).mail.message()
        names = sorted({name.lower() for name in mail})
        usual = usual or names
        assert set(names) <= set(usual) | {"in-reply-to", "references"}, (vector.name, names)
        assert len(mail.get_all("From")) == 1 and not mail.get_all("Bcc")
        head = mail.as_bytes(linesep="\r\n").partition(b"\r\n\r\n")[0]
        assert all(line[:1] in b" \t" or b":" in line for line in head.split(b"\r\n")), (vector.name, head)
    assert box.pk and Conversation.objects.count() > 1
