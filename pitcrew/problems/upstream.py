"""Fixes that are live, told to whoever looks for broken links: their customers have to hear of it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.problems import events
from pitcrew.problems.models import FIXED, ProblemLink
from pitcrew.relays.links.due import look_soon
from pitcrew.relays.links.judging import Upstream
from pitcrew.relays.links.sources import register_upstream


@register_upstream
def fixes(conversations: list[int]) -> Iterator[tuple[int, Upstream]]:
    """The fixes of these conversations (ids), as far as we say that there are any. Who wrote later was not waiting."""
    links = ProblemLink.objects.filter(conversation__in=conversations, problem__stage__in=FIXED)
    links = links.filter(problem__dropped_at=None, problem__merged_into=None, problem__retired_at=None)
    links = links.filter(conversation__opened_at__lte=F("problem__claimed_at"))
    for conversation, problem, at in links.values_list("conversation_id", "problem_id", "problem__claimed_at"):
        yield conversation, Upstream(f"problem:{problem}", at, "The fix is live")


@follow(events.FIX_CLAIMED, events.PROBLEM_REOPENED)
def look_at_its_customers(event: Event, at: datetime) -> None:
    """It is fixed, or it is not: look at every conversation that is about it. Told twice it looks twice."""
    links = ProblemLink.objects.filter(problem=event.subject_id)
    look_soon(links.values_list("conversation_id", flat=True), at)
