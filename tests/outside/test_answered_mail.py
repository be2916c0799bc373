"""Answers to letters act for the one they were written to, once; everything else is kept, and said."""

import pytest

from pitcrew.channels.email import followers  # noqa: F401  (it listens from its import on)
from pitcrew.channels.email.letters.models import Kind, Letter
from pitcrew.channels.email.letters.queries import undelivered
from pitcrew.channels.email.listing import lines
from pitcrew.channels.email.models import Mailbox, RawMail
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.actors import Actor
from pitcrew.history.followers import tell_followers
from pitcrew.history.models import Event, Operation
from pitcrew.history.writing import change, recording
from pitcrew.relays import actions as relays
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.tokens import answer_address
from pitcrew.relays.models import Stage
from tests.channels.email.mails import mail
from tests.outside.conftest import COMMITS, COURIER

pytestmark = pytest.mark.django_db(transaction=COMMITS)
DEE = "Dee Moll <dee@company.test>"


@pytest.fixture
def letter(offered, house) -> Letter:
    return Letter.objects.get(leg_id=offered.pk, address="dee@company.test")


def where(letter: Letter) -> str:
    """The address that this letter asks to answer to."""
    return answer_address(letter.door_id, letter.address, "company.test")


@pytest.fixture
def answers(letter, arrives):
    """Dee answers her letter."""

    def write(text: str, sender: str = DEE, mail_id: str = "a1@company.test", to: str = "", **headers: str):
        return arrives(mail(text, sender=sender, to=to or where(letter), mail_id=mail_id, **headers))

    return write


def test_a_word_is_enough(answers, offered, house, clock):
    arrival = answers("I take it.\n\nOn Monday, Ana Ruiz wrote:\n> No: because ...\n> Done: ...")
    offered.refresh_from_db()
    assert (offered.stage, offered.holder) == (Stage.ACCEPTED, house.dee)
    assert arrival.message is None and arrival.letter
    answers("Done: the card is made", mail_id="a2@company.test")
    offered.refresh_from_db()
    assert (offered.stage, offered.outcome_words) == (Stage.DONE, "the card is made")
    done = Event.objects.filter(kind="leg.done", subject_id=offered.pk).get().operation
    assert (done.actor, done.door) == (f"agent:{house.dee.pk}", "email")
    assert Message.objects.filter(conversation=house.conversation).count() == 1
    assert "<a1@company.test>" in set(lines())


def test_questions_and_refusals_reach_the_sender(answers, offered):
    answers("question: which card?")
    offered.refresh_from_db()
    assert (offered.stage, offered.question) == (Stage.ASKED, "which card?")


def test_no_because(answers, offered):
    answers("No: because we only print letters")
    offered.refresh_from_db()
    assert (offered.stage, offered.declined_why) == (Stage.RETURNED, "we only print letters")


def test_a_partner_answers_too(courier, post, arrives):
    post()
    letter = Letter.objects.get(leg_id=courier.pk, address=COURIER)
    arrives(mail("Done:\nSigned by: M. Haas", sender=COURIER, to=where(letter)))
    courier.refresh_from_db()
    assert (courier.stage, courier.outcome) == (Stage.DONE, {"signed": "M. Haas"})
    actor = Event.objects.filter(kind="leg.done", subject_id=courier.pk).get().operation.actor
    assert actor == f"partner:{courier.pk}"


def test_what_is_not_clear_is_kept_and_the_sender_is_told(answers, offered, house, post):
    answers("Who is this Martin?")
    offered.refresh_from_db()
    assert offered.stage == Stage.OFFERED
    [note] = house.conversation.notes.all()
    assert "Who is this Martin?" in note.text and note.author == house.dee
    [told] = post()
    assert told.to == ["dee@company.test"] and "could not tell what you want" in told.body
    assert "kept as a note" in told.body and told.extra_headers["In-Reply-To"] == "<a1@company.test>"
    assert told.extra_headers["Auto-Submitted"] == "auto-replied"


def test_what_cannot_be_done_now_is_said_and_its_words_are_kept(courier, post, arrives, house):
    post()
    letter = Letter.objects.get(leg_id=courier.pk, address=COURIER)
    arrives(mail("Done", sender=COURIER, to=where(letter)))
    [told] = [m for m in post() if m.to == [COURIER]]
    assert "Signed by is not filled in" in told.body
    courier.refresh_from_db()
    assert courier.stage == Stage.OFFERED


def test_two_machines_do_not_talk_for_ever(answers, clock):
    for turn in range(9):
        clock.later(seconds=1)
        answers("blah", mail_id=f"m{turn}@company.test")
    assert Letter.objects.filter(tells=Kind.UNCLEAR).count() == 5


def test_the_same_mail_acts_once(answers, arrives, letter, offered, house):
    for _ in range(2):
        answers("What is it?")
    raw = mail("What is it?", sender=DEE, to=f"{where(letter)}, support@company.test", mail_id="a1@company.test")
    arrives(raw)
    assert house.conversation.notes.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"x_autoreply": "yes", "subject": "Out of office"},
        {"precedence": "auto_reply"},
    ],
)
def test_a_machine_never_acts(answers, offered, headers, post):
    answers("Done", **headers)
    offered.refresh_from_db()
    assert offered.stage == Stage.OFFERED and post() == []


def test_a_stranger_opens_nothing(answers, letter, offered, house, arrives):
    arrival = answers("Done", sender="Eve <eve@elsewhere.test>", mail_id="e1@elsewhere.test")
    offered.refresh_from_db()
    assert offered.stage == Stage.OFFERED
    assert arrival.message.conversation != house.conversation
    assert "made for somebody else" in arrival.message.warning
    for to in (
        "part+1.aaaaaaaaaaaaaaaaaaaaaaaaaa@company.test",
        "part+zzzzzzzzzzz.aaaaaaaaaaaaaaaaaaaaaaaaaa@company.test",
    ):
        arrival = arrives(mail("Done", sender=DEE, to=to, mail_id=f"{to[5:7]}@x.test"))
        assert arrival.message is not None
    offered.refresh_from_db()
    assert offered.stage == Stage.OFFERED


def test_a_borrowed_address_is_believed_when_our_server_says_so_no_longer(answers, offered, settings):
    settings.MAIL_AUTHSERV_ID = "mx.company.test"
    answers("Done", authentication_results="mx.company.test; dmarc=fail header.from=company.test")
    offered.refresh_from_db()
    assert offered.stage == Stage.OFFERED


def test_where_the_mailbox_takes_no_details_the_id_of_the_letter_is_enough(letter, arrives, offered, house):
    arrives(
        mail(
            "I take it",
            sender=DEE,
            to="support@company.test",
            mail_id="r1@company.test",
            in_reply_to=f"<{letter.external_id}@company.test>",
        )
    )
    offered.refresh_from_db()
    assert offered.stage == Stage.ACCEPTED
    eve = mail(
        "Done",
        sender="Eve <eve@elsewhere.test>",
        mail_id="r2@elsewhere.test",
        in_reply_to=f"<{letter.external_id}@company.test>",
    )
    assert "made for somebody else" in arrives(eve).message.warning


def test_an_answer_after_the_end_is_told_that_it_is_not_needed(answers, offered, house, clock, post):
    relays.withdraw(offered, "Found it", by=house.as_ana["by"], at=clock.now)
    answers("I take it")
    offered.refresh_from_db()
    assert offered.stage == Stage.WITHDRAWN
    [told] = [m for m in post() if "no longer needed: we took it back" in m.body]
    assert "Nothing was done" in told.body


def test_a_letter_that_comes_back_is_a_fact_on_its_leg(letter, arrives, offered):
    report = (
        f"From: MAILER-DAEMON@company.test\r\nTo: bounce+{letter.external_id}@company.test\r\nSubject: Undelivered\r\n"
        "Message-ID: <b1@mx.test>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; dee@company.test\r\nAction: failed\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n--b--\r\n"
    )
    arrives(report.encode(), envelope="<>")
    [fact] = undelivered([offered.pk])[offered.pk]
    assert fact == letter and "550 no such user" in fact.undelivered_why
    assert Conversation.objects.count() == 1


def test_much_and_hostile_words_are_kept_as_words(answers, offered, house):
    answers("Question: <b>which</b> \0 <script>x</script> card?")
    offered.refresh_from_db()
    assert offered.stage == Stage.ASKED and "\0" not in offered.question
    answers("y " * 500_000, mail_id="long@company.test")
    assert len(house.conversation.notes.get().text) < 21_000


def test_what_was_answered_about_a_forgotten_customer_is_erased(answers, house, clock):
    arrival = answers("Question: is Martin Haas the man from Kiel?")
    conversations.forget_customer(house.martin, by=house.by, at=clock.now)
    tell_followers(clock.now, only=["channels.email.followers.erase_what_was_sent"])
    assert not RawMail.objects.filter(arrival=arrival).exists()


def test_two_who_take_it_at_once(answers, arrives, offered, house, post):
    answers("take")
    eli = Letter.objects.get(leg_id=offered.pk, address="eli@company.test")
    arrives(mail("Take", sender="Eli Ray <eli@company.test>", to=where(eli), mail_id="eli@company.test"))
    offered.refresh_from_db()
    assert offered.holder == house.dee
    [told] = [m for m in post() if m.to == ["eli@company.test"]]
    assert "Dee Moll has New card already" in told.body


def test_a_letter_to_a_revoked_door_changes_nothing(answers, offered, clock):
    door = Door.objects.get(leg_id=offered.pk, address="dee@company.test")
    with recording("test", by=Actor("pitcrew", "test"), at=clock.now):
        change(door, "door.revoked", revoked_at=clock.now)
    answers("take")
    offered.refresh_from_db()
    assert offered.stage == Stage.OFFERED and Mailbox.objects.exists() and Operation.objects.exists()
