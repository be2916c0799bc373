"""Who acts: the person behind a request, as the log writes them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from pitcrew.history.actors import Actor
from pitcrew.people.models import Staff


class Request(HttpRequest):
    """A request of somebody who has signed in: what every view behind a rule gets."""

    user: Staff
    acting: Actor


def acting(request: HttpRequest) -> Actor:
    """The person who asks; one actor a request, so that its `did` collects the whole act."""
    if not hasattr(request, "acting"):
        request.acting = Actor("agent", request.user.pk or 0, door="web")  # type: ignore[attr-defined]
    return request.acting  # type: ignore[attr-defined]


def how(request: HttpRequest) -> dict[str, Any]:
    """Who and when, as every action wants to know."""
    return {"by": acting(request), "at": timezone.now()}
