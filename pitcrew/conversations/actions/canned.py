"""Texts kept for reuse."""

from datetime import datetime

from pitcrew.conversations import events
from pitcrew.conversations.models import CannedReply
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, change, operation, retire
from pitcrew.people.models import Department
from pitcrew.people.refusals import Refused


@operation
def add_canned(name: str, text: str, *, department: Department | None = None, by: Actor, at: datetime) -> CannedReply:
    """Keep a text for reuse, in one department or (None) in all."""
    name = _sound(name, text)
    return begin(CannedReply, events.CANNED_ADDED, name=name, text=text, department=department)


@operation
def change_canned(
    canned: CannedReply,
    name: str,
    text: str,
    *,
    department: Department | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Say it better."""
    change(canned, events.CANNED_CHANGED, name=_sound(name, text), text=text, department=department)


@operation
def remove_canned(canned: CannedReply, *, by: Actor, at: datetime) -> None:
    """Take a kept text away."""
    retire(canned, events.CANNED_RETIRED)


def _sound(name: str, text: str) -> str:
    name = " ".join(name.split())[:100]
    if not name or not text.strip():
        raise Refused("A canned reply needs a name and a text.")
    return name
