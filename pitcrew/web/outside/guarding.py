"""How pages outside are kept safe without a session.

The word in the address is the right to act, so there is no cookie that another site could ride on (CSRF). Still a form
must come from the page itself, and from the same link: it carries our signature under the link and a moment. Looking
changes nothing, because mail scanners look too.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.core.signing import BadSignature, TimestampSigner
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pitcrew.channels.email.models import Mailbox
from pitcrew.people.models import Department
from pitcrew.people.refusals import Refused
from pitcrew.relays.doors.queries import Shut

PAGE_LIFE = 7 * 24 * 3600  # seconds in which a page that was opened may still act
STALE = "This page was open for too long, or was not ours. Open the link once more, then do it again."
BUSY = "This could not be done just now; nothing was changed. Try again in a minute."
View = Callable[[HttpRequest, str], HttpResponse]


@dataclass(frozen=True)
class Form:
    """What a form of such a page said. ``once`` is its own name: sent twice it is the same."""

    act: str
    words: str
    once: str
    fields: dict[str, str]


def outside(view: View) -> View:
    """A page for people who have nothing but its address."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, word: str) -> HttpResponse:
        if request.method == "POST" and form_name(request, word) is None:
            return _sealed(shut_page(request, STALE, 403))
        try:
            return _sealed(view(request, word))
        except Shut as shut:
            return _sealed(shut_page(request, shut.sentence, 410 if shut.is_known else 404, shut.department))
        except Refused as refusal:
            return _sealed(shut_page(request, str(refusal), 422))
        except (OperationalError, InterfaceError):
            return _sealed(shut_page(request, BUSY, 503))

    guarded.takes_out_nul = True  # type: ignore[attr-defined]
    return guarded


def _sealed(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it is told to no other site, kept by no cache and found by no search."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="pitcrew.outside")


def form_word(word: str) -> str:
    """What a form of the page with this address carries."""
    signed = _signer().sign(f"{secrets.token_hex(8)}.{word}")
    return signed.replace(f".{word}", "", 1)


def form_name(request: HttpRequest, word: str) -> str | None:
    """The name of the form that was sent, None when it was not ours or is too old."""
    name, _, rest = clean(request.POST.get("form", ""))[:200].partition(":")
    try:
        _signer().unsign(f"{name}.{word}:{rest}", max_age=PAGE_LIFE)
    except BadSignature:
        return None
    return name


def clean(text: str) -> str:
    """Words without the sign that no database keeps (NUL), and with one kind of line break."""
    return text.replace("\0", "").replace("\r\n", "\n")


def form(request: HttpRequest, word: str) -> Form:
    """What was sent."""
    fields = {
        name.removeprefix("ask-"): clean(str(value)).strip()
        for name, value in request.POST.items()
        if name.startswith("ask-")
    }
    words, once = clean(request.POST.get("words", "")).strip(), form_name(request, word) or ""
    return Form(request.POST.get("act", ""), words, once, fields)


def shut_page(request: HttpRequest, sentence: str, status: int, department: Department | None = None) -> HttpResponse:
    """A page that says why there is nothing to see or to do, and whom to write to, where that may be told."""
    told = {"sentence": sentence, "contact": contact(department) if department else ""}
    return render(request, "outside/shut.html", told, status=status)


def contact(department: Department) -> str:
    """The address to write to about this department's work; empty where we have none."""
    found = mailbox(department)
    return found.address if found else ""


def mailbox(department: Department) -> Mailbox | None:
    """The mailbox of a department, else the first there is."""
    rows = list(Mailbox.objects.order_by("id"))
    return next((row for row in rows if row.department_id == department.pk), rows[0] if rows else None)
