"""The rail: where one can go. A screen joins it with one line in `PLACES`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from pitcrew.conversations.queries.ready import Ready
from pitcrew.people.access import DESK_ROLES
from pitcrew.people.models import Membership, Staff
from pitcrew.web.addresses import url
from pitcrew.web.legs_listed import count_for
from pitcrew.web.links_shown import broken_for

EVERYBODY, DESK, ADMINISTRATORS = "everybody", "desk", "administrators"


@dataclass(frozen=True)
class Place:
    """``url`` is the name of the first screen; ``under`` starts the address of all its screens.

    ``counts`` says how much waits there for somebody.
    """

    word: str
    icon: str
    url: str
    under: tuple[str, ...]
    who: str = EVERYBODY
    counts: Callable[[Staff], int] | None = None


PLACES = [
    Place("Conversations", "inbox", "home", ("/queue/", "/conversations/")),
    Place("Relay", "route", "legs", ("/legs/",), counts=count_for),
    Place("Broken links", "unlink", "links", ("/links/",), counts=broken_for),
    Place("Search", "search", "search", ("/search/",)),
    Place("Problems", "link-2", "problems", ("/problems/", "/victories/")),
    Place("History", "history", "history", ("/history/",)),
    Place("Outbox", "send", "outbox", ("/outbox/",), DESK),
    Place("Quarantine", "shield-alert", "quarantine", ("/quarantine/",), DESK),
    Place("Settings and you", "settings", "settings", ("/settings/", "/accounts/")),
]


@dataclass(frozen=True)
class Item:
    word: str
    icon: str
    address: str
    is_here: bool
    count: int = 0


@Ready
def _at_the_desk(staff):
    places = Membership.objects.active().filter(staff=staff, role__in=DESK_ROLES)
    return places.order_by().values_list("pk")[:1]


def _kinds(staff: Staff) -> set[str]:
    if staff.is_administrator:
        return {EVERYBODY, DESK, ADMINISTRATORS}
    return {EVERYBODY, DESK} if _at_the_desk(staff.pk) else {EVERYBODY}


def rail(request: HttpRequest) -> list[Item]:
    """The places this person may go to; only whole pages have a rail."""
    if request.headers.get("HX-Request") or not request.user.is_authenticated:
        return []
    may = _kinds(request.user)
    return [
        Item(
            place.word,
            place.icon,
            url(place.url),
            request.path.startswith(place.under),
            place.counts(request.user) if place.counts else 0,
        )
        for place in PLACES
        if place.who in may
    ]
