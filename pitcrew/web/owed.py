"""What is owed, as a screen shows it: a light, a word, a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pitcrew.promises.models import Kind, Promise
from pitcrew.promises.queries import nearest, open_promises
from pitcrew.web.telling_time import clock

WORDS = {"on-time": "on time", "at-risk": "at risk", "broken": "broken", "resting": "stands still"}
Facts = tuple[str, datetime | None, datetime | None, datetime | None, datetime | None]


@dataclass(frozen=True)
class Owed:
    """One promise: ``light`` is its shape, ``words`` say what is owed by when."""

    kind: str
    light: str
    words: str
    due_at: datetime | None
    told: str = ""

    @property
    def is_call(self) -> bool:
        return self.kind == Kind.CALL_BACK


def light(facts: Facts, now: datetime) -> str:
    """How a promise stands: what the clock has not looked at yet is judged here as it will."""
    _, due_at, broken_at, warned_at, paused_at = facts
    if broken_at or (due_at and due_at <= now):
        return "broken"
    if paused_at:
        return "resting"
    return "at-risk" if warned_at else "on-time"


def as_owed(facts: Facts, now: datetime, told: str = "") -> Owed:
    kind, due_at, *_ = facts
    stands = light(facts, now)
    by = "" if due_at is None else f" due {clock(due_at, now)}"
    return Owed(kind, stands, f"{Kind(kind).label}{by}, {WORDS[stands]}", due_at, told)


def owed_in(conversation: int, now: datetime) -> list[Owed]:
    """Everything a conversation owes, what comes first before the rest; what stands still last."""
    rows: list[Promise] = list(open_promises(conversation=conversation))
    rows.sort(key=lambda p: (p.due_at is None, p.due_at or now))
    return [as_owed((p.kind, p.due_at, p.broken_at, p.warned_at, p.paused_at), now, p.words) for p in rows]


def owed_by_row(conversations: Iterable[int], now: datetime) -> dict[int, Owed]:
    """The nearest promise of each conversation of a page: one query."""
    return {number: as_owed(facts, now) for number, facts in nearest(conversations).items()}
