"""Which problems there are, the gravest first, and which a conversation is about."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries.ready import Ready
from pitcrew.people.access import works_the_desk
from pitcrew.people.models import Membership, Staff
from pitcrew.problems.models import FIXED, Problem, ProblemLink, Sighting, Stage
from pitcrew.problems.mood import level, severity

MOST = 300


@dataclass(frozen=True)
class Row:
    """A problem with what it has done: conversations and customers touched, how many are angry, say "again"."""

    problem: Problem
    conversations: int = 0
    customers: int = 0
    angry: int = 0
    again: int = 0

    @property
    def severity(self) -> int:
        return severity(self.customers, self.angry, self.again)

    @property
    def level(self) -> str:
        return level(self.severity)


def may_see_problems(staff: Staff) -> QuerySet[Problem]:
    """Who answers customers sees every problem; everybody else those of the departments they belong to."""
    rows = Problem.objects.select_related("department", "owner")
    if works_the_desk(staff):
        return rows
    own = Membership.objects.active().filter(staff=staff).values("department")
    return rows.filter(department__in=own)


def problem_seen(staff: Staff, number: int) -> Problem | None:
    """The problem of this number, if this person may see it."""
    if number > 2**63 - 1:
        return None
    return may_see_problems(staff).select_related("merged_into", "found_by").filter(pk=number).first()


def listed(staff: Staff, *, done: bool = False) -> list[Row]:
    """The problems that are not gone yet, the gravest first; or, with ``done``, those that are."""
    over = Q(stage=Stage.PERMANENT) | Q(dropped_at__isnull=False) | Q(merged_into__isnull=False)
    rows = may_see_problems(staff).filter(over if done else ~over).order_by("-pk")[:MOST]
    counted = _counted(row.pk for row in rows)
    told = [Row(row, **counted.get(row.pk, {})) for row in rows]
    return told if done else sorted(told, key=lambda row: (-row.severity, row.problem.pk))


def severity_of(problem: Problem) -> Row:
    """One problem with what it has done."""
    return Row(problem, **_counted([problem.pk]).get(problem.pk, {}))


def _counted(ids: Iterable[int]) -> dict[int, dict[str, int]]:
    found = (
        ProblemLink.objects.filter(problem__in=list(ids), conversation__retired_at=None)
        .values("problem")
        .annotate(
            conversations=Count("pk"),
            customers=Count("conversation__customer", distinct=True),
            angry_ones=Count("pk", filter=Q(angry__gt=0)),
            again_ones=Count("pk", filter=Q(again__gt=0)),
        )
    )
    return {
        row["problem"]: {
            "conversations": row["conversations"],
            "customers": row["customers"],
            "angry": row["angry_ones"],
            "again": row["again_ones"],
        }
        for row in found
    }


@Ready
def _problems(conversation):
    here = Q(conversation=conversation) | Q(conversation__merged_into=conversation)
    rows = ProblemLink.objects.filter(here).order_by("pk")
    return rows.values_list("problem_id", "problem__title", "problem__stage", "problem__fixed_count", "recurred_at")


@dataclass(frozen=True)
class Mark:
    """A problem that a conversation is about, as its page shows it."""

    number: int
    title: str
    stage: str
    fixed_count: int
    recurred_at: object

    @property
    def word(self) -> str:
        return str(Stage(self.stage).label)


def problems_of(conversation: Conversation) -> list[Mark]:
    """The problems a conversation is about."""
    return list({row[0]: Mark(*row) for row in _problems(conversation.pk)}.values())


def fixed_for(conversation: Conversation) -> list[Problem]:
    """The problems of a conversation that are fixed, as far as we say."""
    rows = Problem.objects.filter(links__conversation=conversation, links__retired_at=None, stage__in=FIXED)
    return list(rows.filter(dropped_at=None, merged_into=None).order_by("pk"))


@Ready
def _suggested(conversation):
    rows = Sighting.objects.filter(conversation=conversation, problem__dropped_at=None, problem__merged_into=None)
    return rows.order_by("-pk").values_list("pk", "problem_id", "problem__title", "why")


def suggested_for(conversation: Conversation, linked: Iterable[int]) -> tuple[int, int, str, str] | None:
    """The problem a conversation seems to be about, when nobody has judged it yet: sighting, number, title, why."""
    known = set(linked)
    for pk, number, title, why in _suggested(conversation.pk):
        if number not in known:
            return pk, number, title, why
    return None
