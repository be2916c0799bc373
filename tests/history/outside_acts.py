"""Acts at random: what people outside the desk do by links."""

from collections.abc import Callable
from typing import Any

from pitcrew.conversations.models import Place
from pitcrew.history.actors import Actor
from pitcrew.people.refusals import Refused
from pitcrew.relays.doors import actions
from pitcrew.relays.doors.actions import Told
from pitcrew.relays.doors.answers import ASK, DECLINE, DONE, TAKE, Said
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.queries import Shut, open_now, page_of
from pitcrew.relays.models import LIVE, Leg


def open_door(w: Any) -> None:
    leg = w.pick(Leg.objects.filter(stage__in=LIVE))
    staff = None if leg.partner else w.staff
    actions.open_door(leg, leg.partner or staff.email, staff=staff, **w.how)


def door(w: Any) -> Door:
    """A door that is open now."""
    try:
        return open_now(w.pick(Door.objects.all()).pk, w.at)
    except Shut as shut:
        raise Refused(shut.sentence)


def say(w: Any) -> None:
    found, verb = door(w), (TAKE, ASK, DECLINE, DONE)[w.b % 4]
    actions.say(found, Said(verb, f"Words {w.turn}"), by=actions.party(found, "link"), at=w.at)


def tell(w: Any) -> None:
    conversation = w.conversation
    if conversation.place != Place.DESK:
        raise Refused("Its page is taken down.")
    told = Told(f"Words {w.turn}", ("", "arrived", "not_yet")[w.b % 3], f"page-{w.b % 50}")
    actions.tell(conversation, told, by=Actor("customer", conversation.customer_id), at=w.at)


OUTSIDE_ACTS: dict[str, Callable[[Any], Any]] = {
    "open_door": open_door,
    "revoke": lambda w: actions.revoke(w.pick(Door.objects.all()), **w.how),
    "say": say,
    "keep_words": lambda w: actions.keep_words(door(w), f"Words {w.turn}", **w.how),
    "withdraw_progress": lambda w: actions.withdraw_progress(w.conversation, **w.how),
    "wish": lambda w: actions.wish(page_of(w.conversation), w.b % 2 == 0, **w.how),
    "tell": tell,
}
