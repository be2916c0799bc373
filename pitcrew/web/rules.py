"""Who may open which screen: every view wears one of these, and says which by ``rule``."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from pitcrew.people.access import leads, works_the_desk
from pitcrew.people.models import Staff
from pitcrew.web.acting import acting
from pitcrew.web.telling import refuse

__all__ = ["acting", "administrators_only", "anybody", "desk_only", "leads_only", "staff_only"]

View = Callable[..., HttpResponseBase]


def _ruled(name: str, allowed: Callable[[Staff], bool], sentence: str) -> Callable[[View], View]:
    def rule(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_the_door(request)
            if not allowed(request.user):
                return refuse(request, sentence, status=403)
            return view(request, *args, **kwargs)

        guarded.rule = name  # type: ignore[attr-defined]
        return guarded

    return rule


def _to_the_door(request: HttpRequest) -> HttpResponse:
    """A page leads to the door and back; a fragment makes the page go there itself."""
    door = resolve_url(settings.LOGIN_URL)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": door})
    back = f"?next={quote(request.get_full_path())}" if request.method == "GET" else ""
    return HttpResponseRedirect(door + back)


def anybody(view: View) -> View:
    """Open to people who have not signed in."""
    view.rule = "anybody"  # type: ignore[attr-defined]
    return view


staff_only = _ruled("staff", lambda staff: staff.is_active, "Your account is no longer active. Ask an administrator.")
desk_only = _ruled("desk", works_the_desk, "Only people who answer customers may do that. Ask a lead to add you.")
leads_only = _ruled("lead", leads, "Only a lead or an administrator may open this. Ask one of them.")
administrators_only = _ruled(
    "administrator",
    lambda staff: staff.is_active and staff.is_administrator,
    "Only an administrator may open this. Ask one of them.",
)
