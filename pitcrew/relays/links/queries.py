"""Questions about broken links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries.ready import Ready
from pitcrew.people.models import Department, Membership, Role, Staff
from pitcrew.promises.models import Promise
from pitcrew.promises.queries import OPEN as OWED
from pitcrew.relays.links.models import Alarm, BrokenLink
from pitcrew.relays.models import Leg

MOST = 300
A_WEEK = timedelta(days=7)


def links_for(staff: Staff) -> QuerySet[BrokenLink]:
    """What this person answers for: all for an administrator, their departments' for a lead, or theirs."""
    rows = BrokenLink.objects.filter(mended_at=None)
    if not staff.is_administrator:
        led = Membership.objects.active().filter(staff=staff, role=Role.LEAD).values("department")
        rows = rows.filter(Q(person=staff) | Q(department__in=led))
    return rows.select_related("conversation__customer", "department", "person").order_by("since", "pk")


def at_risk(staff: Staff, at: datetime) -> list[tuple[Promise, Conversation]]:
    """Promises that were warned of and not broken yet, with their conversations as far as this person sees them."""
    rows = Promise.objects.filter(OWED, warned_at__isnull=False, broken_at=None, due_at__gt=at)
    if not staff.is_administrator:
        led = Membership.objects.active().filter(staff=staff, role=Role.LEAD).values("department")
        rows = rows.filter(Q(staff=staff) | Q(department__in=led))
    promises = list(rows.select_related("department", "staff").order_by("due_at")[:MOST])
    seen = Conversation.objects.visible_to(staff).filter(pk__in={p.conversation for p in promises})
    found = {one.pk: one for one in seen.select_related("customer")}
    return [(promise, found[promise.conversation]) for promise in promises if promise.conversation in found]


@Ready
def _broken(conversation):
    return BrokenLink.objects.filter(conversation=conversation, mended_at=None).values_list(
        "pk", "kind", "sentence", "since"
    )


@dataclass(frozen=True)
class Mark:
    """What a conversation shows of its broken link."""

    words: str
    sentence: str
    since: datetime


def marks_of(conversation: int) -> list[Mark]:
    """The broken links of one conversation, in words."""
    return [
        Mark(BrokenLink(kind=kind).kind_words, sentence, since) for _, kind, sentence, since in _broken(conversation)
    ]


@Ready
def _marked(conversations):
    return BrokenLink.objects.filter(conversation__in=conversations, mended_at=None).values_list(
        "conversation_id", "kind"
    )


def marked(conversations: Iterable[int]) -> dict[int, str]:
    """Which of these conversations have a broken link, and what it is called."""
    return {pk: BrokenLink(kind=kind).kind_words for pk, kind in _marked.of_many(list(conversations))}


@Ready
def _count_of(staff):
    return BrokenLink.objects.filter(mended_at=None, person=staff).values_list("pk")


def waiting_for(staff: int) -> int:
    """How many broken links wait for this person's next move."""
    return len(_count_of(staff))


def digest_of(staff: Staff, day: str) -> QuerySet[Alarm]:
    """What waits in this person's digest of a day: alarms beyond the three, not mended yet."""
    rows = Alarm.objects.filter(staff=staff, day=day, in_digest=True, link__mended_at=None)
    return rows.select_related("link__conversation", "link__department").order_by("pk")


@dataclass(frozen=True)
class Wait:
    """What customers waited for one department: seconds in which it worked, and in which nobody did."""

    department: Department
    work: float
    waiting: float
    legs: int

    @property
    def total(self) -> float:
        return self.work + self.waiting


def where_customers_waited(at: datetime, departments: Iterable[int] | None = None) -> list[Wait]:
    """Of the legs that ended in the last week: hours per leg until it was accepted, and then until it was done."""
    legs = Leg.objects.filter(ended_at__gt=at - A_WEEK, ended_at__lte=at, offered_at__isnull=False)
    if departments is not None:
        legs = legs.filter(department__in=list(departments))
    sums: dict[int, list[float]] = {}
    for department, offered, accepted, ended, away in legs.values_list(
        "department_id", "offered_at", "accepted_at", "ended_at", "away"
    ):
        row = sums.setdefault(department, [0.0, 0.0, 0])
        taken = accepted or ended
        row[0] += max(0.0, (ended - taken).total_seconds() - away)
        row[1] += (taken - offered).total_seconds() + away
        row[2] += 1
    found = Department.everything.in_bulk(list(sums))
    waits = [Wait(found[pk], work / n, waiting / n, int(n)) for pk, (work, waiting, n) in sums.items()]
    return sorted(waits, key=lambda wait: -wait.total)


def live_legs() -> int:
    """How many legs are out."""
    return Leg.objects.filter(baton_since__isnull=False).count()


@dataclass(frozen=True)
class Waited:
    """One leg and the seconds that the customer waited while nobody worked on it, and while somebody did."""

    leg: Leg
    waiting: float
    work: float


def legs_that_waited(staff: Staff, department: int, at: datetime) -> list[Waited]:
    """The legs behind a department's bar that this person may see, the longest wait first."""
    legs = Leg.objects.filter(
        department=department, ended_at__gt=at - A_WEEK, ended_at__lte=at, offered_at__isnull=False
    )
    seen = Conversation.objects.visible_to(staff).values("pk")
    found = [_waited(leg) for leg in legs.filter(conversation__in=seen).select_related("conversation")[:MOST]]
    return sorted(found, key=lambda one: -one.waiting)


def _waited(leg: Leg) -> Waited:
    taken = leg.accepted_at or leg.ended_at
    waiting = (taken - leg.offered_at).total_seconds() + leg.away  # type: ignore[operator]
    return Waited(leg, waiting, max(0.0, (leg.ended_at - taken).total_seconds() - leg.away))  # type: ignore[operator]
