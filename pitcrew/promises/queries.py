"""Questions about promises."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from pitcrew.people.models import Department
from pitcrew.promises.hours import ROUND_THE_CLOCK, Hours, Impossible
from pitcrew.promises.models import Calendar, Kind, Promise

OPEN = Q(kept_at=None, released_at=None, retired_at=None)
REPLIES = (Kind.FIRST_REPLY, Kind.NEXT_REPLY)


def open_promises(*, conversation: int | None = None, leg: int | None = None) -> QuerySet:
    """What somebody still waits for: of a conversation (its legs' included), or of one leg. The nearest first."""
    about = {"leg": leg} if leg is not None else {"conversation": conversation}
    return Promise.objects.filter(OPEN, **about).order_by("due_at", "pk")


def calendar_of(department: int) -> Calendar | None:
    """The department's own calendar, else the house's, else None: round the clock."""
    found = list(Calendar.objects.filter(Q(department=department) | Q(department=None)).order_by("pk"))
    return next((c for c in found if c.department_id == department), found[0] if found else None)


def hours_of(department: int) -> Hours:
    """The business hours of a department. Raises Impossible where its calendar cannot be read."""
    return Hours.of(calendar_of(department))


def due(department: int, since: datetime, *seconds: int) -> tuple[list[datetime], str]:
    """When so many seconds of a department's business hours have passed, and what is to be said about it.

    A calendar that became impossible loses no promise: then plain hours count, and the words say so.
    """
    try:
        hours = hours_of(department)
        return [hours.add(since, n) for n in seconds], ""
    except Impossible:
        words = f"Counted in plain hours: the calendar of {_name(department)} never opens."
        return [ROUND_THE_CLOCK.add(since, n) for n in seconds], words


def passed(department: int, a: datetime, b: datetime) -> int:
    """Seconds of a department's business hours between two moments, at least none."""
    try:
        return max(hours_of(department).between(a, b), 0)
    except Impossible:
        return max(ROUND_THE_CLOCK.between(a, b), 0)


def _name(department: int) -> str:
    return str(Department.everything.get(pk=department))


def open_of(conversations: Iterable[int]) -> QuerySet:
    """What these conversations themselves owe; their legs' promises are the relays' own."""
    return Promise.objects.filter(OPEN, conversation__in=list(conversations), leg=None).order_by("pk")


def nearest(conversations: Iterable[int]) -> dict[int, tuple]:
    """Of each of these conversations the promise that is due first: kind, due, broken, warned and paused moments."""
    numbers = list(conversations)
    if not numbers:
        return {}
    columns = ("conversation", "kind", "due_at", "broken_at", "warned_at", "paused_at")
    rows = Promise.objects.filter(OPEN, conversation__in=numbers, due_at__isnull=False).order_by("-due_at")
    return {number: tuple(facts) for number, *facts in rows.values_list(*columns)}
