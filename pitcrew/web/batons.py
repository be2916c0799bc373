"""Who has the baton of a leg, and how its promise stands: in a light, and in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pitcrew.conversations.queries.ready import Ready, Shape
from pitcrew.people.models import Department, Staff
from pitcrew.promises.models import Promise
from pitcrew.relays.models import LIVE, Leg, Stage
from pitcrew.web.telling_time import clock

ON_TIME, AT_RISK, BROKEN, AHEAD, OVER = "on-time", "at-risk", "broken", "ahead", "over"
SOON = timedelta(hours=1)  # before its end a promise is at risk, also where nobody has warned
OWED = Shape(Promise, ("leg", "due_at", "warned_at", "broken_at", "paused_at"))
ROW = Shape(
    Leg,
    ("conversation_id", "name", "partner", "stage", "baton_since", "by_when", "department_id", "holder_id")
    + ("sender_id", "sent_from_id"),
    {
        "department": Shape(Department, ("name", "hue")),
        "holder": Shape(Staff, ("name", "email")),
        "sender": Shape(Staff, ("name", "email")),
        "sent_from": Shape(Department, ("name", "hue")),
    },
)


@dataclass(frozen=True)
class Standing:
    """``until`` is the nearer of what is promised and what the brief asks; None when nobody owes anything now."""

    tone: str
    words: str
    until: datetime | None = None
    holder: str = ""


@Ready
def _owed(legs):
    open_ones = Promise.objects.filter(leg__in=legs, kept_at=None, released_at=None)
    return open_ones.order_by("due_at").values_list(*OWED.names)


@Ready
def _live(conversations):
    rows = Leg.objects.filter(conversation__in=conversations, baton_since__isnull=False)
    return rows.order_by("baton_since", "pk").values_list(*ROW.names)


def owed(legs: list[int]) -> dict[int, Promise]:
    """The next open promise of each of these legs (ids)."""
    found: dict[int, Promise] = {}
    for promise in OWED.rows(_owed.of_many(legs)):
        found.setdefault(promise.leg, promise)
    return found


def live_legs(conversations: list[int]) -> dict[int, list[Leg]]:
    """The legs that are out, by conversation (id), who has waited longest first."""
    found: dict[int, list[Leg]] = {}
    for leg in ROW.rows(_live.of_many(conversations)):
        found.setdefault(leg.conversation_id, []).append(leg)
    return found


def standing(leg: Leg, promise: Promise | None, at: datetime, staff: int = 0) -> Standing:
    """How a leg stands, for somebody (id) who looks."""
    if leg.stage not in LIVE:
        return Standing(AHEAD if leg.stage == Stage.AHEAD else OVER, ENDS.get(leg.stage, "Over"))
    until = min((moment for moment in (promise and promise.due_at, leg.by_when) if moment), default=None)
    is_back = leg.stage in (Stage.ASKED, Stage.RETURNED)
    return Standing(_tone(promise, until, at, is_back=is_back), _words(leg, until, at), until, holder(leg, staff))


@dataclass(frozen=True)
class Baton:
    """What a row of the queue says of the leg that is out: who has it, in which light, until when."""

    leg: Leg
    where: Department | str
    tone: str
    words: str


def batons_of(conversations: list[int], staff: int, at: datetime) -> dict[int, Baton]:
    """The baton of each of these conversations (ids); one question for all, one more where any is out."""
    found = live_legs(conversations)
    promises = owed([legs[0].pk for legs in found.values()]) if found else {}
    return {pk: _baton(legs, promises.get(legs[0].pk), at, staff) for pk, legs in found.items()}


def _baton(legs: list[Leg], promise: Promise | None, at: datetime, staff: int) -> Baton:
    leg, told = legs[0], standing(legs[0], promise, at, staff)
    is_back = leg.stage in (Stage.ASKED, Stage.RETURNED)
    where = (leg.sent_from or leg.department) if is_back else leg.partner or leg.department
    words = (
        told.words.lower() if is_back or told.tone == BROKEN else f"until {clock(told.until, at)}" if told.until else ""
    )
    more = f", {len(legs) - 1} more out" if len(legs) > 1 else ""
    return Baton(leg, where, told.tone, words + more)


ENDS: dict[str, str] = {
    Stage.AHEAD: "Comes later",
    Stage.DONE: "Done",
    Stage.SKIPPED: "Skipped",
    Stage.WITHDRAWN: "Taken back",
}


def _tone(promise: Promise | None, until: datetime | None, at: datetime, *, is_back: bool) -> str:
    """What is back with its sender waits for somebody who may not look: it is at risk."""
    if (promise and promise.broken_at) or (until and until <= at):
        return BROKEN
    if is_back or (promise and promise.warned_at) or (until and until - at <= SOON):
        return AT_RISK
    return ON_TIME


def _words(leg: Leg, until: datetime | None, at: datetime) -> str:
    if leg.stage == Stage.ASKED:
        return "A question is open"
    if leg.stage == Stage.RETURNED:
        return "Given back"
    if until is None:
        return "Out"
    return f"{span(until - at)} left" if until > at else f"{span(at - until)} late"


def holder(leg: Leg, staff: int = 0) -> str:
    """Who has the next move, as this person would say it."""
    if leg.stage in (Stage.ASKED, Stage.RETURNED):
        return "your move" if leg.sender_id and leg.sender_id == staff else f"{who_has(leg)} has the next move"
    if leg.stage == Stage.OFFERED:
        return f"offered to {leg.holder}, not taken yet" if leg.holder_id else "nobody has taken it yet"
    if leg.holder_id is None:
        return f"{leg.partner or leg.department} has it"
    return "you have it" if leg.holder_id == staff else f"{leg.holder} has it"


def who_has(leg: Leg) -> str:
    """The party with the baton: the department, the partner, or, for a question and a return, who sent it."""
    if leg.stage in (Stage.ASKED, Stage.RETURNED):
        return str(leg.sender or leg.sent_from or "The sender")
    return leg.partner or str(leg.department)


def title(leg: Leg) -> str:
    """What a leg is about: its name, or what is needed where it has only its department's name."""
    need = leg.need.strip().splitlines()[:1]
    if not need or leg.name != leg.department.name:
        return leg.name
    return need[0] if len(need[0]) <= 90 else need[0][:89].rstrip() + "…"


def span(passed: timedelta) -> str:
    """A length of time as people say it: 12 min, 2 h 10, 3 d 4 h."""
    minutes = max(int(passed.total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}" if minutes % 60 else f"{minutes // 60} h"
    days, hours = minutes // 1440, minutes % 1440 // 60
    return f"{days} d {hours} h" if hours and days < 10 else f"{days} d"
