"""Broken links, the act that mends each, and where customers waited."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pitcrew.people import actions as people
from pitcrew.people.models import Department, Staff
from pitcrew.relays.links import actions as links
from pitcrew.relays.links.queries import legs_that_waited, links_for
from pitcrew.web.acting import Request, acting
from pitcrew.web.forms import Away
from pitcrew.web.links_shown import page_for
from pitcrew.web.rules import administrators_only, leads_only, staff_only
from pitcrew.web.telling import answer, refuse


@staff_only
@require_safe
def index(request: Request) -> HttpResponse:
    """What is broken, by whoever has the next move; what is at risk; where customers waited."""
    kind, department = request.GET.get("kind", ""), request.GET.get("department", "")
    page = page_for(request.user, timezone.now(), kind=kind, department=department)
    return render(request, "links/screen.html", {"page": page})


@staff_only
@require_POST
def mend(request: Request, pk: int) -> HttpResponse:
    """Do what mends it."""
    link = get_object_or_404(links_for(request.user), pk=pk)
    told = links.mend(link, by=acting(request), at=timezone.now())
    moved = [link.conversation_id] if link.conversation_id else []
    return answer(request, told, moved=moved, back="/links/")


@leads_only
@require_safe
def waits(request: Request, pk: int) -> HttpResponse:
    """The legs behind a bar: what ended in a department in the last week, the longest wait first."""
    department = get_object_or_404(Department.everything, pk=pk)
    rows = legs_that_waited(request.user, pk, timezone.now())
    return render(request, "links/waits.html", {"department": department, "rows": rows})


@staff_only
@require_POST
def away(request: Request) -> HttpResponse:
    """Say that I am away, or back."""
    return _away(request, Staff.objects.get(pk=request.user.pk), "/accounts/")


@administrators_only
@require_POST
def colleague_away(request: Request, pk: int) -> HttpResponse:
    """Say that a colleague is away, or back."""
    return _away(request, get_object_or_404(Staff, pk=pk), f"/settings/staff/{pk}/")


def _away(request: Request, staff: Staff, back: str) -> HttpResponse:
    now = timezone.now()
    if request.POST.get("to") == "back":
        people.be_back(staff, by=acting(request), at=now)
        return answer(request, f"{staff} is back.", back=back)
    form = Away(request.POST)
    if not form.is_valid():
        return refuse(request, "That is no moment. Choose a day and an hour.")
    given = form.cleaned_data
    start, until = given["start"] or now, given["until"]
    people.be_away(staff, start, until, substitute=given["substitute"], by=acting(request), at=now)
    return answer(request, f"{staff} is away. What waits for them is shown as broken.", back=back)
