"""How many conversations a day spoke of a problem: what the watch looks at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from pitcrew.problems.models import Problem, ProblemLink, Sighting

SHOWN = 28  # days


@dataclass(frozen=True)
class Day:
    """A day and how many conversations spoke of the problem."""

    day: date
    count: int


def days_of_many(problems: Iterable[int], at: datetime, days: int = SHOWN) -> dict[int, list[Day]]:
    """For each of these problems the last days until now, those without any too.

    A conversation counts once a day: on the day it was opened, when it is linked, and on each day that one of its
    messages was recognised.
    """
    ids, since = list(problems), at - timedelta(days=days + 1)
    seen: dict[int, set[tuple[date, int]]] = {pk: set() for pk in ids}
    linked = ProblemLink.objects.filter(problem__in=ids, conversation__opened_at__gte=since)
    for pk, conversation, moment in linked.values_list("problem_id", "conversation_id", "conversation__opened_at"):
        seen[pk].add((localtime(moment).date(), conversation))
    sighted = Sighting.objects.filter(problem__in=ids, at__gte=since)
    for pk, conversation, moment in sighted.values_list("problem_id", "conversation_id", "at"):
        seen[pk].add((localtime(moment).date(), conversation))
    last = localtime(at).date()
    order = [last - timedelta(days=n) for n in range(days - 1, -1, -1)]
    return {pk: [Day(d, sum(day == d for day, _ in found)) for d in order] for pk, found in seen.items()}


def days_of(problem: Problem, at: datetime) -> list[Day]:
    """The days of one problem: from the window before its fix until now, 28 at least, a year at most."""
    start = (problem.claimed_at or at) - timedelta(days=problem.watch_days)
    days = min(366, max(SHOWN, (localtime(at).date() - localtime(start).date()).days + 1))
    return days_of_many([problem.pk], at, days)[problem.pk]


def baseline(problem: Problem, days: list[Day]) -> float | None:
    """How many a day there were in the window before the fix; None where none is claimed."""
    if problem.claimed_at is None:
        return None
    claimed = localtime(problem.claimed_at).date()
    before = [day.count for day in days if claimed - timedelta(days=problem.watch_days) <= day.day < claimed]
    return sum(before) / len(before) if before else None
