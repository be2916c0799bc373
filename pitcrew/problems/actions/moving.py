"""How a problem moves from stage to stage: all that says where it stands is told together."""

from typing import Any

from pitcrew.history.writing import attname, change, hold
from pitcrew.people.refusals import Refused
from pitcrew.problems.models import Problem
from pitcrew.problems.revision import touch

STANDING = tuple(sorted(Problem.inseparable[0]))


def move_on(problem: Problem, kind: str, **moved: Any) -> None:
    """Save where a problem stands now; what an act does not name stays as it is, and is told with it."""
    named = {attname(Problem, name): getattr(value, "pk", value) for name, value in moved.items()}
    standing = {name: getattr(hold(problem), name) for name in STANDING}
    change(problem, kind, **(standing | named))
    touch()


def must_stand(problem: Problem) -> None:
    """Raises Refused when it was dropped or merged."""
    hold(problem)
    if problem.merged_into_id:
        raise Refused(f"Problem {problem.pk} is part of problem {problem.merged_into_id} now. Work there.")
    if problem.dropped_at:
        raise Refused(f"Problem {problem.pk} was dropped. Take that back first.")
    if problem.retired_at:
        raise Refused(f"Problem {problem.pk} is not there any more.")
