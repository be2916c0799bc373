"""The company as judging needs it: departments with their hours, paces and leads; people with their absences."""

from dataclasses import dataclass
from datetime import datetime

from pitcrew.people.models import Absence as Away
from pitcrew.people.models import Department, Membership, Role, Staff
from pitcrew.promises.hours import ROUND_THE_CLOCK, Hours, Impossible
from pitcrew.promises.models import Calendar
from pitcrew.relays.links.judging import Absence, Desk, Person
from pitcrew.relays.links.judging.pace import DEFAULT
from pitcrew.relays.links.models import Pace


@dataclass
class Company:
    """All of it, read with a handful of questions however many conversations are judged by it."""

    desks: dict[int, Desk]
    people: dict[int, Person]
    heads: list[int]

    def lead_of(self, department: int, at: datetime) -> int | None:
        """The lead of the department who is there, else any lead of it."""
        desk = self.desks.get(department)
        return desk.lead if desk else None

    def head(self, at: datetime) -> int | None:
        """The administrator who is there, else any."""
        there = [pk for pk in self.heads if not _is_away(self.people[pk], at)]
        return next(iter(there or self.heads), None)


def _is_away(person: Person, at: datetime) -> bool:
    return any(a.start <= at and (a.end is None or a.end > at) for a in person.absences)


def company(at: datetime) -> Company:
    """The company as it is now."""
    people = _people(at)
    places = list(Membership.objects.active().order_by("pk").values_list("department_id", "staff_id", "role"))
    for department, staff, _ in places:
        people[staff].departments = (people[staff].departments or frozenset()) | {department}
    hours, paces = _hours(at), dict(Pace.objects.values_list("department", "seconds"))
    desks = {}
    for pk, name, closed in Department.everything.values_list("pk", "name", "retired_at"):
        members = [staff for department, staff, _ in places if department == pk]
        leads = [staff for department, staff, role in places if department == pk and role == Role.LEAD]
        there = [staff for staff in leads if not _is_away(people[staff], at)]
        desk = Desk(pk, name, hours.get(pk) or hours.get(None) or ROUND_THE_CLOCK, paces.get(pk, DEFAULT))
        desk.members, desk.lead, desk.closed_at = members, next(iter(there or leads), None), closed
        desks[pk] = desk
    heads = [pk for pk, one in people.items() if one.is_administrator and one.deactivated_at is None]
    return Company(desks, people, heads)


def _people(at: datetime) -> dict[int, Person]:
    rows = Staff.everything.values_list("pk", "name", "is_administrator", "deactivated_at", "retired_at")
    found = {
        pk: Person(pk, name, frozenset(), is_administrator, deactivated or retired)
        for pk, name, is_administrator, deactivated, retired in rows
    }
    for staff, start, until, substitute in Away.objects.values_list("staff_id", "start", "until", "substitute_id"):
        if until is None or until > at:
            found[staff].absences = [*found[staff].absences, Absence(start, until, substitute)]
    return found


def _hours(at: datetime) -> dict[int | None, Hours]:
    """The hours of each department that has its own, and of the house; one that never opens counts round the clock."""
    found: dict[int | None, Hours] = {}
    for calendar in Calendar.objects.order_by("-pk"):
        try:
            hours = Hours.of(calendar)
            hours.check(at)
            found[calendar.department_id] = hours
        except Impossible:
            found[calendar.department_id] = ROUND_THE_CLOCK
    return found
