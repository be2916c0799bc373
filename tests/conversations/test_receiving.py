"""A customer's message finds its place."""

from dataclasses import replace

from pitcrew.conversations import actions
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.conversations.models import Conversation, State
from pitcrew.history.actors import Actor
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo
from tests.verify import verify

LETTER = Incoming(channel="email", address="Lena@Customer.test", name="Lena Vogt", subject="Twice", text="Hello")
BY = Actor("customer", "lena", door="email")


def test_a_first_mail_opens_a_conversation(cast, at):
    files = [File("bill.pdf", "application/pdf", 3, "a" * 64)]
    message = verify(lambda: actions.receive(replace(LETTER, files=files), by=BY, at=at))
    assert message.customer.name == "Lena Vogt"
    assert Conversation.objects.get(pk=message.conversation_id).preview == "Hello"


def test_an_answer_reopens(cast, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    answer = replace(LETTER, conversation=cast.conversation)
    verify(lambda: actions.receive(answer, by=BY, at=at))
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.OPEN


def test_a_bare_thank_you_does_not_reopen(cast, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    thanks = replace(LETTER, conversation=cast.conversation, text="Thanks!", is_only_thanks=True)
    verify(lambda: actions.receive(thanks, by=BY, at=at))
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.DONE


def test_undoing_the_first_mail_keeps_what_was_built_on_it(cast, at):
    first = actions.receive(LETTER, by=BY, at=at)
    actions.reply(first.conversation, "We look into it.", to=["lena@customer.test"], by=cast.by, at=at)
    told = undo(Operation.objects.filter(pk=BY.did[-1]), by=cast.by, at=at)
    assert told.conflicts
    assert Conversation.objects.filter(pk=first.conversation_id).exists()
