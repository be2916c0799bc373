"""The track of a conversation as a line of stations: who has the baton, what is next, where the time went."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pitcrew.conversations.models import Conversation
from pitcrew.relays.models import Leg, Stage
from pitcrew.relays.queries import Station as Stop
from pitcrew.relays.queries import Track as Told
from pitcrew.relays.queries import track
from pitcrew.web.batons import OVER, Standing, owed, span, standing

WIDE = 1000  # units of the bar that shows where the time went
SHORTEST = timedelta(minutes=1)  # less of anything is no piece of the bar


@dataclass(frozen=True)
class Station:
    """One stop. ``leg`` is its number; None for where it began."""

    name: str
    tone: str
    words: str = ""
    spent: str = ""
    leg: int | None = None
    has_baton: bool = False


@dataclass(frozen=True)
class Bar:
    """A piece of the time; ``hue`` None is waiting between two."""

    told: str
    hue: int | None
    x: int
    width: int


@dataclass
class Track:
    """``live`` are the legs that are out, each with how it stands; ``next`` names what comes after them."""

    stations: list[Station] = field(default_factory=list)
    live: list[tuple[Leg, Standing]] = field(default_factory=list)
    next: str = ""
    bars: list[Bar] = field(default_factory=list)
    spent_told: str = ""


def track_of(conversation: Conversation, at: datetime, staff: int = 0) -> Track | None:
    """The track of a conversation, as this person (id) would say it; None where nothing was handed over."""
    told: Told = track(conversation, at)
    if not told.stations:
        return None
    promises = owed([stop.leg.pk for stop in told.live]) if told.live else {}
    stands = {stop.leg.pk: standing(stop.leg, promises.get(stop.leg.pk), at, staff) for stop in told.stations}
    pieces = _pieces(conversation, told)
    return Track(
        [_beginning(conversation, told), *(_station(stop, stands[stop.leg.pk]) for stop in told.stations)],
        [(stop.leg, stands[stop.leg.pk]) for stop in told.live],
        told.next.name if told.next else "",
        _bars(pieces),
        ", ".join(f"{word} {span(passed)}" for word, passed in _summed(pieces).items()),
    )


def _beginning(conversation: Conversation, told: Told) -> Station:
    first = told.stations[0].leg.relay
    return Station(first.home.name, OVER, spent=clockwise(first.started_at - conversation.opened_at))


def _station(stop: Stop, stands: Standing) -> Station:
    leg = stop.leg
    where = leg.partner or ("" if leg.department.name == leg.name else leg.department.name)
    ended = stands.words if leg.stage in (Stage.WITHDRAWN, Stage.SKIPPED) else ""
    ended = "given back, sent again" if stop.is_replaced else ended
    words = ", ".join(word for word in (where, stands.holder if leg.is_live else ended.lower()) if word)
    passed = timedelta(seconds=stop.seconds) if leg.offered_at else None
    return Station(leg.name, stands.tone, words, clockwise(passed), leg.pk, leg.is_live)


Piece = tuple[str, int | None, timedelta]


def _pieces(conversation: Conversation, told: Told) -> list[Piece]:
    """Where the time went, in order: in a department, or waiting until the next one took it."""
    first = told.stations[0].leg.relay
    pieces: list[Piece] = [(first.home.name, first.home.hue % 10, first.started_at - conversation.opened_at)]
    for stop in told.stations:
        name, hue = stop.leg.partner or stop.department.name, stop.department.hue % 10
        pieces.append(("waiting", None, timedelta(seconds=stop.waiting)))
        pieces.append((name, hue, timedelta(seconds=stop.seconds - stop.waiting)))
        if stop.away and stop.leg.sent_from:
            home = stop.leg.sent_from
            pieces.append((f"answered by {home.name}", home.hue % 10, timedelta(seconds=stop.away)))
    return [piece for piece in pieces if piece[2] >= SHORTEST]


def _summed(pieces: list[Piece]) -> dict[str, timedelta]:
    found: dict[str, timedelta] = {}
    for word, _, passed in pieces:
        found[word] = found.get(word, timedelta()) + passed
    return found


def _bars(pieces: list[Piece]) -> list[Bar]:
    whole = sum((passed for _, _, passed in pieces), timedelta()) or SHORTEST
    bars, x = [], 0
    for word, hue, passed in pieces:
        width = max(round(WIDE * (passed / whole)), 4)
        bars.append(Bar(f"{word}, {span(passed)}", hue, x, width))
        x += width
    return bars


def clockwise(passed: timedelta | None) -> str:
    """A length of time as a station shows it: 0:18, 2:10, 3 d."""
    if passed is None:
        return ""
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return ""
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes < 48 * 60 else f"{minutes // 1440} d"
