"""Legs: the list of what is asked of one, and the page of one leg with all that can be done."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pitcrew.people.access import works_the_desk
from pitcrew.people.refusals import Refused
from pitcrew.relays import access
from pitcrew.relays.models import Leg
from pitcrew.relays.queries import leg_numbered
from pitcrew.web.acting import Request
from pitcrew.web.leg_page import page_of
from pitcrew.web.leg_verbs import VERBS
from pitcrew.web.legs_listed import groups_for
from pitcrew.web.rules import staff_only
from pitcrew.web.telling import answer


def _leg(request: Request, pk: int) -> Leg:
    """The leg of this number, if this person may see it."""
    leg = leg_numbered(pk)
    if leg is None or not access.may_see(request.user, leg):
        raise Http404("There is no leg of this number that you may see.")
    return leg


@staff_only
@require_safe
def index(request: Request) -> HttpResponse:
    """What is handed to me, and what I handed over and is still out."""
    groups = groups_for(request.user, timezone.now())
    count = sum(len(group.rows) for group in groups)
    shown = {"groups": groups, "count": count, "desk": works_the_desk(request.user)}
    return render(request, "legs/list.html", shown)


@staff_only
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """One leg: the brief, what the customer said, and what can be done."""
    return _page(request, _leg(request, pk))


@staff_only
@require_POST
def act(request: Request, pk: int, verb: str) -> HttpResponse:
    """Do one thing with it. What was typed stays when it is refused."""
    leg = _leg(request, pk)
    if verb not in VERBS:
        raise Http404("Nothing of that kind can be done with a leg.")
    try:
        told = VERBS[verb](request, leg)
    except Refused as refused:
        return _page(request, _leg(request, pk), wrong=str(refused), wrong_at=verb, status=422)
    moved = [leg.conversation_id] if leg.conversation_id else []
    return answer(request, told, moved=moved, back=f"/legs/{_newest(leg)}/")


def _newest(leg: Leg) -> int:
    """Its number, or that of the leg it was sent on as."""
    return Leg.objects.filter(again_of=leg).values_list("pk", flat=True).first() or leg.pk


def _page(request: Request, leg: Leg, *, status: int = 200, **wrong: Any) -> HttpResponse:
    said = request.POST.dict() | {"verb": wrong.get("wrong_at", "")} if status == 422 else {}
    shown = {"wrong": "", "wrong_at": "", "said": said, **wrong}
    return render(request, "legs/screen.html", page_of(request.user, leg, timezone.now()) | shown, status=status)
