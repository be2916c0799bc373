"""The legs that concern one person, in groups: what waits for them first."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from pitcrew.conversations.queries.ready import Ready
from pitcrew.people.models import Membership, Staff
from pitcrew.relays.models import Leg, Stage
from pitcrew.relays.queries import legs_for
from pitcrew.relays.queries.legs import LEG
from pitcrew.web.batons import owed, standing
from pitcrew.web.telling_time import clock

MOST = 200  # of one kind
WORDS = {
    "asked": "Asked of you",
    "returned": "Given back to you",
    "mine": "You have these",
    "offered": "Offered to your departments",
    "out": "You handed these over",
}


@dataclass(frozen=True)
class Row:
    leg: Leg
    tone: str
    words: str
    about: str


@dataclass
class Group:
    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def word(self) -> str:
        return WORDS[self.name]


@Ready
def _out(staff):
    rows = Leg.objects.filter(sender=staff, stage__in=(Stage.OFFERED, Stage.ACCEPTED), baton_since__isnull=False)
    return rows.order_by("baton_since", "pk")[:MOST].values_list(*LEG.names)


@Ready
def _waiting(staff):
    mine = Membership.objects.active().filter(staff=staff).values("department")
    offered = Q(stage=Stage.OFFERED, department__in=mine) & (Q(holder=None) | Q(holder=staff))
    back = Q(stage__in=(Stage.ASKED, Stage.RETURNED), sender=staff)
    waits = offered | back | Q(stage=Stage.ACCEPTED, holder=staff)
    return Leg.objects.filter(waits, baton_since__isnull=False).order_by()[:100].values_list("pk")


def groups_for(staff: Staff, at: datetime) -> list[Group]:
    """The groups in the order in which they press."""
    found = legs_for(staff)
    known = {leg.pk for leg in (*found.asked, *found.returned, *found.mine, *found.offered)}
    out = [leg for leg in LEG.rows(_out(staff.pk)) if leg.pk not in known]
    kinds = {"asked": found.asked, "returned": found.returned, "mine": found.mine, "offered": found.offered, "out": out}
    promises = owed([leg.pk for legs in kinds.values() for leg in legs])
    groups = []
    for name, legs in kinds.items():
        told = [(leg, standing(leg, promises.get(leg.pk), at, staff.pk)) for leg in legs]
        groups.append(Group(name, [Row(leg, s.tone, s.words, _about(leg, s.holder, at)) for leg, s in told]))
    return groups


def _about(leg: Leg, holder: str, at: datetime) -> str:
    matter = f"#{leg.conversation_id} {leg.conversation.subject}" if leg.conversation else ""
    since = f"{holder} since {clock(leg.baton_since, at)}"
    return ", ".join(word for word in (since, f"from {leg.sender or leg.relay.home}", matter) if word)


def count_for(staff: Staff) -> int:
    """How many wait for this person: what the rail shows (100 means 100 or more)."""
    return len(_waiting(staff.pk))
