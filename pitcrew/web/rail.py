"""The rail: where one can go. A screen joins it with one line in `PLACES`."""

from dataclasses import dataclass

from django.http import HttpRequest

from pitcrew.web.addresses import url

EVERYBODY, DESK, ADMINISTRATORS = "everybody", "desk", "administrators"


@dataclass(frozen=True)
class Place:
    """``url`` is the name of the first screen; ``under`` starts the address of all its screens."""

    word: str
    icon: str
    url: str
    under: tuple[str, ...]
    who: str = EVERYBODY


PLACES = [
    Place("Conversations", "inbox", "home", ("/queue/", "/conversations/")),
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


def rail(request: HttpRequest) -> list[Item]:
    """The places this person may go to; only whole pages have a rail."""
    if request.headers.get("HX-Request") or not request.user.is_authenticated:
        return []
    may = {EVERYBODY, DESK, *([ADMINISTRATORS] if request.user.is_administrator else [])}
    return [
        Item(place.word, place.icon, url(place.url), request.path.startswith(place.under))
        for place in PLACES
        if place.who in may
    ]
