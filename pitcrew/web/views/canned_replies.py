"""Canned replies: answers that are given often, with gaps that are filled in."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pitcrew.conversations import actions
from pitcrew.conversations.models import CannedReply
from pitcrew.people.access import departments_worked, leads
from pitcrew.people.models import Staff
from pitcrew.web.acting import Request, acting
from pitcrew.web.canned_example import example
from pitcrew.web.forms import CannedReplyForm
from pitcrew.web.rules import desk_only
from pitcrew.web.settings_page import page
from pitcrew.web.telling import answer

PART = "canned-replies"


def _own(staff: Staff) -> QuerySet[CannedReply]:
    """The replies this person may change: those of their departments; for leads also those of every department."""
    mine = Q(department__in=departments_worked(staff))
    return CannedReply.objects.filter(mine | Q(department=None) if leads(staff) else mine)


def _form(request: Request, reply: CannedReply | None = None) -> CannedReplyForm:
    departments = departments_worked(request.user).order_by("name")
    return CannedReplyForm(request.POST or None, departments=departments, everywhere=leads(request.user), reply=reply)


@desk_only
@require_safe
def index(request: Request) -> HttpResponse:
    """Every canned reply this person can use."""
    usable = Q(department=None) | Q(department__in=departments_worked(request.user))
    rows = CannedReply.objects.filter(usable).select_related("department").order_by("name")
    changeable = set(_own(request.user).values_list("pk", flat=True))
    return page(request, "settings/canned_replies.html", part=PART, replies=rows, changeable=changeable)


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """Keep an answer for reuse."""
    form = _form(request)

    def act() -> None:
        actions.add_canned(**form.cleaned_data, by=acting(request), at=timezone.now())

    if request.method == "POST" and form.done(act):
        return answer(request, f"{form.cleaned_data['name']} is kept.", back=reverse(PART))
    return _page(request, form, None)


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Change a canned reply."""
    reply = get_object_or_404(_own(request.user), pk=pk)
    form = _form(request, reply)

    def act() -> None:
        actions.change_canned(reply, **form.cleaned_data, by=acting(request), at=timezone.now())

    if request.method == "POST" and form.done(act):
        return answer(request, f"{reply.name} is changed.", back=reverse(PART))
    return _page(request, form, reply)


@desk_only
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Remove a canned reply."""
    reply = get_object_or_404(_own(request.user), pk=pk)
    actions.remove_canned(reply, by=acting(request), at=timezone.now())
    return answer(request, f"{reply.name} is removed.", back=reverse(PART))


def _page(request: Request, form: CannedReplyForm, reply: CannedReply | None) -> HttpResponse:
    shown: dict[str, Any] = {"form": form, "reply": reply, "example": example(request.user)}
    return page(request, "settings/canned_reply.html", part=PART, **shown)
