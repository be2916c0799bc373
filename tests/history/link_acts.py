"""Acts at random: broken links are looked for, told further up and mended; people are away and back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pitcrew.history.actors import pitcrew
from pitcrew.history.followers import tell_followers
from pitcrew.people import actions as people
from pitcrew.relays.links import actions as links
from pitcrew.relays.links.looking import look_at, look_due
from pitcrew.relays.links.models import BrokenLink

CLOCK = pitcrew("links")


def look(w: Any) -> None:
    """What the clock does, for everything that was touched; every other time some hours later."""
    at = w.at + timedelta(hours=w.a % 2 * 9)
    tell_followers(w.at)
    look_due(by=CLOCK, at=at)
    look_at([w.conversation.pk], by=CLOCK, at=at)


def be_away(w: Any) -> None:
    until = w.at + timedelta(hours=w.a % 40) if w.a % 5 else None
    people.be_away(w.staff, w.at, until, **w.how)


LINK_ACTS: dict[str, Callable[[Any], Any]] = {
    "settle": look,
    "look again": look,
    "mend": lambda w: links.mend(w.pick(BrokenLink.objects.filter(mended_at=None)), **w.how),
    "escalate": lambda w: links.escalate_due(by=CLOCK, at=w.at + timedelta(hours=w.a % 30)),
    "be_away": be_away,
    "be_back": lambda w: people.be_back(w.staff, **w.how),
}
