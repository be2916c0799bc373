"""Thinking again: what somebody said by a link can be said otherwise for a while, as long as nobody built on it."""

from datetime import datetime, timedelta

from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import preview, undo
from pitcrew.people.refusals import Refused
from pitcrew.relays import events
from pitcrew.relays.models import Leg, Stage

WINDOW = timedelta(minutes=30)
GONE_ON = "Somebody has gone on from there meanwhile, so this cannot be changed here. Answer the mail, or write to us."


def until(leg: Leg) -> datetime | None:
    """Until when it can be changed that this leg is done, or was sent back."""
    if leg.stage == Stage.DONE and leg.ended_at:
        return leg.ended_at + WINDOW
    return leg.baton_since + WINDOW if leg.stage == Stage.RETURNED and leg.baton_since else None


def take_back(leg: Leg, *, by: Actor, at: datetime) -> None:
    """Take back that it is done, or that it is not for us. Raises Refused when it is too late for that."""
    end = until(leg)
    said = Event.objects.filter(subject_type=Leg._meta.label_lower, subject_id=leg.pk, undone_by=None)
    last = said.filter(kind__in=(events.LEG_DONE, events.LEG_DECLINED)).select_related("operation").order_by("-id")
    event = last.first()
    if end is None or at > end or event is None or event.operation.actor != str(by):
        raise Refused("It is too late to change this here. Answer the mail, or write to us.")
    operations = Operation.objects.filter(pk=event.operation_id)
    told = preview(operations, at=at)
    if told.conflicts or told.stays:
        raise Refused(GONE_ON)
    undo(operations, by=by, at=at, why="Said otherwise by the link")
