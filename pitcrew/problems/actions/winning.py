"""Victories: what went well is recorded with its people and its numbers, when it happens."""

from datetime import datetime, timedelta
from typing import Any

from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin_many, operation
from pitcrew.people.models import Staff
from pitcrew.problems import events
from pitcrew.problems.models import (
    FIXED,
    Evidence,
    Problem,
    ProblemLink,
    Sighting,
    Victory,
    VictoryKind,
    VictoryPart,
)
from pitcrew.relays.models import Leg, Relay

MOST_IDS = 1_000  # conversations that a number of a victory opens


def record_permanent(problem: Problem, at: datetime) -> Victory:
    """A problem is gone for good: its customers before the fix, and after it, in windows of the same length."""
    claimed, days = problem.claimed_at or at, problem.watch_days
    before = ProblemLink.objects.filter(problem=problem, conversation__opened_at__lte=claimed)
    window = before.filter(conversation__opened_at__gt=claimed - timedelta(days=days))
    rows = window if window.exists() else before
    after = Sighting.objects.filter(problem=problem, at__gt=problem.watching_since, at__lte=problem.watch_until)
    span = f"in the {days} days before the fix" if window.exists() else "before the fix"
    return _record(
        VictoryKind.PERMANENT,
        problem.title,
        at,
        f"Conversations about problem {problem.pk} {span}, and in the {days} days it was watched.",
        _counted(rows.values_list("conversation_id", flat=True)),
        _counted(after.values_list("conversation_id", flat=True)),
        people_of(problem),
        problem=problem,
    )


@operation
def record_thanks(problem: Problem, conversation: Conversation, *, by: Actor, at: datetime) -> Victory | None:
    """A customer says thanks after a fix, once for each conversation."""
    known = Victory.everything.filter(kind=VictoryKind.THANKED, problem=problem, conversation=conversation)
    if problem.is_over or problem.stage not in FIXED or known.exists():
        return None
    said, claimed = Message.objects.filter(conversation=conversation, direction=Direction.IN), problem.claimed_at or at
    people = people_of(problem) | dict.fromkeys(_answerers(conversation), "answered")
    return _record(
        VictoryKind.THANKED,
        problem.title,
        at,
        "Messages this customer had to write before the fix, and after it until they said thanks.",
        _messages(said.filter(at__lte=claimed).count(), conversation),
        _messages(said.filter(at__gt=claimed).count(), conversation),
        people,
        problem=problem,
        conversation=conversation,
    )


def _messages(count: int, conversation: Conversation) -> dict[str, Any]:
    return {"count": count, "unit": "message" if count == 1 else "messages", "ids": [conversation.pk]}


@operation
def record_early(relay: Relay, *, by: Actor, at: datetime) -> Victory | None:
    """A relay was done before the moment that was promised."""
    finished, promised = relay.finished_at, relay.promised_by
    if finished is None or promised is None or finished >= promised:
        return None
    if Victory.everything.filter(kind=VictoryKind.EARLY, relay=relay.pk).exists():
        return None
    ids = [relay.conversation_id] if relay.conversation_id else []
    people: dict[Staff, str] = {}
    for leg in Leg.objects.filter(relay=relay).select_related("holder").order_by("order", "pk"):
        if leg.holder is not None:
            people.setdefault(leg.holder, leg.name[:100])
    return _record(
        VictoryKind.EARLY,
        relay.name,
        at,
        "Hours from the start of the relay to the moment that was promised, and to the moment it was done.",
        {"count": _hours(relay.started_at, promised), "unit": "hours", "ids": ids},
        {"count": _hours(relay.started_at, finished), "unit": "hours", "ids": ids},
        people,
        relay=relay.pk,
        conversation_id=relay.conversation_id,
        problem=Problem.objects.filter(pk=relay.problem).first() if relay.problem else None,
    )


def _hours(start: datetime, end: datetime) -> float:
    return round((end - start) / timedelta(hours=1), 1)


def people_of(problem: Problem) -> dict[Staff, str]:
    """Everybody who had a part in fixing it, and which."""
    people: dict[Staff, str] = {}
    if problem.found_by:
        people[problem.found_by] = "found it"
    if problem.owner:
        people[problem.owner] = "saw to it"
    for leg in Leg.objects.filter(relay__problem=problem.pk, holder__isnull=False).select_related("holder"):
        people.setdefault(leg.holder, leg.name[:100])
    for evidence in Evidence.objects.filter(problem=problem, author__isnull=False).select_related("author"):
        people.setdefault(evidence.author, "showed that it is fixed")
    linked = ProblemLink.objects.filter(problem=problem).values("conversation")
    for leg in Leg.objects.filter(conversation__in=linked, holder__isnull=False).select_related("holder")[:200]:
        people.setdefault(leg.holder, leg.name[:100])
    return people


def _answerers(conversation: Conversation) -> list[Staff]:
    said = Message.objects.filter(conversation=conversation, direction=Direction.OUT, author__isnull=False)
    return list(Staff.objects.filter(pk__in=said.values("author")).order_by("pk"))


def _counted(ids: Any) -> dict[str, Any]:
    found = sorted(set(ids))
    return {"count": len(found), "unit": "conversations", "ids": found[:MOST_IDS]}


def _record(
    kind: str,
    title: str,
    at: datetime,
    definition: str,
    before: dict[str, Any],
    after: dict[str, Any],
    people: dict[Staff, str],
    **about: Any,
) -> Victory:
    told = {"kind": kind, "title": title[:200], "at": at, "definition": definition, "before": before, "after": after}
    (victory,) = begin_many([Victory(**told, **about)], events.VICTORY_RECORDED)
    parts = [VictoryPart(victory=victory, staff=staff, part=part) for staff, part in people.items()]
    begin_many(parts, events.PART_RECORDED)
    return victory
