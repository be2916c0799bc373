"""Staff: who works here, who administrates, and links that let people in."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pitcrew.history.writing import recording
from pitcrew.people import actions as people
from pitcrew.people import sign_in_links
from pitcrew.people.models import Membership, Staff
from pitcrew.web.acting import Request, acting
from pitcrew.web.away import being_away
from pitcrew.web.forms import Colleague, NewColleague
from pitcrew.web.listening import here
from pitcrew.web.rules import administrators_only
from pitcrew.web.settings_page import page
from pitcrew.web.telling import answer

PART = "staff"


@administrators_only
@require_safe
def index(request: Request) -> HttpResponse:
    """Everybody who works here, those who left last."""
    places = Membership.objects.active().select_related("department").order_by("department__name")
    rows = Staff.objects.prefetch_related(Prefetch("memberships", places, to_attr="places"))
    shown = sorted(rows, key=lambda one: (not one.is_active, one.name.casefold()))
    return page(request, "settings/staff.html", part=PART, people=shown)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """Add somebody, and show the link that lets them in."""
    form = NewColleague(request.POST or None)
    if request.method == "POST" and form.done(lambda: _hire(request, form.cleaned_data)):
        back = reverse("colleague", args=[form.result.pk])
        return answer(request, f"{form.result} is on the staff. Make them a link to sign in.", back=back)
    return page(request, "settings/staff_add.html", part=PART, form=form)


def _hire(request: Request, given: dict[str, Any]) -> Staff:
    how: dict[str, Any] = {"by": acting(request), "at": timezone.now()}
    with recording("people.hire", **how):
        hired = people.hire(given["email"], given["name"], is_administrator=given["is_administrator"], **how)
        if given["department"]:
            people.add_member(given["department"], hired, given["role"], **how)
    return hired


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Change a colleague's name, address or standing."""
    colleague = get_object_or_404(Staff, pk=pk)
    form = Colleague.of(colleague, request.POST or None)
    if request.method == "POST" and form.done(lambda: _change(request, colleague, form.cleaned_data)):
        return answer(request, f"{colleague} is changed.", back=reverse("colleague", args=[pk]))
    return _show(request, colleague, form)


def _change(request: Request, colleague: Staff, given: dict[str, Any]) -> None:
    people.change_staff(colleague, **given, by=acting(request), at=timezone.now())


def _show(request: Request, colleague: Staff, form: Colleague, link: str = "") -> HttpResponse:
    places = Membership.objects.active().filter(staff=colleague).select_related("department")
    shown: dict[str, Any] = {
        "form": form,
        "colleague": colleague,
        "places": places.order_by("department__name"),
        "link": link,
    }
    return page(request, "settings/colleague.html", part=PART, **shown, **being_away(colleague))


@administrators_only
@require_POST
def link(request: Request, pk: int) -> HttpResponse:
    """Make a one-time link to hand over. It is shown once, and kept nowhere."""
    colleague = get_object_or_404(Staff, pk=pk)
    token = sign_in_links.make(colleague, timezone.now())
    address = here(request) + reverse("sign-in-once", args=[token])
    return _show(request, colleague, Colleague.of(colleague), link=address)


@administrators_only
@require_POST
def standing(request: Request, pk: int) -> HttpResponse:
    """Deactivate somebody, or let them back in."""
    colleague, how = get_object_or_404(Staff, pk=pk), {"by": acting(request), "at": timezone.now()}
    if request.POST.get("to") == "active":
        people.reactivate(colleague, **how)
        told = f"{colleague} can sign in again."
    else:
        people.deactivate(colleague, **how)
        told = f"{colleague} can no longer sign in. What they did stays."
    return answer(request, told, back=reverse("colleague", args=[pk]))
