"""What has to be known about a conversation to say whether its chain holds. Keys are numbers or names alike.

What is not known is left as it is by default, and then no detector says anything about it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pitcrew.promises.hours import ROUND_THE_CLOCK
from pitcrew.relays.links.judging.hours import Hours
from pitcrew.relays.links.judging.pace import DEFAULT

Key = Any
LIVE = ("offered", "accepted", "asked", "returned")
ACCEPTANCE = 2 * 3_600  # seconds of business hours, where nothing else was promised


@dataclass
class Absence:
    """Away from one moment until another; a substitute does the work meanwhile."""

    start: datetime
    end: datetime | None = None
    substitute: Key = None


@dataclass
class Person:
    """A colleague: where they may hold work, and when they are not there."""

    key: Key
    name: str = ""
    departments: frozenset | None = None
    is_administrator: bool = False
    deactivated_at: datetime | None = None
    absences: Sequence[Absence] = ()

    def __str__(self) -> str:
        return self.name or str(self.key)


@dataclass
class Desk:
    """A department: its hours, its usual pace and how fast it takes what it is handed (seconds of business hours)."""

    key: Key
    name: str = ""
    hours: Hours = ROUND_THE_CLOCK
    pace: int = DEFAULT
    acceptance: int = ACCEPTANCE
    lead: Key = None
    members: Sequence[Key] | None = None
    closed_at: datetime | None = None

    def __str__(self) -> str:
        return self.name or str(self.key)


@dataclass
class LegFacts:
    """One department's part. ``since``: when it came to its stage; ``last_word_at``: its holder's last act."""

    key: Key
    department: Key
    stage: str
    name: str = ""
    since: datetime | None = None
    offered_at: datetime | None = None
    accepted_at: datetime | None = None
    last_word_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    holder: Key = None
    holder_since: datetime | None = None
    sender: Key = None
    sent_from: Key = None
    partner: str = ""
    step: Key = None
    relay: Key = None
    is_follow_up: bool = False
    result: str = ""
    accept_by: datetime | None = None
    is_paused: bool = False

    @property
    def is_live(self) -> bool:
        return self.stage in LIVE

    def __str__(self) -> str:
        return self.name or str(self.step or self.key)


@dataclass
class StepFacts:
    """A step of a relay's plan, and the steps it waits for."""

    key: Key
    name: str = ""
    after: Sequence[Key] = ()
    is_follow_up: bool = False


@dataclass
class RelayFacts:
    """The plan of a relay, and whether it has come to an end. Stopped with a reason, nothing of it is missing."""

    key: Key
    steps: Sequence[StepFacts] = ()
    department: Key = None
    needs_follow_up: bool = False
    finished_at: datetime | None = None
    stopped_at: datetime | None = None


@dataclass
class MessageFacts:
    """What was said. ``is_settled``: somebody looked at it and put it where it belongs."""

    key: Key
    is_in: bool
    at: datetime
    left_at: datetime | None = None
    undelivered_at: datetime | None = None
    why: str = ""
    is_automatic: bool = False
    is_only_thanks: bool = False
    is_foreign: bool = False
    is_settled: bool = False
    to: frozenset = frozenset()


@dataclass
class PromiseFacts:
    """Something owed by a moment. While it is paused there is no ``due_at``."""

    key: Key
    kind: str
    due_at: datetime | None
    department: Key = None
    person: Key = None
    leg: Key = None
    words: str = ""
    is_open: bool = True


@dataclass
class Pass:
    """The work went from one department to another."""

    at: datetime
    giver: Key
    taker: Key


@dataclass
class Upstream:
    """What the customer waits for is done elsewhere: a fix is live, a parcel has arrived."""

    key: Key
    at: datetime
    words: str = ""


@dataclass
class Mailbox:
    """Where the customer's mails come in. ``stopped_at`` is set while none can."""

    key: Key
    name: str = ""
    stopped_at: datetime | None = None
    why: str = ""


@dataclass
class Case:
    """One conversation. ``owners`` is None where it is not known who has it, and empty where nobody has.

    ``told_at`` are the moments at which the customer heard from us. ``done_at`` is empty while the matter is open.
    ``our_move_since`` is when the next move became ours; empty while somebody else has it.
    """

    key: Key
    department: Key
    desks: dict[Key, Desk] = field(default_factory=dict)
    people: dict[Key, Person] = field(default_factory=dict)
    owners: Sequence[Key] | None = None
    owned_since: datetime | None = None
    our_move_since: datetime | None = None
    done_at: datetime | None = None
    legs: Sequence[LegFacts] = ()
    relays: Sequence[RelayFacts] = ()
    messages: Sequence[MessageFacts] = ()
    told_at: Sequence[datetime] = ()
    promises: Sequence[PromiseFacts] = ()
    passes: Sequence[Pass] = ()
    upstream: Sequence[Upstream] = ()
    mailbox: Mailbox | None = None

    def desk(self, key: Key) -> Desk:
        """A department of that key; one nobody described works every hour at the house's pace."""
        return self.desks.get(key) or Desk(key)

    def person(self, key: Key) -> Person:
        return self.people.get(key) or Person(key)

    def live(self, *stages: str) -> list[LegFacts]:
        """The legs that are out, in these stages where any are named."""
        return [leg for leg in self.legs if leg.is_live and (not stages or leg.stage in stages)]

    def heard_after(self, moment: datetime) -> bool:
        """Whether the customer heard from us at this moment or later."""
        return any(told >= moment for told in self.told_at)


Detector = Callable[[Case, datetime], Any]
