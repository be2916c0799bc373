"""Departments: open one, call it otherwise, its signature, who works in it."""

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pitcrew.channels.email.models import Mailbox
from pitcrew.people import actions as people
from pitcrew.people.access import leads
from pitcrew.people.models import Department, Membership, Role
from pitcrew.web.acting import Request, acting
from pitcrew.web.forms import DepartmentName, Member, Signature
from pitcrew.web.rules import administrators_only, leads_only
from pitcrew.web.settings_page import page
from pitcrew.web.telling import answer

PART = "departments"


def _led(request: Request, pk: int) -> Department:
    """The department of this number, if this person leads it."""
    department = get_object_or_404(Department, pk=pk)
    if not leads(request.user, department):
        raise Http404("There is no such department that you lead.")
    return department


def _back(department: Department) -> str:
    return reverse("department", args=[department.pk])


@leads_only
@require_safe
def index(request: Request) -> HttpResponse:
    """The departments this person leads; an administrator sees all."""
    members = Membership.objects.active().select_related("staff").order_by("staff__name")
    boxes = Count("mailboxes", filter=Q(mailboxes__retired_at=None), distinct=True)
    rows = Department.objects.annotate(boxes=boxes).order_by("name")
    rows = rows.prefetch_related(Prefetch("memberships", members, to_attr="members"))
    shown = [row for row in rows if leads(request.user, row)]
    return page(request, "settings/departments.html", part=PART, departments=shown)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: Request) -> HttpResponse:
    """Open a department."""
    form = DepartmentName(request.POST or None)

    def act() -> Department:
        return people.open_department(form.cleaned_data["name"], by=acting(request), at=timezone.now())

    if request.method == "POST" and form.done(act):
        return answer(request, f"{form.result} is open. Say who works there.", back=_back(form.result))
    return page(request, "settings/department_open.html", part=PART, form=form)


@leads_only
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """One department."""
    return _show(request, _led(request, pk))


def _show(request: Request, department: Department, **forms: Any) -> HttpResponse:
    members = Membership.objects.active().filter(department=department).select_related("staff")
    shown = {
        "name_form": DepartmentName(initial={"name": department.name}),
        "signature_form": Signature(initial={"signature": department.signature}),
        "member_form": Member(),
        **forms,
    }
    more = {"members": members.order_by("staff__name"), "roles": Role.choices, "department": department}
    more["mailboxes"] = Mailbox.objects.filter(department=department).order_by("address")
    status = 422 if forms else 200
    return page(request, "settings/department.html", part=PART, status=status, **shown, **more)


@administrators_only
@require_POST
def rename(request: Request, pk: int) -> HttpResponse:
    """Call it otherwise."""
    department, form = _led(request, pk), DepartmentName(request.POST)

    def act() -> None:
        people.change_department(department, name=form.cleaned_data["name"], by=acting(request), at=timezone.now())

    if form.done(act):
        return answer(request, f"The department is called {department} now.", back=_back(department))
    return _show(request, department, name_form=form)


@leads_only
@require_POST
def sign(request: Request, pk: int) -> HttpResponse:
    """Change what stands below its answers."""
    department, form = _led(request, pk), Signature(request.POST)

    def act() -> None:
        signature = form.cleaned_data["signature"].rstrip()
        people.change_department(department, signature=signature, by=acting(request), at=timezone.now())

    if form.done(act):
        return answer(request, f"The signature of {department} is changed.", back=_back(department))
    return _show(request, department, signature_form=form)


@leads_only
@require_POST
def place(request: Request, pk: int) -> HttpResponse:
    """Give somebody a place in it, or another role."""
    department, form = _led(request, pk), Member(request.POST)

    def act() -> None:
        given = form.cleaned_data
        people.add_member(department, given["staff"], given["role"], by=acting(request), at=timezone.now())

    if form.done(act):
        given = form.cleaned_data
        told = f"{given['staff']} is {Role(given['role']).label.lower()} in {department}."
        return answer(request, told, back=_back(department))
    return _show(request, department, member_form=form)


@leads_only
@require_POST
def remove(request: Request, pk: int, member: int) -> HttpResponse:
    """Take somebody out of it."""
    department = _led(request, pk)
    membership = get_object_or_404(Membership.objects.select_related("staff"), pk=member, department=department)
    people.remove_member(membership, by=acting(request), at=timezone.now())
    return answer(request, f"{membership.staff} no longer works in {department}.", back=_back(department))
