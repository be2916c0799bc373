"""What becomes of an answer once it is written: it left, or it did not arrive."""

from datetime import datetime

from pitcrew.conversations import events, owing
from pitcrew.conversations.actions.answering import UNDO_WINDOW, reply
from pitcrew.conversations.incoming import File
from pitcrew.conversations.models import Conversation, Message, Place, State
from pitcrew.history.actors import Actor
from pitcrew.history.writing import change, hold, operation
from pitcrew.people.refusals import Refused


@operation
def left(message: Message, *, by: Actor, at: datetime) -> None:
    """The answer has left the house; from here it cannot be taken back."""
    if hold(message).left_at is None:
        change(message, events.MESSAGE_LEFT, left_at=at)


@operation
def mark_undelivered(message: Message, why: str, *, by: Actor, at: datetime) -> None:
    """The answer did not reach the customer: say so on the message, and make it our move again."""
    change(message, events.MESSAGE_UNDELIVERED, undelivered_at=at, undelivered_why=why.strip()[:500])
    conversation = hold(Conversation.everything.get(pk=message.conversation_id))
    was = conversation.state
    if was in (State.WAITING_ON_CUSTOMER, State.DONE, State.SNOOZED):
        place = Place.DESK if conversation.place == Place.TRASH else conversation.place
        change(conversation, events.REOPENED, state=State.OPEN, place=place, snoozed_until=None)
        owing.follow(conversation, was, by=by, at=at)


@operation
def send_again(message: Message, to: list[str], *, by: Actor, at: datetime) -> Message:
    """Send an answer that was not delivered once more. To other addresses it is a new answer of the same words.

    It waits for its undo window again. Raises Refused when it is under way or has arrived.
    """
    if hold(message).undelivered_at is None:
        raise Refused("This answer is under way or has arrived. Look at the conversation.")
    conversation = hold(Conversation.everything.get(pk=message.conversation_id))
    if to != message.to:
        how = {"html": message.html, "files": _files(message), "by": by, "at": at}
        return reply(conversation, message.text, to=to, cc=message.cc, **how)
    change(
        message,
        events.MESSAGE_RETRIED,
        undelivered_at=None,
        undelivered_why="",
        left_at=None,
        leaves_at=at + UNDO_WINDOW,
    )
    was = conversation.state
    change(conversation, events.WAITING, state=State.WAITING_ON_CUSTOMER, snoozed_until=None)
    owing.follow(conversation, was, by=by, at=at)
    return message


def _files(message: Message) -> list[File]:
    names = ("name", "content_type", "size", "content_hash", "content_id", "is_inline")
    return [File(**{name: getattr(each, name) for name in names}) for each in message.attachments.order_by("pk")]
