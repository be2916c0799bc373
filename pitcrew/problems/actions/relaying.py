"""What problems hand over, and whom the fix has to be told in person."""

from datetime import datetime

from pitcrew.conversations.models import Conversation
from pitcrew.history.actors import Actor
from pitcrew.history.writing import operation
from pitcrew.people.models import Department, Staff
from pitcrew.people.refusals import Refused
from pitcrew.problems.actions.moving import must_stand
from pitcrew.problems.models import Evidence, Problem, ProblemLink
from pitcrew.promises.models import Kind, Promise
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Edition, Relay


@operation
def hand_over(
    problem: Problem,
    department: Department | None,
    brief: Brief,
    *,
    edition: Edition | None = None,
    person: Staff | None = None,
    partner: str = "",
    by: Actor,
    at: datetime,
) -> Relay:
    """Hand work on this problem to a department, or start a relay for it along a template."""
    must_stand(problem)
    where = {"name": problem.title[:100], "edition": edition, "department": department}
    who = {"person": person, "partner": partner}
    return relays.start_for_problem(problem.pk, problem.department, brief, **where, **who, by=by, at=at)


def promised(problem: Problem) -> list[Conversation]:
    """The conversations of a problem in which a call back is promised and not made yet."""
    linked = ProblemLink.objects.filter(problem=problem).values("conversation")
    owed = Promise.objects.filter(conversation__in=linked, kind=Kind.CALL_BACK, kept_at=None, released_at=None)
    rows = Conversation.objects.filter(pk__in=owed.values("conversation"), merged_into=None)
    return list(rows.select_related("customer", "department", "assignee").order_by("pk"))


@operation
def open_follow_ups(problem: Problem, *, by: Actor, at: datetime) -> int:
    """The fix is claimed: whoever was promised to hear from us is to be told. Returns how many follow-ups are open."""
    must_stand(problem)
    if problem.is_open:
        raise Refused("There is no fix yet that anybody could be told of. Claim it first, with evidence.")
    last = Evidence.objects.filter(problem=problem).order_by("-at", "-pk").first()
    text = f"{problem.title}: fixed. {last.words if last else ''}".strip()
    rows = promised(problem)
    if not rows:
        raise Refused("Nobody of this problem was promised a call back. Answer all of them instead.")
    for conversation in rows:
        relays.open_follow_up(conversation, text, by=by, at=at)
    return len(rows)
