"""Questions about people."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from pitcrew.history.actors import Actor
from pitcrew.people.models import Absence, Customer, Department, Identity, Staff


def normalised(channel: str, value: str) -> str:
    """An address the way equal ones compare equal, and no longer than the column that holds it."""
    value = value.strip()
    return (value.casefold() if channel == "email" else value)[:320]


def customer_at(channel: str, value: str) -> Customer | None:
    """The customer who has this address, or None."""
    found = Identity.objects.filter(channel=channel, value=normalised(channel, value)).select_related("customer")
    identity = found.first()
    return identity.customer if identity else None


def staff_at(email: str) -> Staff | None:
    """The active colleague with this address, or None."""
    return Staff.objects.filter(email=normalised("email", email), deactivated_at=None).first()


def front_desk() -> Department | None:
    """The department that gets what nobody else is named for: the oldest one."""
    return Department.objects.order_by("id").first()


def actor_names(actors: Iterable[str]) -> dict[str, str]:
    """How the timeline names actors written as ``kind:name``; one query for each kind."""
    split = {actor: actor.partition(":")[::2] for actor in actors}
    rows: dict[tuple[str, str], str] = {}
    for kind, model in (("agent", Staff), ("customer", Customer)):
        ids = [int(name) for k, name in split.values() if k == kind and name.isdigit()]
        rows.update({(kind, str(row.pk)): str(row) for row in model.everything.filter(pk__in=ids) if ids})
    return {actor: rows.get(parts) or _plain(*parts) for actor, parts in split.items()}


def _plain(kind: str, name: str) -> str:
    if kind == "pitcrew":
        return "Pitcrew"
    if kind == "import":
        return "An import"
    return kind.capitalize() if kind in ("agent", "customer") else f"{kind} {name}"


def actor_name(actor: str) -> str:
    """How the timeline names one actor."""
    return actor_names([actor])[actor]


def as_staff(by: Actor) -> Staff | None:
    """The colleague behind an actor, or None where it is not one."""
    return Staff.objects.filter(pk=by.id).first() if by.kind == "agent" else None


def absent(at: datetime) -> set[int]:
    """The ids of those who are away at this moment."""
    rows = Absence.objects.filter(Q(until=None) | Q(until__gt=at), start__lte=at)
    return set(rows.values_list("staff_id", flat=True))


def absence_of(staff: Staff, at: datetime) -> Absence | None:
    """The absence of this person that goes on, or the next one to come."""
    rows = Absence.objects.filter(Q(until=None) | Q(until__gt=at), staff=staff).select_related("substitute")
    return rows.order_by("start").first()
