"""Ending early: withdraw, skip, stop."""

from datetime import datetime

from pitcrew.history.actors import Actor
from pitcrew.history.writing import change, hold, operation
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused
from pitcrew.relays import events, owing
from pitcrew.relays.baton import move, must_be, take_hold, words
from pitcrew.relays.models import LIVE, Leg, Relay, Stage
from pitcrew.relays.opening import follow, go_on


@operation
def withdraw(leg: Leg, reason: str, *, by: Actor, at: datetime) -> None:
    """It is not needed any more. What was to follow it alone falls away with it; a join goes on without it."""
    _end(leg, events.LEG_WITHDRAWN, Stage.WITHDRAWN, reason, by, at)


@operation
def skip(leg: Leg, reason: str, *, by: Actor, at: datetime) -> None:
    """Go on without it, and say why. What follows it comes now."""
    _end(leg, events.LEG_SKIPPED, Stage.SKIPPED, reason, by, at)


def _end(leg: Leg, kind: str, stage: str, reason: str, by: Actor, at: datetime) -> None:
    reason = words(reason, "The reason", 300)
    take_hold(leg)
    must_be(leg, Stage.AHEAD, *LIVE)
    move(leg, kind, stage, at, ended_why=reason)
    owing.release(leg)
    go_on(leg.relay, at, as_staff(by))
    follow(leg.conversation)


@operation
def stop(relay: Relay, reason: str, *, by: Actor, at: datetime) -> None:
    """End the whole relay before it is finished, and say why. Every leg that is out is withdrawn."""
    reason = words(reason, "The reason", 300)
    conversation = relay.conversation
    if conversation is not None:
        hold(conversation)
    hold(relay)
    if relay.finished_at is not None or relay.stopped_at is not None:
        raise Refused(f"{relay.name} has ended already. Nothing is left to stop.")
    for leg in Leg.objects.filter(relay=relay, stage__in=(Stage.AHEAD, *LIVE)).order_by("pk"):
        move(hold(leg), events.LEG_WITHDRAWN, Stage.WITHDRAWN, at, ended_why=reason)
        owing.release(leg)
    change(relay, events.RELAY_STOPPED, finished_at=None, stopped_at=at, stopped_why=reason, was_early=False)
    follow(conversation)
