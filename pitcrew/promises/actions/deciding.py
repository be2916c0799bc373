"""What decides promises: the calendars that count hours, and the policies that say what is owed whom."""

from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import IntegrityError

from pitcrew.history.actors import Actor
from pitcrew.history.writing import attempt, begin, change, hold, operation, retire
from pitcrew.people.refusals import Refused
from pitcrew.promises import events
from pitcrew.promises.actions.owing import refit
from pitcrew.promises.hours import WEEKDAYS, Hours, Impossible, countries, minutes
from pitcrew.promises.models import Calendar, Policy, Promise
from pitcrew.promises.policies import LONGEST, POLICED
from pitcrew.promises.queries import OPEN

OFFICE: list[list[list[str]]] = [[["09:00", "17:00"]]] * 5 + [[], []]
WORKDAY = 8 * 60  # minutes
ONE_EACH = "These already have working hours. Change those instead."


@operation
def add_calendar(name: str, *, by: Actor, at: datetime, **told: Any) -> Calendar:
    """Say when a department works, or (without one) the house: ``hours``, ``time_zone``, ``country``, ``region``,
    ``closed``.

    Raises Refused when there is one already, or when nobody would ever work by it.
    """
    told = {"department": None, "hours": OFFICE, **told, "name": _named(name)}
    _check_calendar(Calendar(**told), at)
    if told["department"] is None and Calendar.objects.filter(department=None).exists():
        raise Refused(ONE_EACH)
    try:
        with attempt():
            calendar = begin(Calendar, events.CALENDAR_ADDED, **told)
    except IntegrityError as error:
        raise Refused(ONE_EACH) from error
    _count_anew(calendar.department_id, by, at)
    return calendar


@operation
def change_calendar(calendar: Calendar, *, by: Actor, at: datetime, **told: Any) -> None:
    """Work at other times. What is owed is counted anew from its beginning; what is broken stays broken."""
    hold(calendar)
    now = {name: getattr(calendar, name) for name in ("name", "time_zone", "hours", "country", "region", "closed")}
    told = {**now, **told}
    _check_calendar(Calendar(**told), at)
    if change(calendar, events.CALENDAR_CHANGED, **{**told, "name": _named(told["name"])}):
        _count_anew(calendar.department_id, by, at)


@operation
def remove_calendar(calendar: Calendar, *, by: Actor, at: datetime) -> None:
    """The department works as the house does; without hours of the house every hour counts."""
    if retire(calendar, events.CALENDAR_RETIRED):
        _count_anew(calendar.department_id, by, at)


def _count_anew(department: int | None, by: Actor, at: datetime) -> None:
    owed = Promise.objects.filter(OPEN, broken_at=None, allowed__isnull=False).select_related("department")
    if department is not None:
        owed = owed.filter(department=department)
    for promise in owed.order_by("pk"):
        refit(promise, promise.department, None, by=by, at=at)


def _check_calendar(calendar: Calendar, at: datetime) -> None:
    if calendar.time_zone not in available_timezones():
        raise Refused(f"There is no time zone {calendar.time_zone}. Write one like Europe/Berlin.")
    regions = countries().get(calendar.country) if calendar.country else []
    if regions is None or (calendar.region and calendar.region not in regions):
        raise Refused("The holidays of that country or region are not known. Choose another, or none.")
    for word, day in zip(WEEKDAYS, calendar.hours, strict=False):
        _check_day(word, day)
    for text in calendar.closed:
        _check_date(text)
    try:
        Hours.of(calendar).check(at)
    except Impossible as impossible:
        raise Refused(str(impossible)) from impossible


def _check_day(word: str, day: list) -> None:
    before = 0
    for start, end in day:
        try:
            opens, shuts = minutes(start), minutes(end)
        except ValueError as error:
            raise Refused(f"{word}: {start}-{end} are no times. Write them like 09:00-17:00.") from error
        if opens < before or shuts <= opens:
            raise Refused(f"{word}: {start}-{end} ends before it begins. Hours over midnight belong to two days.")
        before = shuts


def _check_date(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text} is no day. Write days like 2026-12-24.") from error


def _named(name: str) -> str:
    name = " ".join(name.split())[:100]
    if not name:
        raise Refused("It needs a name. Write one.")
    return name


@operation
def add_policy(name: str, *, by: Actor, at: datetime, **told: Any) -> Policy:
    """Promise something from now on: minutes for each kind, and for whom (department, priority, organization, tag)."""
    _check_policy(Policy(**told))
    return begin(Policy, events.POLICY_ADDED, **{**told, "name": _named(name)})


@operation
def change_policy(policy: Policy, *, by: Actor, at: datetime, **told: Any) -> None:
    """Promise something else from now on. What was promised before stays promised."""
    hold(policy)
    now = {f.attname: getattr(policy, f.attname) for f in Policy.logged_fields() if f.name != "retired_at"}
    _check_policy(Policy(**{k: v for k, v in now.items() if k.removesuffix("_id") not in told}, **told))
    change(policy, events.POLICY_CHANGED, **told)


@operation
def remove_policy(policy: Policy, *, by: Actor, at: datetime) -> None:
    """Promise this no more. What was promised stays promised."""
    retire(policy, events.POLICY_RETIRED)


def _check_policy(policy: Policy) -> None:
    told = [n for kind in POLICED if (n := getattr(policy, kind)) is not None]
    if not told:
        raise Refused("That promises nothing. Fill in at least one time.")
    if not all(0 < n <= LONGEST for n in told):
        raise Refused("A promise needs between one minute and a year. Choose another time.")


@operation
def start_with_the_usual(time_zone: str = "UTC", *, by: Actor, at: datetime) -> Policy:
    """First reply within 8 working hours, solution within 3 working days, from Monday to Friday, nine to five."""
    if Policy.objects.exists():
        raise Refused("There are promises already. Change those instead.")
    if not Calendar.objects.filter(department=None).exists():
        add_calendar("The house", time_zone=time_zone, by=by, at=at)
    times = {"first_reply": WORKDAY, "next_reply": WORKDAY, "solution": 3 * WORKDAY}
    return add_policy("Usual promises", **times, by=by, at=at)
