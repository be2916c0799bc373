"""What a detector says: which link is broken, since when, who has the next move, and what mends it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Kind:
    """One of the twelve: its number, the name in the data, and the words on the screen."""

    number: int
    name: str
    words: str


ALL = (
    Kind(1, "not_accepted", "Not accepted"),
    Kind(2, "silent", "Silent"),
    Kind(3, "holder_away", "Holder is away"),
    Kind(4, "undelivered", "Not delivered"),
    Kind(5, "astray", "Reply went astray"),
    Kind(6, "not_told", "Done, customer not told"),
    Kind(7, "promise_passed", "Promise passed"),
    Kind(8, "no_follow_up", "Follow-up missing"),
    Kind(9, "owner", "No owner, or two"),
    Kind(10, "step_skipped", "Step skipped"),
    Kind(11, "back_and_forth", "Back and forth"),
    Kind(12, "mailbox_stopped", "Mailbox stopped"),
)
KINDS = {kind.name: kind for kind in ALL}


@dataclass(frozen=True)
class Mend:
    """One act that mends it: a verb of the product with what it needs, and the words of its button."""

    verb: str
    words: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A broken link; or one that will be, when ``since`` lies ahead."""

    kind: str
    place: str
    since: datetime
    department: Any
    person: Any
    mend: Mend
    sentence: str
    leg: Any = None


def past(moment: datetime) -> datetime:
    """The first moment that is later than this one: what is done at the last moment is still in time."""
    return moment + timedelta(microseconds=1)


def lasting(seconds: float) -> str:
    """A length of time in words: "26 h", "40 min", "3 d"."""
    if seconds < 90 * 60:
        return f"{max(1, round(seconds / 60))} min"
    return f"{round(seconds / 3600)} h" if seconds < 72 * 3600 else f"{round(seconds / 86400)} d"
