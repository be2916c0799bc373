"""What makes a conversation be looked at again: anything that happened to it, to its people or to its promises."""

from datetime import datetime

from pitcrew.conversations import events as conversations
from pitcrew.history.actors import pitcrew
from pitcrew.history.events import UNDONE
from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.people import events as people
from pitcrew.people.models import Absence, Membership, Staff
from pitcrew.promises import events as promises
from pitcrew.relays import events as relays
from pitcrew.relays.links.due import linked_with, look_soon, touched_by
from pitcrew.relays.links.looking import look_at

TURNS: tuple[str, ...] = (conversations.OPENED, conversations.REOPENED, conversations.CLOSED, conversations.WAITING)
TURNS += (conversations.SNOOZED, conversations.WOKEN, conversations.ASSIGNED, conversations.TRANSFERRED)
TURNS += (conversations.PLACED, conversations.MERGED, conversations.RELATED, conversations.LINKED)
TURNS += (conversations.UNLINKED, conversations.MESSAGE_RECEIVED, conversations.MESSAGE_WRITTEN)
TURNS += (conversations.MESSAGE_LEFT, conversations.MESSAGE_UNDELIVERED, conversations.MESSAGE_RETRIED)
TURNS += (conversations.MESSAGE_MOVED, conversations.NOTE_WRITTEN)
OWED: tuple[str, ...] = (
    promises.PROMISE_MADE,
    promises.PROMISE_KEPT,
    promises.PROMISE_RELEASED,
    promises.PROMISE_PAUSED,
)
OWED += (promises.PROMISE_RESUMED, promises.PROMISE_REFITTED, promises.PROMISE_MOVED)
LEGS: tuple[str, ...] = (
    relays.LEG_OFFERED,
    relays.LEG_ACCEPTED,
    relays.LEG_ASKED,
    relays.LEG_ANSWERED,
    relays.LEG_DECLINED,
)
LEGS += (relays.LEG_GIVEN, relays.LEG_FREED, relays.LEG_DONE, relays.LEG_WITHDRAWN, relays.LEG_SKIPPED)
LEGS += (relays.LEG_REPLANNED, relays.LEG_CARRIED, relays.FOLLOW_UP, relays.RELAY_FINISHED, relays.RELAY_STOPPED)
GOING = (people.STAFF_DEACTIVATED, people.STAFF_REACTIVATED, people.STAFF_CHANGED)
PLACES = (people.MEMBER_JOINED, people.MEMBER_LEFT, people.MEMBER_CHANGED)
ABSENCES = (people.ABSENCE_TOLD, people.ABSENCE_ENDED)


@follow(*TURNS, *OWED, *LEGS, UNDONE)
def something_happened(event: Event, at: datetime) -> None:
    """Look at its conversation with the next sweep."""
    if event.about is not None:
        look_soon([event.about], at)


@follow(conversations.ASSIGNED, conversations.LINKED, conversations.UNLINKED, UNDONE)
def an_owner_changed(event: Event, at: datetime) -> None:
    """Two conversations about one matter have one owner: look at those it is linked with."""
    if event.about is not None:
        look_soon(linked_with(event.about), at)


@follow(promises.PROMISE_BROKEN)
def a_promise_was_broken(event: Event, at: datetime) -> None:
    """Mark the link at once."""
    if event.about is not None:
        look_soon([event.about], at)
        look_at([event.about], by=pitcrew("links"), at=at)


@follow(*GOING, *PLACES, *ABSENCES, UNDONE)
def somebody_came_or_went(event: Event, at: datetime) -> None:
    """Look at everything that they hold or have to answer."""
    staff = _who(event)
    if staff is not None:
        look_soon(touched_by(staff), at)


@follow(people.DEPARTMENT_RETIRED, people.MEMBER_LEFT)
def a_department_changed(event: Event, at: datetime) -> None:
    """Look at everything that is out in it."""
    department = event.subject_id
    if event.subject_type == Membership._meta.label_lower:
        place = Membership.everything.filter(pk=event.subject_id).first()
        department = place.department_id if place else 0
    look_soon(touched_by(None, department), at)


def _who(event: Event) -> int | None:
    if event.subject_type == Staff._meta.label_lower:
        return event.subject_id
    for model in (Absence, Membership):
        if event.subject_type == model._meta.label_lower:
            row = model.everything.filter(pk=event.subject_id).first()
            return row.staff_id if row else None
    return None
