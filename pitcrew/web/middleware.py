"""What holds for every answer of every screen: safe headers, and a refusal said in words."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from pitcrew.people.refusals import NeedsConfirmation, Refused
from pitcrew.web.closing import NeedsReason
from pitcrew.web.context import nonce
from pitcrew.web.telling import refuse

log = logging.getLogger("pitcrew")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Safety:
    """Sends the headers that keep foreign words from acting. A view may set a stricter policy of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce(request)))
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """PostgreSQL keeps no NUL sign in a text; nobody types one."""
        has_nul = any("\0" in value for values in request.POST.lists() for value in values[1])
        return refuse(request, NUL) if has_nul else None

    def process_exception(self, request: HttpRequest, failure: Exception) -> HttpResponse | None:
        if isinstance(failure, Refused):
            reason_for = ",".join(map(str, failure.ids)) if isinstance(failure, NeedsReason) else ""
            confirms = isinstance(failure, NeedsConfirmation)
            return refuse(request, str(failure), confirms=confirms, reason_for=reason_for)
        if isinstance(failure, OperationalError | InterfaceError):
            log.error("%s could not be shown: %s", request.path, str(failure).strip())
            return failed(request, NO_DATABASE, 503)
        return refuse(request, str(failure) or NOT_THERE, status=404) if isinstance(failure, Http404) else None


NUL = "What was sent holds a sign that no text may hold (NUL). Take it out, then do it again."
NO_DATABASE = (
    "Pitcrew cannot reach its database. Nothing is lost: mail waits at its senders. Try again in a minute; "
    "if it stays, whoever looks after the machine may run: pitcrew doctor"
)
AT_FAULT = "Pitcrew could not do that, the fault is on its side. Try again; if it stays, tell your administrator."
NOT_THERE = "There is nothing at this address, or nothing that you may see."


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No screen has this address."""
    return refuse(request, NOT_THERE, status=404)


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open for too long, or was not ours, asked for an act (settings: CSRF_FAILURE_VIEW)."""
    return refuse(request, "This page is too old to act. Reload it, then do it again.", status=403)


def failed(request: HttpRequest, sentence: str = AT_FAULT, status: int = 500) -> HttpResponse:
    """A fault of ours (urls: handler500). The page asks the database nothing, since that may be what failed."""
    page = render_to_string("pages/failed.html", {"sentence": sentence, "csp_nonce": str, "theme": ""})
    return HttpResponse(page, status=status)
