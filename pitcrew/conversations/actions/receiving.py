"""A customer's message finds its place."""

from datetime import datetime

from pitcrew.conversations import events, owing, search
from pitcrew.conversations.deflated import Words
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.conversations.models import (
    Attachment,
    Conversation,
    Direction,
    Message,
    Note,
    Place,
    State,
)
from pitcrew.history.actors import Actor
from pitcrew.history.batches import write_later
from pitcrew.history.writing import begin, begin_many, change, hold, operation, settle
from pitcrew.people import actions as people
from pitcrew.people.models import Customer
from pitcrew.people.queries import front_desk
from pitcrew.people.refusals import Refused


@operation
def receive(incoming: Incoming, *, by: Actor, at: datetime) -> Message:
    """Put a customer's message where it belongs: the conversation it answers, or a new one.

    A closed conversation opens again, because a customer who writes is not done, unless the message is only
    thanks or was sent by a machine. What the channel only suspects opens a new conversation that says so.
    """
    customer = _sender(incoming, by, at)
    said_at = min(incoming.sent_at or at, at)
    conversation, was = _continued(incoming.conversation), None
    if conversation is None:
        conversation = _open(incoming, customer, said_at)
    else:
        was = conversation.state, conversation.place
        _reopen(conversation, incoming)
    message = begin(
        Message,
        events.MESSAGE_RECEIVED,
        conversation=conversation,
        direction=Direction.IN,
        channel=incoming.channel,
        at=said_at,
        customer=customer,
        name=incoming.name[:200],
        address=incoming.address[:320],
        to=incoming.to,
        cc=incoming.cc,
        subject=incoming.subject[:500],
        external_id=incoming.external_id[:500],
        is_automatic=incoming.is_automatic,
        warning=incoming.warning[:300],
        has_html=bool(incoming.html),
        words=Words(incoming.text, "" if incoming.reply == incoming.text else incoming.reply, incoming.html),
    )
    attach(incoming.files, message=message)
    show_last(conversation, message)
    write_later(search.remember, message)
    if not incoming.is_automatic:
        _owe(conversation, was, incoming, by, at)
    return message


def _owe(conversation: Conversation, was: owing.Standing | None, incoming: Incoming, by: Actor, at: datetime) -> None:
    """Who writes waits for an answer, unless they only say thanks."""
    if was is None:
        owing.owe_opening(conversation, by=by, at=at)
    elif not incoming.is_only_thanks or was != (conversation.state, conversation.place):
        owing.owe_answer(conversation, was, by=by, at=at)


def _sender(incoming: Incoming, by: Actor, at: datetime) -> Customer:
    """Who has the address. One we only know by it gets the name that is told now."""
    customer = incoming.customer
    if customer is not None and (customer.name or not incoming.name):
        return customer
    told = {"name": incoming.name, "is_unknown": incoming.is_of_unknown}
    return people.meet(incoming.channel, incoming.address, **told, by=by, at=at)


def _continued(conversation: Conversation | None) -> Conversation | None:
    """Where a conversation is continued now: it may have been merged; what was taken back is continued nowhere."""
    while conversation is not None and hold(conversation).merged_into_id:
        conversation = conversation.merged_into
    return conversation if conversation is not None and conversation.retired_at is None else None


def _open(incoming: Incoming, customer: Customer, at: datetime) -> Conversation:
    department = incoming.department or front_desk()
    if department is None:
        raise Refused("There is no department yet. Open one first, so that mail has somewhere to go.")
    return begin(
        Conversation,
        events.OPENED,
        subject=incoming.subject[:500],
        customer=customer,
        department=department,
        channel=incoming.channel,
        opened_at=at,
        maybe_part_of=incoming.maybe_part_of,
    )


def _reopen(conversation: Conversation, incoming: Incoming) -> None:
    if incoming.is_automatic or (incoming.is_only_thanks and conversation.state == State.DONE):
        return
    place = Place.DESK if conversation.place == Place.TRASH else conversation.place
    change(conversation, events.REOPENED, state=_whose_move(conversation), place=place, snoozed_until=None)


def _whose_move(conversation: Conversation) -> str:
    """A leg that is out stays out; everything else is our move again."""
    waiting = conversation.state == State.WAITING_ON_DEPARTMENT
    return State.WAITING_ON_DEPARTMENT if waiting else State.OPEN


def attach(files: list[File], *, message: Message | None = None, note: Note | None = None) -> None:
    """Tie stored files to what they came with."""
    begin_many(
        [
            Attachment(
                message=message,
                note=note,
                name=f.name[:255],
                content_type=f.content_type[:100],
                size=f.size,
                content_hash=f.content_hash,
                content_id=f.content_id[:255],
                is_inline=f.is_inline,
            )
            for f in files
        ],
        events.FILE_ATTACHED,
    )


def show_last(conversation: Conversation, message: Message) -> None:
    """Let the queue row show this message, if it is the newest: an imported one may be older."""
    if conversation.last_message_at is not None and message.at < conversation.last_message_at:
        return
    settle(
        conversation,
        last_message_at=message.at,
        preview=message.opening,
        customer_wrote_last=message.direction == Direction.IN,
    )
