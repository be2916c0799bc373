"""Legs with what a page shows of them, in few statements whose SQL is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q

from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries.ready import Ready, Shape
from pitcrew.people.models import Customer, Department, Membership, Staff
from pitcrew.relays.models import Leg, Relay, Stage

PERSON = Shape(Staff, ("name", "email", "deactivated_at", "retired_at"))
PLACE = Shape(Department, ("name", "hue", "retired_at"))
LEG = Shape(
    Leg,
    leads_to={
        "relay": Shape(Relay, leads_to={"home": PLACE}),
        "department": PLACE,
        "sent_from": PLACE,
        "holder": PERSON,
        "sender": PERSON,
        "conversation": Shape(
            Conversation,
            ("subject", "state", "customer_id", "department_id", "merged_into_id"),
            {"customer": Shape(Customer, ("name",))},
        ),
    },
)
MOST = 200  # legs of one kind that a person is shown


@Ready
def _of(conversation):
    return Leg.objects.filter(conversation=conversation).order_by("relay", "order", "pk").values_list(*LEG.names)


@Ready
def _live_of(conversation):
    rows = Leg.objects.filter(conversation=conversation, baton_since__isnull=False)
    return rows.order_by("relay", "order", "pk").values_list(*LEG.names)


def legs_of(conversation: Conversation) -> list[Leg]:
    """All legs of a conversation, relay by relay in their order."""
    return LEG.rows(_of(conversation.pk))


def live_legs_of(conversation: Conversation) -> list[Leg]:
    """The legs that are out."""
    return LEG.rows(_live_of(conversation.pk))


@dataclass
class LegsFor:
    """The legs that wait for a person: offered to their departments, theirs, questions to answer, returned."""

    offered: list[Leg] = field(default_factory=list)
    mine: list[Leg] = field(default_factory=list)
    asked: list[Leg] = field(default_factory=list)
    returned: list[Leg] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(map(len, (self.offered, self.mine, self.asked, self.returned)))


@Ready
def _departments(staff):
    return Membership.objects.active().filter(staff=staff).values_list("department_id")


@Ready
def _here(staff, departments):
    """What lies in their departments, or with them."""
    at_work = Q(stage__in=(Stage.OFFERED, Stage.ACCEPTED))
    theirs = Q(holder=staff) | Q(department__in=departments) & (Q(holder=None) | Q(stage=Stage.OFFERED))
    gone = Q(department__in=departments) & (Q(holder__deactivated_at__isnull=False))
    return _live().filter(at_work & (theirs | gone))[:MOST].values_list(*LEG.names)


@Ready
def _back(staff, departments):
    """What is back with them, or with their department where the sender is gone."""
    is_back = Q(stage__in=(Stage.ASKED, Stage.RETURNED))
    orphaned = Q(sender=None) | Q(sender__deactivated_at__isnull=False)
    return (
        _live()
        .filter(is_back & (Q(sender=staff) | Q(sent_from__in=departments) & orphaned))[:MOST]
        .values_list(*LEG.names)
    )


def _live():
    return Leg.objects.filter(baton_since__isnull=False).order_by(F("by_when").asc(nulls_last=True), "pk")


def legs_for(staff: Staff) -> LegsFor:
    """What waits for this person: by when first."""
    found = LegsFor()
    if not staff.is_active:
        return found
    departments = [pk for (pk,) in _departments(staff.pk)] or [0]
    for leg in LEG.rows(_here(staff.pk, departments)):
        mine = leg.stage == Stage.ACCEPTED and leg.holder_id == staff.pk
        (found.mine if mine else found.offered).append(leg)
    for leg in LEG.rows(_back(staff.pk, departments)):
        (found.asked if leg.stage == Stage.ASKED else found.returned).append(leg)
    return found


@Ready
def _one(pk):
    return Leg.objects.filter(pk=pk).values_list(*LEG.names)


def leg_numbered(pk: int) -> Leg | None:
    """One leg with all a page shows of it."""
    rows: Sequence[Leg] = LEG.rows(_one(pk))
    return rows[0] if rows else None
