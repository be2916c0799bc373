"""The settings of what we owe: policies, working hours, and the usual ones by one press."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pitcrew.promises import actions
from pitcrew.promises.models import Calendar, Policy
from pitcrew.web.acting import Request, how
from pitcrew.web.promise_forms import CalendarForm, PolicyForm, TryOut
from pitcrew.web.promises_shown import coming, shown_calendar, shown_policy, tried
from pitcrew.web.rules import administrators_only
from pitcrew.web.settings_page import page
from pitcrew.web.telling import answer

PART = "promises"


@administrators_only
@require_safe
def index(request: Request) -> HttpResponse:
    """What is promised to whom, at a glance; and what a mail that came now would be promised."""
    policies = Policy.objects.select_related("department", "organization").order_by("rank", "pk")
    calendars = Calendar.objects.select_related("department").order_by("department__name", "pk")
    form = TryOut(request.GET if "department" in request.GET else None)
    shown: dict[str, Any] = {
        "policies": [shown_policy(p) for p in policies],
        "calendars": [shown_calendar(c) for c in calendars],
    }
    return page(request, "settings/promises.html", part=PART, tryout=form, tried=tried(form, timezone.now()), **shown)


@administrators_only
@require_POST
def usual(request: Request) -> HttpResponse:
    """Start with usual promises."""
    actions.start_with_the_usual(timezone.get_default_timezone_name(), **how(request))
    return answer(request, "First reply in 8 hours, solution in 3 days: promised from now on.", back=reverse(PART))


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_policy(request: Request) -> HttpResponse:
    """Promise something to somebody."""
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.done(lambda: actions.add_policy(**form.told(), **how(request))):
        return answer(request, f"{form.cleaned_data['name']} is promised from now on.", back=reverse(PART))
    return page(request, "settings/policy.html", part=PART, form=form, policy=None)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_policy(request: Request, pk: int) -> HttpResponse:
    """Promise something else."""
    policy = get_object_or_404(Policy, pk=pk)
    form = PolicyForm(request.POST or None, policy=policy)
    if request.method == "POST" and form.done(lambda: actions.change_policy(policy, **form.told(), **how(request))):
        return answer(request, f"{policy.name} is changed.", back=reverse(PART))
    return page(request, "settings/policy.html", part=PART, form=form, policy=policy)


@administrators_only
@require_POST
def remove_policy(request: Request, pk: int) -> HttpResponse:
    """Promise it no more."""
    policy = get_object_or_404(Policy, pk=pk)
    actions.remove_policy(policy, **how(request))
    return answer(request, f"{policy.name} is promised no more.", back=reverse(PART))


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_calendar(request: Request) -> HttpResponse:
    """Say when people work."""
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.done(lambda: actions.add_calendar(**form.told(), **how(request))):
        return answer(request, f"{form.cleaned_data['name']} is kept.", back=reverse(PART))
    return page(request, "settings/calendar.html", part=PART, form=form, calendar=None, coming=[])


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_calendar(request: Request, pk: int) -> HttpResponse:
    """Work at other times."""
    calendar = get_object_or_404(Calendar, pk=pk)
    form = CalendarForm(request.POST or None, calendar=calendar)
    if request.method == "POST" and form.done(lambda: actions.change_calendar(calendar, **form.told(), **how(request))):
        return answer(request, f"{calendar.name} is changed.", back=reverse(PART))
    shown: dict[str, Any] = {"calendar": calendar, "coming": coming(calendar, timezone.localdate())}
    return page(request, "settings/calendar.html", part=PART, form=form, **shown)


@administrators_only
@require_POST
def remove_calendar(request: Request, pk: int) -> HttpResponse:
    """Work as the house does."""
    calendar = get_object_or_404(Calendar, pk=pk)
    actions.remove_calendar(calendar, **how(request))
    return answer(request, f"{calendar.name} is removed.", back=reverse(PART))
