"""The palette that asks what a verb still needs: to whom, where to, until when, which word."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from pitcrew.conversations.models import Conversation, Priority, Tag, Tagging
from pitcrew.conversations.queries import chosen
from pitcrew.people.models import Department, Staff
from pitcrew.web.acting import Request
from pitcrew.web.asked import numbers
from pitcrew.web.moments import choices
from pitcrew.web.rules import desk_only
from pitcrew.web.tabs import TABS


@desk_only
def ask(request: Request, what: str) -> HttpResponse:
    """The choices for one verb, for the chosen conversations."""
    if what not in QUESTIONS:
        raise Http404("There is nothing to ask about that.")
    ids = chosen(request.user, numbers(request.GET.get("ids", "")))
    every = request.GET.get("all", "") if request.GET.get("all", "") in TABS else ""
    shown = {"what": what, "ids": ",".join(map(str, ids)), "all": every, "one": len(ids) == 1 and not every}
    return render(request, f"asking/{what}.html", shown | QUESTIONS[what](request, ids))


def _assign(request: Request, ids: list[int]) -> dict[str, Any]:
    departments = Conversation.objects.filter(pk__in=ids).values("department")
    able = Q(is_administrator=True) | Q(memberships__department__in=departments, memberships__retired_at=None)
    people = Staff.objects.filter(able, deactivated_at=None).distinct().order_by("name")[:200]
    return {"people": sorted(people, key=lambda person: person.pk != request.user.pk)}


def _transfer(request: Request, ids: list[int]) -> dict[str, Any]:
    return {"departments": Department.objects.order_by("name")}


def _snooze(request: Request, ids: list[int]) -> dict[str, Any]:
    return {"choices": choices(timezone.now())}


def _prioritise(request: Request, ids: list[int]) -> dict[str, Any]:
    return {"priorities": Priority.choices[::-1]}


def _tag(request: Request, ids: list[int]) -> dict[str, Any]:
    worn = set(Tagging.objects.filter(conversation__in=ids).values_list("tag__name", flat=True))
    return {"worn": sorted(worn), "tags": Tag.objects.exclude(name__in=worn).order_by("name")[:200]}


def _more(request: Request, ids: list[int]) -> dict[str, Any]:
    return {"conversation": Conversation.objects.filter(pk__in=ids).first() if len(ids) == 1 else None}


def _merge(request: Request, ids: list[int]) -> dict[str, Any]:
    rows = Conversation.objects.filter(pk__in=ids).order_by("pk")
    others = Conversation.objects.visible_to(request.user).filter(
        customer__in=rows.values("customer"), merged_into=None
    )
    return {"chosen": rows[:1], "others": others.exclude(pk__in=ids).order_by("-last_message_at")[:8]}


QUESTIONS = {
    "assign": _assign,
    "transfer": _transfer,
    "snooze": _snooze,
    "tag": _tag,
    "prioritise": _prioritise,
    "more": _more,
    "merge": _merge,
}
