"""What becomes of letters: they are written, leave, are dropped because what they tell was taken back, or come back."""

import secrets
from datetime import datetime
from typing import Any

from pitcrew.channels.email.letters import events
from pitcrew.channels.email.letters.models import Letter
from pitcrew.conversations.actions.answering import UNDO_WINDOW
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, change, hold, operation, retire
from pitcrew.relays.models import Leg


@operation
def write(tells: str, leg: Leg, address: str, about_at: datetime, *, by: Actor, at: datetime, **more: Any) -> Letter:
    """Put a letter into the outbox, once. It leaves when what it tells of can no longer be undone in passing."""
    same = {"leg_id": leg.pk, "tells": tells, "address": address, "about_at": about_at}
    found = Letter.objects.filter(**same).first()
    if found is not None:
        return found
    leaves_at = max(at, about_at + UNDO_WINDOW)
    rest = {"conversation_id": leg.conversation_id, "external_id": secrets.token_hex(10), "leaves_at": leaves_at}
    return begin(Letter, events.LETTER_WRITTEN, **same, **rest, **more)


@operation
def left(letter: Letter, *, by: Actor, at: datetime) -> None:
    """The letter has left the house; from here it cannot be taken back."""
    if hold(letter).left_at is None:
        change(letter, events.LETTER_LEFT, left_at=at)


@operation
def drop(letter: Letter, *, by: Actor, at: datetime) -> None:
    """What the letter tells is not so any more: it does not leave."""
    retire(letter, events.LETTER_DROPPED)


@operation
def mark_undelivered(letter: Letter, why: str, *, by: Actor, at: datetime) -> None:
    """The letter did not arrive: a fact on its leg, for whoever handed it over."""
    if hold(letter).undelivered_at is None:
        change(letter, events.LETTER_UNDELIVERED, undelivered_at=at, undelivered_why=why.strip()[:500])
