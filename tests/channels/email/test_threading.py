"""Which conversation a mail belongs to, and who may join one."""

import pytest

from pitcrew.channels.email.queries import may_answer_automatically
from pitcrew.channels.email.subjects import base_subject
from pitcrew.channels.email.threading import message_id, reply_address, return_path, subject_line
from pitcrew.conversations import actions
from pitcrew.conversations.models import Conversation, Direction, Message, State
from tests.channels.email.mails import mail

DOMAIN = "company.test"
MARTIN = "Martin Haas <martin@customer.test>"
STRANGER = "Oscar Other <oscar@elsewhere.test>"


@pytest.fixture
def answer(cast, at) -> Message:
    return actions.reply(cast.conversation, "It is on its way.", to=["martin@customer.test"], by=cast.by, at=at)


def again(sender: str = MARTIN, mail_id: str = "again@customer.test", subject: str = "thanks", **headers) -> bytes:
    return mail("Where is it now?", sender=sender, mail_id=mail_id, subject=subject, **headers)


def test_an_answer_to_our_id_joins(answer, taken):
    message = taken(again(in_reply_to=message_id(answer, DOMAIN)))
    assert message.conversation_id == answer.conversation_id
    assert not message.warning


def test_an_answer_to_the_customers_own_mail_joins(cast, taken):
    message = taken(again(references="<unknown@x.test> <first@customer.test>"))
    assert message.conversation_id == cast.conversation.pk


def test_an_answer_reopens_what_was_closed(cast, answer, taken, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    taken(again(in_reply_to=message_id(answer, DOMAIN)))
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.OPEN


def test_a_stranger_with_a_stolen_id_opens_a_new_conversation_that_says_so(answer, taken):
    message = taken(again(STRANGER, in_reply_to=message_id(answer, DOMAIN)))
    assert message.conversation_id != answer.conversation_id
    assert message.conversation.maybe_part_of_id == answer.conversation_id


def test_a_colleague_of_the_customer_joins_and_is_named_as_new(answer, taken):
    message = taken(again("Carl <carl@customer.test>", in_reply_to=message_id(answer, DOMAIN)))
    assert message.conversation_id == answer.conversation_id
    assert "was not part of this conversation before" in message.warning


def test_users_of_the_same_mail_provider_are_strangers(taken, at):
    first = taken(mail(sender="a@gmail.com", mail_id="first@mail.gmail.test"))
    other = taken(mail("x", sender="b@gmail.com", mail_id="two@mail.gmail.test", in_reply_to="<first@mail.gmail.test>"))
    assert other.conversation.maybe_part_of_id == first.conversation_id


def test_somebody_in_copy_joins(taken):
    first = taken(mail(cc="Carl <carl@elsewhere.test>"))
    second = taken(again("carl@elsewhere.test", in_reply_to="<first@customer.test>"))
    assert second.conversation_id == first.conversation_id


def test_the_signed_address_joins_its_participant(answer, taken):
    to = reply_address(answer.conversation, "martin@customer.test", DOMAIN)
    assert taken(again(to=to)).conversation_id == answer.conversation_id
    assert taken(again(mail_id="b@c.test", to=to.upper())).conversation_id == answer.conversation_id
    assert taken(again(mail_id="c@c.test", cc=f"Team <{to}>")).conversation_id == answer.conversation_id
    assert taken(again(mail_id="d@c.test"), to=(to,)).conversation_id == answer.conversation_id


def test_the_signed_address_of_another_is_no_ticket(answer, taken):
    to = reply_address(answer.conversation, "martin@customer.test", DOMAIN)
    message = taken(again(STRANGER, to=to))
    assert message.conversation.maybe_part_of_id == answer.conversation_id


def test_a_guessed_signature_is_no_ticket_even_for_a_participant_elsewhere(answer, taken):
    local, _, domain = reply_address(answer.conversation, "martin@customer.test", DOMAIN).partition("@")
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
    message = taken(again(STRANGER, to=forged))
    assert message.conversation.maybe_part_of_id == answer.conversation_id


def test_our_number_in_the_subject_joins_a_participant_and_nobody_else(answer, taken):
    subject = "AW: WG: " + subject_line(answer.conversation)
    assert taken(again(subject=subject)).conversation_id == answer.conversation_id
    other = taken(again(STRANGER, mail_id="b@c.test", subject=subject))
    assert other.conversation.maybe_part_of_id == answer.conversation_id


def test_a_number_nobody_has_is_just_a_subject(cast, taken):
    message = taken(again(subject="Re: [#999999999999999] order"))
    assert message.conversation.maybe_part_of is None


def test_a_reply_whose_thread_was_lost_joins_by_subject_for_its_own_sender(cast, taken):
    subject = "Re: Card has not arrived"
    assert taken(again(subject=subject)).conversation_id == cast.conversation.pk
    assert taken(again(STRANGER, mail_id="b@c.test", subject=subject)).conversation_id != cast.conversation.pk


def test_the_same_subject_again_is_a_new_matter_that_may_be_the_old(cast, taken):
    message = taken(again(subject="Card has not arrived"))
    assert message.conversation.maybe_part_of_id == cast.conversation.pk


def test_a_reply_that_overtakes_its_mail_is_joined_by_it(taken):
    reply = taken(again(in_reply_to="<overtaken@customer.test>"))
    first = taken(again(mail_id="overtaken@customer.test", subject="First words"))
    assert first.conversation_id == reply.conversation_id


def test_an_id_with_other_content_from_another_sender_stays_apart(cast, taken):
    message = taken(mail("Something else", sender=STRANGER, mail_id="first@customer.test"))
    assert message.conversation_id != cast.conversation.pk
    more = taken(mail("Once more", sender=STRANGER, mail_id="first@customer.test"))
    assert more.conversation_id == message.conversation_id


def test_what_was_merged_is_answered_where_it_is_now(cast, answer, taken, at):
    kept = taken(mail("Another matter", mail_id="x@c.test", sender=MARTIN)).conversation
    Conversation._base_manager.filter(pk=cast.conversation.pk).update(merged_into=kept)
    assert taken(again(in_reply_to=message_id(answer, DOMAIN))).conversation_id == kept.pk


def test_our_own_mail_that_comes_back_is_no_new_message(answer, taken, mailbox):
    message = taken(again(mailbox.address, mail_id=message_id(answer, DOMAIN).strip("<>")))
    assert message == answer
    assert Message.objects.filter(direction=Direction.IN).count() == 1


BOUNCE = """From: MAILER-DAEMON@mx.customer.test\r
To: {to}\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <bounce@mx.customer.test>\r
Auto-Submitted: auto-replied\r
Content-Type: multipart/report; report-type=delivery-status; boundary=B\r
\r
--B\r
\r
Your message could not be delivered.\r
--B\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.customer.test\r
\r
Final-Recipient: rfc822; martin@customer.test\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 no such user here\r
--B\r
Content-Type: message/rfc822\r
\r
From: support@company.test\r
To: martin@customer.test\r
{headers}Subject: It is on its way\r
\r
hello\r
--B--\r
"""


@pytest.mark.parametrize("how", ["by the id in it", "by the address it came to"])
def test_a_bounce_marks_the_answer_and_reopens(cast, answer, taken, at, how):
    actions.close(cast.conversation, by=cast.by, at=at)
    by_id = how == "by the id in it"
    headers = f"Message-ID: {message_id(answer, DOMAIN)}\r\n" if by_id else ""
    to = "support@company.test" if by_id else return_path(answer, DOMAIN)
    before = Message.objects.count()
    message = taken(BOUNCE.format(to=to, headers=headers).encode())
    message.refresh_from_db()
    assert message == answer
    assert "no such user here" in message.undelivered_why and message.undelivered_at == at
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.OPEN
    assert Message.objects.count() == before


def test_a_bounce_that_matches_nothing_is_kept_and_answered_by_no_machine(cast, taken):
    message = taken(BOUNCE.format(to="support@company.test", headers="").encode())
    assert message.is_automatic
    assert not may_answer_automatically(message)


def test_reply_marks_of_many_languages_come_off():
    for subject in ("Re: Aw: WG: bill", "RE[2]: bill", "回复：bill", "bill [#12]", "SV: Re (3): bill", "bill"):
        assert base_subject(subject) == "bill"
    assert base_subject("Re: " * 10_000 + "x")


# No machine answers a machine


def test_a_person_may_be_answered_automatically(cast, taken, at):
    assert may_answer_automatically(taken(mail()), at=at)


@pytest.mark.parametrize(
    "how",
    [
        {"auto_submitted": "auto-replied"},
        {"precedence": "bulk", "list_id": "<news.customer.test>"},
        {"sender": "noreply@customer.test"},
        {"sender": "MAILER-DAEMON@customer.test"},
        {"sender": "support@company.test"},
    ],
)
def test_a_machine_may_not(cast, mailbox, taken, at, how):
    assert not may_answer_automatically(taken(mail(**how)), at=at)


def test_two_machines_that_write_to_each_other_are_stopped(cast, taken, at):
    first = taken(mail())
    for n in range(25):
        last = taken(mail(f"Loop {n}", mail_id=f"{n}@c.test", in_reply_to="<first@customer.test>"))
    assert may_answer_automatically(first, at=at.replace(year=2027))
    assert not may_answer_automatically(last, at=at)


def test_one_conversation_gets_few_automatic_answers(cast, taken, at):
    message = taken(mail())
    for _ in range(2):
        told = actions.reply(message.conversation, "We got it.", to=["lena@customer.test"], by=cast.by, at=at)
        Message._base_manager.filter(pk=told.pk).update(is_automatic=True)
    assert not may_answer_automatically(message, at=at)
