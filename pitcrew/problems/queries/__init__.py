"""Questions about problems and victories."""

from pitcrew.problems.queries.listing import (
    Row,
    fixed_for,
    listed,
    may_see_problems,
    problem_seen,
    problems_of,
    severity_of,
    suggested_for,
)
from pitcrew.problems.queries.watching import Day, baseline, days_of, days_of_many
from pitcrew.problems.queries.winning import rows_behind, victories

__all__ = [
    "Day",
    "Row",
    "baseline",
    "days_of",
    "days_of_many",
    "fixed_for",
    "listed",
    "may_see_problems",
    "problem_seen",
    "problems_of",
    "rows_behind",
    "severity_of",
    "suggested_for",
    "victories",
]
