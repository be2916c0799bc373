"""The track: where the work is, who has it, since when, until when, what is next, and where the time went.

The times come from the moments of the legs. Each leg lies in one department for the whole of its life (sent again, it
is a leg of its own), so the department had it from ``offered_at`` to ``ended_at``, without the seconds ``away``, in
which the sender had to answer; of these it waited to be accepted until ``accepted_at``.
"""

from dataclasses import dataclass, field
from datetime import datetime

from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries.ready import Ready
from pitcrew.people.models import Department
from pitcrew.relays.models import ENDED, Edition, Leg, Relay, Stage
from pitcrew.relays.queries.legs import LEG, _of
from pitcrew.relays.queries.parties import Party, party_of, staffed


@dataclass(frozen=True)
class Station:
    """One leg on the track. ``seconds`` its department had it, ``waiting`` of them before it was accepted."""

    leg: Leg
    party: Party | None
    since: datetime | None
    until: datetime | None
    seconds: int = 0
    waiting: int = 0
    away: int = 0
    told: str = ""
    is_replaced: bool = False

    @property
    def name(self) -> str:
        return self.leg.name

    @property
    def department(self) -> Department:
        return self.leg.department

    @property
    def stage(self) -> str:
        return self.leg.stage

    @property
    def baton(self) -> str:
        """Who has it, by name."""
        return self.party.name if self.party else ""


@dataclass
class Track:
    """All stations of a conversation's relays, or of one relay."""

    stations: list[Station] = field(default_factory=list)

    @property
    def relays(self) -> list[Relay]:
        return list({station.leg.relay_id: station.leg.relay for station in self.stations}.values())

    @property
    def live(self) -> list[Station]:
        return [station for station in self.stations if station.leg.is_live]

    @property
    def next(self) -> Station | None:
        """What comes after what is out now."""
        return next((station for station in self.stations if station.stage == Stage.AHEAD), None)

    @property
    def is_running(self) -> bool:
        return bool(self.live) or self.next is not None

    @property
    def spent(self) -> list[tuple[Department, int]]:
        """The seconds in each department, in the order in which they first had it; questions count for their sender."""
        found: dict[Department, int] = {}
        for station in self.stations:
            if station.leg.offered_at is not None:
                found[station.department] = found.get(station.department, 0) + station.seconds
                if station.away and station.leg.sent_from is not None:
                    found[station.leg.sent_from] = found.get(station.leg.sent_from, 0) + station.away
        return list(found.items())


@Ready
def _of_relay(relay):
    return Leg.objects.filter(relay=relay).order_by("order", "pk").values_list(*LEG.names)


@Ready
def _steps(ids):
    return Edition.objects.filter(pk__in=ids).values_list("pk", "steps")


def track(conversation: Conversation, at: datetime) -> Track:
    """The track of a conversation."""
    return _track(LEG.rows(_of(conversation.pk)), at)


def track_of(relay: Relay, at: datetime) -> Track:
    """The track of one relay, for instance of a problem's."""
    return _track(LEG.rows(_of_relay(relay.pk)), at)


def _track(legs: list[Leg], at: datetime) -> Track:
    if not legs:
        return Track()
    asked = {pk for leg in legs if leg.is_live for pk in (leg.department_id, leg.sent_from_id, leg.relay.home_id) if pk}
    with_people = staffed(asked)
    editions = sorted({leg.relay.edition_id for leg in legs if leg.relay.edition_id})
    told = {(pk, s["key"]): s.get("told") or "" for pk, steps in _steps.of_many(editions) for s in steps}
    replaced = {leg.again_of_id for leg in legs if leg.again_of_id}
    return Track([_station(leg, at, with_people, told, replaced) for leg in legs])


def _station(leg: Leg, at: datetime, with_people: set[int], told: dict, replaced: set[int]) -> Station:
    words = told.get((leg.relay.edition_id, leg.step), "")
    since = leg.baton_since if leg.is_live else leg.ended_at if leg.stage in ENDED else None
    seconds, waiting, away = spent_in(leg, at)
    party = party_of(leg, with_people)
    return Station(leg, party, since, leg.by_when, seconds, waiting, away, words, leg.pk in replaced)


def spent_in(leg: Leg, at: datetime) -> tuple[int, int, int]:
    """The seconds its department had this leg, those of them before it was accepted, and those it was away."""
    if leg.offered_at is None:
        return 0, 0, 0
    end = leg.ended_at or at
    away = leg.away
    if leg.stage in (Stage.ASKED, Stage.RETURNED) and leg.baton_since is not None:
        away += _seconds(leg.baton_since, at)
    seconds = max(0, _seconds(leg.offered_at, end) - away)
    waiting = min(seconds, _seconds(leg.offered_at, leg.accepted_at or end))
    return seconds, waiting, away


def _seconds(one: datetime, other: datetime) -> int:
    """Never less than none, also when a clock was set back."""
    return max(0, int((other - one).total_seconds()))
