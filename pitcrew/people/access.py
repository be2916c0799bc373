"""The one place that answers who may see and do what.

administrator   everything
lead            sees and works the department; changes its members and its signature
agent           sees and works the conversations of the department
contributor     sees only what is assigned to them or what they follow
everybody       on the desk sees what nobody else could: the work of a department that is closed or has no active agent
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from pitcrew.people.models import Department, Membership, Role, Staff
from pitcrew.people.refusals import Refused

DESK_ROLES = (Role.AGENT, Role.LEAD)

# Asked on every page, so by hand: which departments has this person a place in, and which has anybody?
_SIGHT = """
SELECT d.id, MAX(CASE WHEN s.id = %s AND d.retired_at IS NULL THEN 1 ELSE 0 END),
       MAX(CASE WHEN s.id IS NOT NULL AND d.retired_at IS NULL THEN 1 ELSE 0 END)
FROM people_department d
LEFT JOIN people_membership m ON m.department_id = d.id AND m.retired_at IS NULL AND m.role IN (%s, %s)
LEFT JOIN people_staff s ON s.id = m.staff_id AND s.retired_at IS NULL AND s.deactivated_at IS NULL
GROUP BY d.id ORDER BY d.id
"""


@dataclass(frozen=True)
class Sight:
    """The departments (ids) whose conversations somebody may see, and whether these are all there are."""

    departments: list[int]
    is_all: bool


def departments_worked(staff: Staff) -> QuerySet[Department]:
    """The departments that are open and whose conversations this person may see and answer."""
    return Department.objects.filter(pk__in=departments_seen(staff))


def departments_seen(staff: Staff) -> list[int]:
    """The ids of all departments, closed ones too, whose conversations this person may see."""
    return sight(staff).departments


def sight(staff: Staff) -> Sight:
    """How far this person sees."""
    if not staff.is_active:
        return Sight([], is_all=False)
    with connection.cursor() as cursor:
        cursor.execute(_SIGHT, [staff.pk, *(role.value for role in DESK_ROLES)])
        rows = cursor.fetchall()
    if staff.is_administrator:
        return Sight([pk for pk, _, _ in rows], is_all=True)
    if not any(is_mine for _, is_mine, _ in rows):
        return Sight([], is_all=False)
    seen = [pk for pk, is_mine, is_staffed in rows if is_mine or not is_staffed]
    return Sight(seen, is_all=len(seen) == len(rows))


def works_the_desk(staff: Staff) -> bool:
    """Whether this person answers customers anywhere."""
    if not staff.is_active:
        return False
    return staff.is_administrator or Membership.objects.active().filter(staff=staff, role__in=DESK_ROLES).exists()


def leads(staff: Staff, department: Department | None = None) -> bool:
    """Whether this person leads the department (or, without one, any)."""
    if staff.is_administrator:
        return staff.is_active
    led = Membership.objects.active().filter(staff=staff, role=Role.LEAD)
    return led.filter(department=department).exists() if department else led.exists()


def can_hold_work(staff: Staff, department: Department) -> bool:
    """Whether work of this department may be given to this person."""
    return (department.pk, staff.pk) in holders({department.pk}, {staff.pk})


def holders(departments: set[int], staff: set[int]) -> set[tuple[int, int]]:
    """Which of these people may hold work of which of these departments, as pairs (department, person)."""
    people = Staff.objects.filter(pk__in=staff, deactivated_at=None, is_administrator=True)
    pairs = {(d, pk) for pk in people.values_list("pk", flat=True) for d in departments}
    rows = Membership.objects.active().filter(staff__in=staff, department__in=departments)
    return pairs | set(rows.values_list("department_id", "staff_id"))


def must_administrate(staff: Staff) -> None:
    """Raises Refused unless this person administrates Pitcrew."""
    if not (staff.is_active and staff.is_administrator):
        raise Refused("Only an administrator may do that. Ask one of them.")
