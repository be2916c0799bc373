"""Every page of the settings: its parts, as far as this person may open them, and the part itself."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from pitcrew.people.access import leads, works_the_desk
from pitcrew.people.models import Staff
from pitcrew.web.acting import Request


@dataclass(frozen=True)
class Part:
    word: str
    url: str


YOU = Part("You", "mfa_index")


def parts(staff: Staff) -> list[Part]:
    """The parts of the settings this person may open; everybody has at least their own."""
    found = []
    if staff.is_administrator:
        found.append(Part("Mailboxes", "mailboxes"))
    if leads(staff):
        found.append(Part("Departments", "departments"))
        found.append(Part("Relays", "relay-templates"))
    if staff.is_administrator:
        found.append(Part("Staff", "staff"))
        found.append(Part("Promises", "promises"))
    if works_the_desk(staff):
        found.append(Part("Canned replies", "canned-replies"))
    return [*found, YOU]


def page(request: Request, template: str, *, part: str, status: int = 200, **shown: Any) -> HttpResponse:
    """A page of the settings; ``part`` is the name of the URL of the part it belongs to."""
    form = shown.get("form")
    if status == 200 and form is not None and form.is_bound and form.errors:
        status = 422
    return render(request, template, {"parts": parts(request.user), "part": part, **shown}, status=status)
