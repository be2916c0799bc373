"""Who has the baton: always exactly one party, also when people and departments go."""

from collections.abc import Iterable
from dataclasses import dataclass

from pitcrew.conversations.queries.ready import Ready
from pitcrew.people.models import Department, Membership, Staff
from pitcrew.relays.models import Leg, Stage


@dataclass(frozen=True)
class Party:
    """Somebody with the next move. One of the three is set; none of them means everybody on the desk."""

    staff: Staff | None = None
    department: Department | None = None
    partner: str = ""

    @property
    def name(self) -> str:
        return str(self.staff or self.department or self.partner or "Everybody on the desk")


@Ready
def _staffed(ids):
    return Membership.objects.active().filter(department__in=ids).values_list("department_id").distinct()


def staffed(departments: Iterable[int]) -> set[int]:
    """Those of these departments (ids) to which anybody active belongs."""
    return {pk for (pk,) in _staffed.of_many(sorted(set(departments)))}


def party_of(leg: Leg, with_people: set[int]) -> Party | None:
    """Who has the baton of this leg; None while it is not live. ``with_people`` are departments with somebody in."""
    if not leg.is_live:
        return None
    is_back = leg.stage in (Stage.ASKED, Stage.RETURNED)
    if not is_back:
        if leg.holder is not None and leg.holder.is_active:
            return Party(staff=leg.holder)
        if leg.partner:
            return Party(partner=leg.partner)
        if leg.department_id in with_people:
            return Party(department=leg.department)
    if leg.sender is not None and leg.sender.is_active:
        return Party(staff=leg.sender)
    homes = (leg.sent_from, leg.relay.home)
    return next((Party(department=home) for home in homes if home and home.pk in with_people), Party())


def holder_of(leg: Leg) -> Party | None:
    """Who has the baton of this leg now."""
    asked = {pk for pk in (leg.department_id, leg.sent_from_id, leg.relay.home_id) if pk}
    return party_of(leg, staffed(asked))
