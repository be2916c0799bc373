"""Answers leave when their undo window is over; what fails is tried again, and in the end said."""

import email
from datetime import timedelta
from email.message import Message as Mail

import pytest
from aiosmtpd.controller import Controller

from pitcrew.channels.email import outbox
from pitcrew.channels.email.mailboxes import change_mailbox, name_mailbox
from pitcrew.channels.email.models import Delivery
from pitcrew.conversations import actions
from pitcrew.conversations.models import Conversation, Message, State
from pitcrew.history.models import Operation
from pitcrew.history.undoing import preview, undo
from tests.ports import free_port


class Server:
    """A real SMTP server that says what the test wants it to say."""

    def __init__(self):
        self.mails: list[Mail] = []
        self.envelopes: list = []
        self.answer = "250 OK"
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.envelopes.append(envelope)
            self.mails.append(email.message_from_bytes(envelope.content))
        return self.answer


@pytest.fixture
def server():
    handler = Server()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def mailbox(cast, server, at):
    how = {"send_host": "127.0.0.1", "send_port": server.port, "send_security": "none"}
    return name_mailbox("support@company.test", cast.front, by=cast.by, at=at, **how)


@pytest.fixture
def answer(cast, at):
    def write(text="We look into it.", **more):
        more.setdefault("to", ["martin@customer.test"])
        return actions.reply(cast.conversation, text, by=cast.by, at=at, **more)

    return write


def send(message, at):
    outbox.send_now(Message.objects.get(pk=message.pk), at=at)
    return Message.objects.get(pk=message.pk)


def test_an_answer_waits_for_its_window(answer, mailbox, at):
    message = answer()
    assert outbox.send_due(at + timedelta(seconds=14)) == 0
    assert outbox.send_due(at + timedelta(seconds=15)) == 1
    assert list(outbox.waiting()) == [message]


def test_an_answer_taken_back_never_leaves(answer, mailbox, cast, at):
    answer()
    undo(Operation.objects.filter(pk=cast.by.did[-1]), by=cast.by, at=at)
    assert outbox.send_due(at + timedelta(minutes=1)) == 0


def test_what_left_threads_at_the_customer_and_says_who_writes(answer, mailbox, server, at):
    message = send(answer(), at)
    mail = server.mails[0]
    assert message.left_at == at
    assert mail["Message-ID"] == f"<{message.external_id}@company.test>"
    assert mail["In-Reply-To"] == "<first@customer.test>"
    assert mail["References"] == "<first@customer.test>"
    assert mail["From"] == '"Ana Ruiz, Front desk" <support@company.test>'
    assert mail["Subject"].startswith("Re: Card has not arrived")
    assert mail["Reply-To"].endswith("@company.test")


def test_the_history_is_quoted_below_in_plain_text_and_html(answer, mailbox, server, at):
    send(answer(html="<p>We look <b>into</b> it.</p>"), at)
    parts = {
        p.get_content_type(): p.get_payload(decode=True).decode()
        for p in server.mails[0].walk()
        if not p.is_multipart()
    }
    assert "We look into it." in parts["text/plain"]
    assert "> I was approved three weeks ago" in parts["text/plain"]
    assert "<b>into</b>" in parts["text/html"]
    assert "<blockquote" in parts["text/html"]


def test_no_line_of_a_subject_becomes_a_header(cast, answer, mailbox, server, at):
    actions.rename(cast.conversation, "Card\r\nBcc: all@company.test", by=cast.by, at=at)
    send(answer(), at)
    assert server.mails[0]["Bcc"] is None


def test_a_passing_failure_is_tried_again(answer, mailbox, server, at):
    server.answer = "451 4.3.0 Try later"
    message = send(answer(), at)
    delivery = Delivery.objects.get(message=message)
    assert message.left_at is None and "451 4.3.0 Try later" in delivery.said
    assert outbox.send_due(at + timedelta(seconds=59)) == 0
    server.answer = "250 OK"
    assert send(message, at + timedelta(minutes=1)).left_at is not None


def test_after_the_last_try_it_is_said_and_reopens(answer, mailbox, server, cast, at):
    server.answer = "451 4.3.0 Try later"
    message = answer(then=State.DONE)
    for tried in range(len(outbox.PAUSES) + 1):
        message = send(message, at + timedelta(hours=tried))
    assert "451" in message.undelivered_why
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.OPEN


def test_a_refusal_for_ever_is_said_at_once(answer, mailbox, server, at):
    server.refused["martin@customer.test"] = "550 5.1.1 No such person"
    assert "550 5.1.1 No such person" in send(answer(), at).undelivered_why


def test_one_refused_address_does_not_keep_the_others_from_their_mail(answer, mailbox, server, at):
    server.refused["gone@customer.test"] = "550 5.1.1 No such person"
    message = send(answer(to=["martin@customer.test", "gone@customer.test"]), at)
    assert message.left_at is not None and "gone@customer.test" in message.undelivered_why
    assert len(server.mails) == 1


def test_without_a_mailbox_the_answer_says_what_to_do(answer, at):
    assert "Name one in Settings" in send(answer(), at).undelivered_why


def test_nobody_listening_is_a_passing_failure(answer, mailbox, server, cast, at):
    change_mailbox(mailbox, send_port=1, by=cast.by, at=at)
    message = send(answer(), at)
    assert "could not be reached" in Delivery.objects.get(message=message).said


def test_what_has_left_cannot_be_taken_back(answer, mailbox, cast, at):
    send(answer(), at)
    told = preview(Operation.objects.filter(pk=cast.by.did[-1]), at=at)
    assert any(line.subject[0] == "conversations.message" for line in told.stays)
