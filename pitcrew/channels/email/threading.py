"""Which conversation a mail belongs to, and who may join one.

An id or token that only a participant can know, shown by a participant, joins. The same in the hands of a stranger,
and everything that can be guessed, opens a new conversation that says what it may be part of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from pitcrew.channels.email.knowing import Known, named_ids
from pitcrew.channels.email.parse.inbound import Inbound
from pitcrew.channels.email.subjects import base_subject, has_reply_mark, numbers
from pitcrew.channels.email.tokens import (
    BOUNCE_TO,
    REPLY_TO,
    is_signed_for,
    message_id,
    own_id,
    reply_address,
    return_path,
)
from pitcrew.conversations.models import Conversation, Direction, Message

__all__ = ["bounced_message", "message_id", "place", "reply_address", "return_path", "subject_line"]

AWAITED = 3  # ids not known yet that a mail is remembered under


class Grounds(IntEnum):
    """Why a mail seems to belong somewhere, from the strongest: what it shows, and how hard that is to come by."""

    TOKEN = 1  # a reply address signed for this very sender
    SECRET = 2  # an id or a token that we made, and that only who got our mail can know
    KNOWN_ID = 3  # the id of a mail we were sent
    NUMBER = 4  # our number in the subject: anybody can guess it
    SUBJECT = 5  # a reply with the same subject from the same sender
    LIKENESS = 6  # the same subject from the same sender, and no reply: only a hint


@dataclass(frozen=True)
class Placed:
    """Where a mail goes: the conversation it joins, or the one it only seems to be part of, or neither.

    `is_newcomer`: the sender was let in, but was not part of it before. `unknown` ids are to be awaited.
    """

    conversation: Conversation | None = None
    maybe_part_of: Conversation | None = None
    is_newcomer: bool = False
    unknown: tuple[str, ...] = ()


def subject_line(conversation: Conversation) -> str:
    """The subject of an answer: what the customer wrote, with our number for who answers without a thread."""
    return f"Re: {base_subject(conversation.subject) or 'your message'} [#{conversation.pk}]"


def is_reply(inbound: Inbound) -> bool:
    """Whether the mail says that it answers something."""
    return bool(inbound.in_reply_to or inbound.references or has_reply_mark(inbound.subject))


def place(
    inbound: Inbound,
    recipients: Iterable[str],
    known: Known,
    *,
    is_namesake: bool,
    joins: bool,
    guesses: bool = True,
) -> Placed:
    """Find where a mail belongs.

    `recipients` is everybody it was sent to, by headers and envelope. `joins` is False for a sender who is in doubt:
    then the place is only suspected. `guesses` is False for a sender whose mail another sent: what can be guessed,
    our number or a subject, then proves nothing.
    """
    named = named_ids(inbound)
    unknown = tuple(one for one in named if one not in known.messages)[:AWAITED]
    suspected = None
    weakest = Grounds.SUBJECT if guesses else Grounds.KNOWN_ID
    for grounds, pk in _candidates(inbound, recipients, named, known, is_namesake):
        conversation = known.conversation(pk)
        if conversation is None:
            continue
        if joins and grounds <= weakest:
            admitted, is_newcomer = _admits(conversation, inbound, grounds, known)
            if admitted:
                return Placed(conversation, None, is_newcomer, unknown)
        suspected = suspected or conversation
    return Placed(None, suspected, False, unknown)


Candidate = tuple[Grounds, int]


def _candidates(
    inbound: Inbound, recipients: Iterable[str], named: list[str], known: Known, is_namesake: bool
) -> Iterator[Candidate]:
    """Every conversation the mail points at, the strongest grounds first."""
    yield from _by_token(inbound, recipients, known)
    for one in named:
        if message := known.messages.get(one):
            yield (Grounds.SECRET if message.direction == Direction.OUT else Grounds.KNOWN_ID), message.conversation_id
    yield from _by_own_id(inbound, known, is_namesake)
    for number in numbers(inbound.subject):
        yield Grounds.NUMBER, number
    alike = known.alike(inbound)
    if alike:
        yield (Grounds.SUBJECT if is_reply(inbound) else Grounds.LIKENESS), alike.pk


def _by_token(inbound: Inbound, recipients: Iterable[str], known: Known) -> Iterator[Candidate]:
    for address in recipients:
        token = REPLY_TO.search(address)
        if not token:
            continue
        pk = int(token[1], 36)
        conversation = known.conversation(pk)
        if conversation is None:
            continue
        if is_signed_for(pk, token[2], [inbound.sender.email]):
            yield Grounds.TOKEN, pk
        elif is_signed_for(pk, token[2], known.participants(conversation).writers):
            yield Grounds.SECRET, pk
        else:
            yield Grounds.LIKENESS, pk


def _by_own_id(inbound: Inbound, known: Known, is_namesake: bool) -> Iterator[Candidate]:
    """What another mail answered before this one came; and the same mail once more with other content."""
    for message in known.awaited.get(inbound.message_id[:500], ())[:3]:
        yield Grounds.KNOWN_ID, message.conversation_id
    for message in known.namesakes(inbound) if is_namesake else ():
        is_alike = base_subject(message.subject) == base_subject(inbound.subject)
        yield (Grounds.SUBJECT if is_alike else Grounds.LIKENESS), message.conversation_id


def _admits(conversation: Conversation, inbound: Inbound, grounds: Grounds, known: Known) -> tuple[bool, bool]:
    """Whether this sender may join on these grounds, and whether they are new there."""
    sender = inbound.sender.email.lower()
    if grounds == Grounds.TOKEN:
        return True, False
    participants = known.participants(conversation)
    if sender in participants.writers:
        return True, False
    if grounds > Grounds.KNOWN_ID:
        return False, False
    if sender in participants.addresses:
        return True, False
    if sender.rpartition("@")[2] in participants.domains:
        return True, True
    written_to = {person.email for person in (*inbound.to, *inbound.cc)}
    return bool(written_to & participants.writers), True


def bounced_message(inbound: Inbound, recipients: Iterable[str]) -> Message | None:
    """The answer of ours that a bounce is about: by the ids in it, or by the address it came back to."""
    ids = [own_id(one) for one in (*inbound.bounced_ids, *named_ids(inbound))]
    ids += [found[1].lower() for found in map(BOUNCE_TO.search, recipients) if found]
    ids = [one for one in ids if one]
    ours = Message.objects.filter(external_id__in=ids, direction=Direction.OUT) if ids else Message.objects.none()
    return ours.select_related("conversation").order_by("-id").first()
