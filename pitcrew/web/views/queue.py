"""The queue: what waits, in tabs, a page at a time."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pitcrew.conversations.queries import Page, queue
from pitcrew.people.access import works_the_desk
from pitcrew.relays.links.queries import marked
from pitcrew.web.acting import Request
from pitcrew.web.batons import batons_of
from pitcrew.web.moments import told_moment
from pitcrew.web.owed import owed_by_row
from pitcrew.web.rules import staff_only
from pitcrew.web.tabs import ALL, FIRST, TABS, Tab

MOST_ROWS = 500


@staff_only
def home(request: Request) -> HttpResponse:
    """The desk starts with what is open; who does not answer customers begins with what is asked of them."""
    return redirect("queue", "open") if works_the_desk(request.user) else redirect("legs")


@staff_only
def show(request: Request, name: str) -> HttpResponse:
    """One tab: the whole screen, or only its list for a page that is there already."""
    shown = listed(request, tab_named(name))
    fragment = "queue/list.html" if request.headers.get("HX-Request") else "queue/screen.html"
    if "after" in request.GET:
        fragment = "queue/more.html"
    return render(request, fragment, shown)


def tab_named(name: str) -> Tab:
    if name not in TABS:
        raise Http404("There is no such tab.")
    return TABS[name]


def listed(request: Request, tab: Tab) -> dict[str, Any]:
    """What the list of a tab shows."""
    rows = request.GET.get("rows", "")
    limit = min(max(int(rows), 50), MOST_ROWS) if rows.isdecimal() and len(rows) < 5 else 50
    page: Page = queue(request.user, tab.shows(request.user), after=_cursor(request), limit=limit)
    return {
        "tab": tab,
        "tabs": ALL[:FIRST] + [tab] * (tab not in ALL[:FIRST]),
        "more_tabs": ALL[FIRST:],
        "page": page,
        "broken": marked([row.pk for row in page.rows]),
        "batons": batons_of([row.pk for row in page.rows], request.user.pk, timezone.now()),
        "owed": owed_by_row((row.pk for row in page.rows), timezone.now()),
        "after": _written(page.after),
    }


def _cursor(request: Request) -> tuple[datetime, int] | None:
    moment, _, number = request.GET.get("after", "").rpartition("_")
    at = told_moment(moment)
    return (at, int(number)) if at and number.isdecimal() and len(number) < 16 else None


def _written(after: tuple[datetime, int] | None) -> str:
    return f"{after[0].isoformat()}_{after[1]}" if after else ""
