"""What is done by links: they are made and taken back; and what somebody outside says about a leg or a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, begin_once, change, hold, operation
from pitcrew.people.models import Identity, Staff
from pitcrew.people.refusals import Refused
from pitcrew.relays import actions as relays
from pitcrew.relays.baton import take_hold
from pitcrew.relays.doors import events
from pitcrew.relays.doors.answers import ASK, DECLINE, DONE, LONGEST, TAKE, Said
from pitcrew.relays.doors.models import Door, ProgressPage
from pitcrew.relays.doors.queries import LIFE, follow_up_of, page_of
from pitcrew.relays.models import Leg, Stage

CHANNEL = "progress"  # what customers write on their progress page
HOURLY = 20  # messages that one progress page takes within the hour
SAID_BY_BUTTON = {"arrived": "It arrived.", "not_yet": "Something is different."}
ALREADY = {
    TAKE: (Stage.ACCEPTED, Stage.DONE),
    ASK: (Stage.ASKED,),
    DECLINE: (Stage.RETURNED,),
    DONE: (Stage.DONE,),
}


def party(door: Door, way: str) -> Actor:
    """Who acts by a door: the colleague it was made for, or the partner who has this leg."""
    return Actor("agent", door.staff_id, door=way) if door.staff_id else Actor("partner", door.leg_id, door=way)


@operation
def open_door(leg: Leg, address: str, *, staff: Staff | None = None, by: Actor, at: datetime) -> Door:
    """Make a link to this leg for one party. One that is good already is given again, and is as young as a new one."""
    hold(leg)
    found = Door.objects.filter(leg_id=leg.pk, address=address, revoked_at=None).first()
    if found is not None:
        change(found, events.DOOR_OPENED, expires_at=at + LIFE, staff=staff)
        return found
    about = {"leg_id": leg.pk, "conversation_id": leg.conversation_id, "address": address, "staff": staff}
    return begin(Door, events.DOOR_OPENED, **about, made_at=at, expires_at=at + LIFE)


@operation
def revoke(door: Door, *, by: Actor, at: datetime) -> None:
    """Take a link back: from now on it opens nothing."""
    if hold(door).revoked_at is not None:
        raise Refused("This link was taken back already.")
    change(door, events.DOOR_REVOKED, revoked_at=at)


@operation
def say(door: Door, said: Said, *, by: Actor, at: datetime) -> bool:
    """Do what the party of a door says. False when it was said before: twice is once, and new words are a note.

    Raises Refused when the leg does not stand where this can be said, with how it stands.
    """
    if len(said.words) > LONGEST:
        raise Refused(f"That is too long ({len(said.words):,} characters). Use at most {LONGEST:,}.")
    leg = Leg.everything.select_related("conversation", "relay").get(pk=door.leg_id)
    take_hold(leg)
    if leg.stage in ALREADY[said.verb] and leg.holder_id in (None, door.staff_id):
        if said.words not in ("", leg.question, leg.declined_why, leg.outcome_words):
            keep_words(door, said.words, by=by, at=at)
        return False
    _do(leg, said, {"by": by, "at": at})
    if hold(door).used_at is None:
        change(door, events.DOOR_USED, used_at=at)
    return True


def _do(leg: Leg, said: Said, how: dict[str, Any]) -> None:
    if said.verb == TAKE:
        relays.accept(leg, **how)
    elif said.verb == ASK:
        relays.ask_back(leg, said.words, **how)
    elif said.verb == DECLINE:
        relays.decline(leg, said.words, **how)
    else:
        relays.done(leg, said.outcome, said.words, **how)
    if said.verb == TAKE and said.words and leg.conversation is not None:
        conversations.note(leg.conversation, f"About {leg.name}: {said.words}", **how)


@operation
def keep_words(door: Door, words: str, *, by: Actor, at: datetime) -> None:
    """Words that nobody could act on are not lost: they are a note on the conversation."""
    leg = door.leg
    if leg.conversation is not None:
        conversations.note(leg.conversation, f"About {leg.name}, from {door}: {words[:LONGEST]}", by=by, at=at)


@operation
def withdraw_progress(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """Take the customer's progress page down. The link in later mails is a new one."""
    page = _row(page_of(hold(conversation)))
    change(page, events.PROGRESS_WITHDRAWN, revoked_at=at, wants_mail=False)


@operation
def wish(page: ProgressPage, wants_mail: bool, *, by: Actor, at: datetime) -> None:
    """The customer wants to hear of every step by mail, or no longer."""
    hold(page.conversation)
    row = page if page.pk else _row(page)
    change(row, events.PROGRESS_WISHED, wants_mail=wants_mail)


def _row(page: ProgressPage) -> ProgressPage:
    if page.pk:
        return page
    named = {"conversation_id": page.conversation_id, "number": page.number}
    return begin_once(ProgressPage, events.PROGRESS_WISHED, **named)


@dataclass(frozen=True)
class Told:
    """What a customer says on the page: by a button (arrived, not_yet), in words, or both; ``once`` names the form."""

    words: str = ""
    result: str = ""
    once: str = ""


@operation
def tell(conversation: Conversation, told: Told, *, by: Actor, at: datetime) -> bool:
    """Take in what the customer says on the progress page, and what it means for the follow-up that waits for it.

    False when this form was taken in before. Raises Refused when it says nothing, or too much.
    """
    words = told.words.replace("\0", "").strip()
    if not (words or told.result):
        raise Refused("There are no words yet. Write what you want to tell us.")
    if len(words) > LONGEST:
        raise Refused(f"That is too long ({len(words):,} characters). Use at most {LONGEST:,}.")
    hold(conversation)
    written = Message.objects.filter(conversation=conversation, channel=CHANNEL)
    if told.once and written.filter(external_id=told.once).exists():
        return False
    if written.filter(at__gt=at - timedelta(hours=1)).count() >= HOURLY:
        raise Refused("We got many messages from this page within the hour. Wait a little, then write again.")
    text = "\n\n".join(filter(None, (SAID_BY_BUTTON.get(told.result, ""), words)))
    conversations.receive(_incoming(conversation, text, told), by=by, at=at)
    leg = follow_up_of(conversation) if told.result in SAID_BY_BUTTON else None
    if leg is not None:
        relays.follow_up(leg, told.result, words, by=by, at=at)
    return True


def _incoming(conversation: Conversation, text: str, told: Told) -> Incoming:
    """The customer's words as a message. That it arrived opens nothing again."""
    address = Identity.objects.filter(customer=conversation.customer, channel="email").order_by("id").first()
    return Incoming(
        channel=CHANNEL,
        address=address.value if address else "",
        name=conversation.customer.name,
        subject=conversation.subject,
        text=text,
        external_id=told.once,
        conversation=conversation,
        customer=conversation.customer,
        is_only_thanks=told.result == "arrived" and not told.words.strip(),
    )
