"""A scenario of a company and its conversations, replayed into the cases that the product judges.

The format is told in docs/links-scenarios.md. What is not understood is said on stderr and left out.
"""

import sys
from collections import defaultdict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from pitcrew.promises.hours import ROUND_THE_CLOCK, Hours
from pitcrew.relays.links.judging import (
    Absence,
    Case,
    Desk,
    LegFacts,
    Mailbox,
    MessageFacts,
    Pass,
    Person,
    PromiseFacts,
    RelayFacts,
    StepFacts,
    Upstream,
)
from pitcrew.relays.links.judging.facts import ACCEPTANCE
from pitcrew.relays.links.judging.pace import gaps, pace

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPEN, CUSTOMER, SNOOZED, DONE = "open", "customer", "snoozed", "done"
ALIASES = {
    "created": "opened",
    "received": "message_in",
    "customer_wrote": "message_in",
    "inbound": "message_in",
    "message": "message_in",
    "sent": "reply",
    "message_out": "reply",
    "outbound": "reply",
    "replied": "reply",
    "answer_customer": "reply",
    "bounced": "undelivered",
    "bounce": "undelivered",
    "resent": "sent_again",
    "assign": "assigned",
    "own": "assigned",
    "take": "assigned",
    "transfer": "transferred",
    "moved": "transferred",
    "wait": "waiting",
    "waiting_on_customer": "waiting",
    "snooze": "snoozed",
    "close": "closed",
    "done": "closed",
    "resolved": "closed",
    "reopen": "reopened",
    "offered": "leg_offered",
    "handed_over": "leg_offered",
    "hand_over": "leg_offered",
    "leg_sent_again": "leg_offered",
    "accepted": "leg_accepted",
    "accept": "leg_accepted",
    "asked": "leg_asked",
    "asked_back": "leg_asked",
    "leg_asked_back": "leg_asked",
    "ask_back": "leg_asked",
    "answered": "leg_answered",
    "answer": "leg_answered",
    "declined": "leg_returned",
    "decline": "leg_returned",
    "leg_declined": "leg_returned",
    "returned": "leg_returned",
    "progress": "leg_word",
    "word": "leg_word",
    "leg_note": "leg_word",
    "leg_progress": "leg_word",
    "given": "leg_given",
    "give_to": "leg_given",
    "skipped": "leg_skipped",
    "step_skipped": "leg_skipped",
    "withdrawn": "leg_withdrawn",
    "finished": "relay_finished",
    "promise": "promised",
    "promise_made": "promised",
    "promise_kept": "kept",
    "promise_released": "released",
    "promise_paused": "paused",
    "promise_resumed": "resumed",
    "fix_live": "upstream_done",
    "upstream": "upstream_done",
    "called": "call",
    "customer_told": "told",
    "milestone_mailed": "told",
    "owner_added": "also_assigned",
    "claimed": "also_assigned",
    "followed": "note",
    "follower_added": "note",
    "absent": "away",
    "absence": "away",
    "returned_to_work": "back",
    "access_removed": "left",
    "removed_from_department": "left",
    "joined_department": "joined",
    "mailbox_failed": "mailbox_stopped",
    "mailbox_recovered": "mailbox_back",
    "mailbox_started": "mailbox_back",
}


def moment(words: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 moment; one without an offset is what the house's clock shows."""
    found = datetime.fromisoformat(words.replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def listed(one_or_many: Any) -> list:
    """A list, of nothing, of one or of many."""
    if one_or_many is None:
        return []
    return list(one_or_many) if isinstance(one_or_many, list | tuple | set) else [one_or_many]


def rows(given: Any) -> list[dict]:
    """Rows as a list; also from ``{"key": {...}}`` and from bare names."""
    if isinstance(given, dict):
        return [{"key": key, **(row or {})} for key, row in given.items()]
    return [row if isinstance(row, dict) else {"key": row} for row in given or []]


def key_of(row: dict) -> Any:
    return row.get("key", row.get("id", row.get("name")))


def week(row: dict, house: dict) -> Hours:
    """A department's hours: its own calendar, else the house's, else every hour."""
    row = {**house.get("calendar", {}), **row, **row.get("calendar", {})}
    hours = row.get("hours")
    if not hours:
        return ROUND_THE_CLOCK
    if isinstance(hours, dict):
        if "days" in hours:
            days = [WEEKDAYS[d] if isinstance(d, int) else d[:3].lower() for d in hours["days"]]
            hours = {day: [[hours["from"], hours.get("to", hours.get("until"))]] for day in days}
        hours = {name[:3].lower(): spans for name, spans in hours.items()}
        hours = [hours.get(day, []) for day in WEEKDAYS]
    spans = [[_span(span) for span in _nested(day)] for day in hours]
    calendar = SimpleNamespace(
        hours=spans,
        time_zone=row.get("time_zone") or row.get("timezone") or "UTC",
        country=row.get("country") or "",
        region=row.get("region") or "",
        closed=[*row.get("closed", []), *listed(row.get("holidays"))],
    )
    return Hours.of(calendar)


def _span(span: Any) -> tuple[str, str]:
    return tuple(span.split("-")) if isinstance(span, str) else tuple(span)  # type: ignore[return-value]


def _nested(day: Any) -> list:
    """A day's spans; also where one span stands alone."""
    day = listed(day)
    return [day] if len(day) == 2 and all(isinstance(x, str) and "-" not in x for x in day) else day


@dataclass
class Thread:
    """A conversation as it stands while its events are replayed."""

    key: Any
    department: Any
    state: str = OPEN
    place: str = "desk"
    owners: list | None = None
    owned_since: datetime | None = None
    ours_since: datetime | None = None
    snoozed_until: datetime | None = None
    done_at: datetime | None = None
    mailbox: Any = None
    legs: dict[Any, LegFacts] = field(default_factory=dict)
    relays: dict[Any, RelayFacts] = field(default_factory=dict)
    messages: dict[Any, MessageFacts] = field(default_factory=dict)
    told_at: list[datetime] = field(default_factory=list)
    promises: dict[Any, PromiseFacts] = field(default_factory=dict)
    left: dict[Any, float] = field(default_factory=dict)
    passes: list[Pass] = field(default_factory=list)
    upstream: list[Upstream] = field(default_factory=list)
    runs: dict[Any, list[list[datetime]]] = field(default_factory=lambda: defaultdict(list))
    matters: set = field(default_factory=set)

    def ours(self, at: datetime) -> None:
        self.state, self.snoozed_until, self.done_at = OPEN, None, None
        self.ours_since = self.ours_since or at

    def theirs(self, state: str, at: datetime) -> None:
        self.state, self.ours_since = state, None
        self.done_at = at if state == DONE else None


class Company:
    """The departments, people and mailboxes of a scenario, and its conversations replayed up to a moment."""

    def __init__(self, scenario: dict):
        house = scenario.get("house") or {}
        self.house = house
        self.zone = ZoneInfo(house.get("time_zone") or house.get("timezone") or "UTC")
        self.departments = {key_of(row): row for row in rows(scenario.get("departments"))}
        self.hours = {key: week(row, house) for key, row in self.departments.items()}
        self.default_hours = week({}, house)
        self.people = {key_of(row): row for row in rows(scenario.get("people") or scenario.get("staff"))}
        self.mailboxes = {key_of(row): row for row in rows(scenario.get("mailboxes"))}
        self.templates = {key_of(row): row for row in rows(scenario.get("templates"))}
        self.conversations = {key_of(row): row for row in rows(scenario.get("conversations"))}
        self.began_as = {key: self._person(key, row) for key, row in self.people.items()}
        self.world: list[dict] = []
        self.events: dict[Any, list[dict]] = defaultdict(list)
        self.unknown: set[str] = set()
        self._sort(scenario)
        self.gaps = self._all_gaps()

    def moment(self, words: str) -> datetime:
        return moment(words, self.zone)

    def hours_of(self, department: Any) -> Hours:
        return self.hours.get(department, self.default_hours)

    def _sort(self, scenario: dict) -> None:
        everything = [dict(event) for event in scenario.get("events") or []]
        for key, row in self.conversations.items():
            everything += [{"conversation": key, **event} for event in row.get("events") or []]
        for event in everything:
            event["type"] = name = ALIASES.get(event.get("type", event.get("event", "")), event.get("type"))
            event["moment"] = self.moment(event["at"])
            if name in WORLD:
                self.world.append(event)
            elif name in TELLS and event.get("conversation") in self.conversations:
                self.events[event["conversation"]].append(event)
            else:
                self._tell_unknown(event)
        for events in [self.world, *self.events.values()]:
            events.sort(key=lambda event: event["moment"])

    def _tell_unknown(self, event: dict) -> None:
        what = f"event type {event['type']!r}"
        if event["type"] in TELLS:
            what = f"conversation {event.get('conversation')!r}"
        if what not in self.unknown:
            self.unknown.add(what)
            print(f"left out: {what} is not known", file=sys.stderr)

    def thread(self, key: Any, at: datetime) -> Thread:
        """The conversation as it was at this moment."""
        row = self.conversations[key]
        thread = Thread(key, row.get("department") or next(iter(self.departments), None), mailbox=row.get("mailbox"))
        if "owner" in row or "owners" in row or "assignee" in row:
            thread.owners = listed(row.get("owners", row.get("owner", row.get("assignee"))))
        opened = row.get("opened", row.get("opened_at"))
        if opened and self.moment(opened) <= at:
            thread.ours(self.moment(opened))
        for event in self.events[key]:
            if event["moment"] > at:
                break
            if thread.snoozed_until and thread.snoozed_until <= event["moment"]:
                thread.ours(thread.snoozed_until)
            TELLS[event["type"]](self, thread, event, event["moment"])
        if thread.snoozed_until and thread.snoozed_until <= at:
            thread.ours(thread.snoozed_until)
        return thread

    def case(self, key: Any, at: datetime) -> Case:
        """What the detectors look at."""
        thread = self.thread(key, at)
        return Case(
            key=key,
            department=thread.department,
            desks=self.desks(at),
            people=self.staff(at),
            owners=self._owners(thread, at),
            owned_since=thread.owned_since,
            our_move_since=thread.ours_since if thread.place == "desk" else None,
            done_at=thread.done_at,
            legs=list(thread.legs.values()),
            relays=list(thread.relays.values()),
            messages=list(thread.messages.values()),
            told_at=thread.told_at,
            promises=list(thread.promises.values()),
            passes=thread.passes,
            upstream=thread.upstream,
            mailbox=self.boxes(at).get(thread.mailbox),
        )

    def _owners(self, thread: Thread, at: datetime) -> list | None:
        """Its own, and those of the open conversations that are the same matter."""
        owners = thread.owners
        for other in thread.matters:
            twin = self.thread(other, at)
            if twin.done_at is None and twin.owners:
                owners = [*(owners or []), *(who for who in twin.owners if who not in (owners or []))]
        return owners

    # The world

    @lru_cache(maxsize=2)  # noqa: B019  (a company lives as long as its run)
    def desks(self, at: datetime) -> dict[Any, Desk]:
        house_gaps = [gap for some in self.gaps.values() for gap in some]
        return {key: self._desk(key, row, house_gaps, at) for key, row in self.departments.items()}

    def _desk(self, key: Any, row: dict, house_gaps: list, at: datetime) -> Desk:
        own = _minutes(row, "pace", _minutes(self.house, "pace", None))
        closed = [e["moment"] for e in self.world if e["type"] == "department_closed" and e.get("department") == key]
        return Desk(
            key=key,
            name=row.get("name", str(key)),
            hours=self.hours_of(key),
            pace=int(own * 60) if own is not None else pace(self.gaps[key], house_gaps, at),
            acceptance=self.acceptance(key),
            lead=row.get("lead"),
            members=self._members(key, row, at),
            closed_at=min((c for c in closed if c <= at), default=None),
        )

    def acceptance(self, department: Any) -> int:
        """Seconds of business hours that it has to accept."""
        usual = _minutes(self.house, "accept", ACCEPTANCE / 60)
        return int(_minutes(self.departments.get(department, {}), "accept", usual) * 60)

    def _members(self, key: Any, row: dict, at: datetime) -> list | None:
        """Who works there; None where the scenario does not say."""
        staff = self.staff(at)
        named = set(listed(row.get("members")))
        named |= {who for who, person in staff.items() if person.departments and key in person.departments}
        if not named and "members" not in row:
            gone = any(e["type"] == "left" and e.get("department") == key and e["moment"] <= at for e in self.world)
            return [] if gone else None
        return [who for who in named if who not in staff or staff[who].deactivated_at is None]

    @lru_cache(maxsize=2)  # noqa: B019
    def staff(self, at: datetime) -> dict[Any, Person]:
        found = {key: copy(person) for key, person in self.began_as.items()}
        for event in self.world:
            if event["moment"] <= at and "person" in event:
                person = found.setdefault(event["person"], Person(event["person"]))
                WORLD[event["type"]](self, person, event)
        return found

    def _person(self, key: Any, row: dict) -> Person:
        places = listed(row.get("departments", row.get("department")))
        member_of = {name for name, d in self.departments.items() if key in listed(d.get("members"))}
        is_told = bool(places or member_of)
        away = [self._absence(one) for one in row.get("absences", row.get("absent", []))]
        gone = row.get("deactivated", row.get("deactivated_at"))
        return Person(
            key,
            row.get("name", str(key)),
            departments=frozenset(places) | member_of if is_told else None,
            is_administrator=bool(row.get("administrator")),
            deactivated_at=self.moment(gone) if isinstance(gone, str) else None,
            absences=away,
        )

    def _absence(self, row: dict) -> Absence:
        until = row.get("until", row.get("to"))
        start = self.moment(row.get("from", row.get("at")))
        return Absence(start, self.moment(until) if until else None, row.get("substitute"))

    def boxes(self, at: datetime) -> dict[Any, Mailbox]:
        found = {key: Mailbox(key, row.get("name", str(key))) for key, row in self.mailboxes.items()}
        for event in self.world:
            if event["moment"] <= at and event["type"] in ("mailbox_stopped", "mailbox_back"):
                box = found.setdefault(event.get("mailbox"), Mailbox(event.get("mailbox")))
                stopped = event["type"] == "mailbox_stopped"
                box.stopped_at = (box.stopped_at or event["moment"]) if stopped else None
        return found

    def _all_gaps(self) -> dict[Any, list]:
        """The silences of each department: those told outright, and those of the legs that are replayed."""
        found: dict[Any, list] = defaultdict(list)
        end = datetime.max.replace(tzinfo=UTC)
        for key, row in self.departments.items():
            for gap in row.get("history") or []:
                found[key].append((self.moment(gap["at"]), int(gap["minutes"] * 60)))
        for key in self.conversations:
            for department, runs in self.thread(key, end).runs.items():
                found[department] += [gap for run in runs for gap in gaps(run, self.hours_of(department))]
        return found


def _minutes(row: dict, name: str, default: Any) -> Any:
    if f"{name}_hours" in row:
        return row[f"{name}_hours"] * 60
    return row.get(f"{name}_minutes", default)


# What happens to people: (company, person, event)


def _away(company: Company, person: Person, event: dict) -> None:
    row = {"from": event.get("from", event["at"]), **{k: v for k, v in event.items() if k != "from"}}
    person.absences = [*person.absences, company._absence(row)]


def _back(company: Company, person: Person, event: dict) -> None:
    at = event["moment"]
    person.absences = [Absence(a.start, min(a.end or at, at), a.substitute) for a in person.absences if a.start <= at]


def _left(company: Company, person: Person, event: dict) -> None:
    person.departments = frozenset(person.departments or ()) - {event["department"]}


def _joined(company: Company, person: Person, event: dict) -> None:
    person.departments = frozenset(person.departments or ()) | {event["department"]}


def _deactivated(company: Company, person: Person, event: dict) -> None:
    person.deactivated_at = event["moment"]


def _reactivated(company: Company, person: Person, event: dict) -> None:
    person.deactivated_at = None


def _nothing(*_: Any) -> None:
    return None


WORLD: dict[str, Callable] = {
    "away": _away,
    "back": _back,
    "left": _left,
    "joined": _joined,
    "deactivated": _deactivated,
    "reactivated": _reactivated,
    "mailbox_stopped": _nothing,
    "mailbox_back": _nothing,
    "department_closed": _nothing,
}


# What happens to conversations: (company, thread, event, at)
Told = Callable[[Company, Thread, dict, datetime], None]
TELLS: dict[str, Told] = {}


def tells(*names: str) -> Callable[[Told], Told]:
    def register(told: Told) -> Told:
        TELLS.update(dict.fromkeys(names, told))
        return told

    return register


@tells("opened", "reopened", "woken")
def _opened(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    thread.ours(at)
    if "owner" in event:
        thread.owners, thread.owned_since = listed(event["owner"]), at


@tells("message_in")
def _message_in(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    key = event.get("message", event.get("key", f"m{len(thread.messages) + 1}"))
    thread.messages[key] = MessageFacts(
        key,
        True,
        at,
        is_automatic=bool(event.get("automatic")),
        is_only_thanks=bool(event.get("only_thanks", event.get("thanks"))),
        is_foreign=bool(event.get("foreign")),
        is_settled=bool(event.get("settled")),
    )
    is_quiet = event.get("automatic") or event.get("only_thanks") or event.get("thanks")
    if thread.done_at is None and not is_quiet and not event.get("foreign"):
        thread.ours(at)


@tells("reply")
def _reply(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    key = event.get("message", event.get("key", f"m{len(thread.messages) + 1}"))
    to = frozenset(listed(event.get("to")))
    automatic = bool(event.get("automatic"))
    has_left = event.get("delivered", True) is not False
    thread.messages[key] = MessageFacts(key, False, at, left_at=at, is_automatic=automatic, to=to)
    if not has_left:
        thread.messages[key].undelivered_at, thread.messages[key].left_at = at, None
    elif not automatic:
        thread.told_at.append(at)
    then = {"waiting": CUSTOMER, "closed": DONE}.get(event.get("then", ""), event.get("then", CUSTOMER))
    if automatic or thread.done_at is not None:
        return
    if then == OPEN:
        thread.ours_since = at
    else:
        thread.theirs(then, at)


def _message(thread: Thread, event: dict) -> MessageFacts | None:
    """The message an event names, else the last of ours."""
    named = event.get("message", event.get("key"))
    ours = [message for message in thread.messages.values() if not message.is_in]
    return thread.messages.get(named) if named is not None else (ours[-1] if ours else None)


@tells("undelivered")
def _undelivered(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    message = _message(thread, event)
    if message is None:
        key = event.get("message", f"m{len(thread.messages) + 1}")
        message = thread.messages[key] = MessageFacts(key, False, at)
    if event.get("temporary"):
        return
    message.undelivered_at, message.left_at, message.why = at, None, event.get("why", "")
    thread.told_at = [told for told in thread.told_at if told != message.at]


@tells("sent_again", "delivered")
def _sent_again(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    message = _message(thread, event)
    if message is not None:
        message.undelivered_at, message.left_at = None, at
        thread.told_at.append(at)


@tells("call", "told")
def _told(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    if event.get("result") not in ("no_answer", "missed") and event.get("answered", True):
        thread.told_at.append(at)


@tells("settled")
def _settled(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    named = event.get("message")
    for message in thread.messages.values():
        if message.is_in and named in (None, message.key):
            message.is_settled = True


@tells("note")
def _note(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    if event.get("leg") in thread.legs:
        _word(company, thread, event, at)


@tells("assigned")
def _assigned(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    thread.owners = listed(event.get("people", event.get("person", event.get("owner", event.get("to")))))
    thread.owned_since = at


@tells("unassigned")
def _unassigned(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    gone = event.get("person")
    thread.owners = [who for who in thread.owners or [] if gone is not None and who != gone]
    thread.owned_since = at


@tells("also_assigned")
def _also_assigned(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    thread.owners = [*(thread.owners or []), event.get("person", event.get("owner"))]
    thread.owned_since = at


@tells("same_matter")
def _same_matter(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    thread.matters.add(event["other"])


@tells("transferred")
def _transferred(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    to = event.get("to", event.get("department"))
    thread.passes.append(Pass(at, event.get("from", thread.department), to))
    thread.department = to
    if thread.owners is not None and not event.get("keeps_owner"):
        thread.owners = listed(event.get("owner", event.get("person")))
    thread.owned_since = at


@tells("waiting", "snoozed", "closed", "spam", "trash")
def _put_away(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    state = {"waiting": CUSTOMER, "snoozed": SNOOZED}.get(event["type"], DONE)
    thread.theirs(state, at)
    if state == SNOOZED:
        thread.snoozed_until = company.moment(event["until"])
    if event["type"] in ("spam", "trash"):
        thread.place = event["type"]


@tells("upstream_done")
def _upstream_done(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    thread.upstream.append(Upstream(event.get("key", len(thread.upstream) + 1), at, event.get("words", "")))


@tells("upstream_undone")
def _upstream_undone(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    named = event.get("key")
    thread.upstream = [one for one in thread.upstream if named is not None and one.key != named]


# Relays and legs


@tells("relay_started")
def _relay_started(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    key = event.get("relay", event.get("key", "relay"))
    steps = event.get("steps") or company.templates.get(event.get("template"), {}).get("steps") or []
    plan, before = [], None
    for step in rows(steps):
        name = key_of(step)
        after = listed(step["after"]) if "after" in step else listed(before)
        is_last = bool(step.get("is_follow_up", step.get("follow_up")))
        plan.append(StepFacts(name, step.get("name", str(name)), after, is_last))
        before = name
    needs = bool(event.get("follow_up", event.get("needs_follow_up")))
    thread.relays[key] = RelayFacts(key, plan, event.get("department", thread.department), needs)


@tells("relay_finished", "relay_stopped")
def _relay_ended(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    relay = thread.relays.setdefault(_relay(thread, event), RelayFacts(_relay(thread, event)))
    if event["type"] == "relay_stopped":
        relay.stopped_at = at
        for leg in thread.legs.values():
            if leg.relay == relay.key and leg.is_live:
                leg.stage, leg.ended_at, leg.ended_why = "withdrawn", at, event.get("why", "stopped")
    else:
        relay.finished_at = at


def _relay(thread: Thread, event: dict) -> Any:
    return event.get("relay", next(iter(thread.relays), None))


def _leg_key(event: dict) -> Any:
    return event.get("leg", event.get("step", "leg"))


@tells("leg_offered")
def _leg_offered(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    key, department = _leg_key(event), event.get("department", event.get("to"))
    old = thread.legs.get(key)
    _supersede(thread, event, key)
    department = department or (old.department if old else thread.department)
    giver = event.get("from", old.sent_from if old and old.sent_from else thread.department)
    step = event.get("step", old.step if old else key)
    leg = LegFacts(key, department, "offered", event.get("name", str(key)), since=at, offered_at=at)
    leg.holder, leg.sender, leg.sent_from = event.get("person"), event.get("by", event.get("sender")), giver
    leg.holder_since, leg.partner, leg.relay, leg.step = at, event.get("partner", ""), _relay(thread, event), step
    leg.is_follow_up = bool(event.get("follow_up", event.get("is_follow_up", _is_follow_up(thread, leg))))
    leg.accept_by = _due(company, event, "accept", department, at)
    thread.legs[key] = leg
    thread.passes.append(Pass(at, giver, department))
    due = _due(company, event, "complete", department, at)
    if due:
        named = f"{key}:completion"
        thread.promises[named] = PromiseFacts(named, "completion", due, department, leg=key)


def _supersede(thread: Thread, event: dict, key: Any) -> None:
    """What was sent back and is now sent elsewhere is no longer with its sender."""
    returned = [leg for leg in thread.legs.values() if leg.stage == "returned" and leg.relay == _relay(thread, event)]
    named = event.get("again_of")
    for leg in returned if named is None and len(returned) == 1 else [leg for leg in returned if leg.key == named]:
        if leg.key != key:
            leg.stage, leg.ended_at, leg.ended_why = "withdrawn", event["moment"], "sent again"


def _is_follow_up(thread: Thread, leg: LegFacts) -> bool:
    relay = thread.relays.get(leg.relay)
    return bool(relay and any(step.key == leg.step and step.is_follow_up for step in relay.steps))


def _due(company: Company, event: dict, what: str, department: Any, at: datetime) -> datetime | None:
    if f"{what}_by" in event:
        return company.moment(event[f"{what}_by"])
    minutes = _minutes(event, what, None)
    return company.hours_of(department).add(at, int(minutes * 60)) if minutes is not None else None


def _known_leg(thread: Thread, event: dict) -> LegFacts | None:
    leg = thread.legs.get(_leg_key(event))
    live = [leg for leg in thread.legs.values() if leg.is_live]
    return leg or (live[-1] if live and "leg" not in event and "step" not in event else None)


@tells("leg_accepted", "leg_answered")
def _accepted(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    leg = _known_leg(thread, event)
    if leg is None:
        return
    was_taken = leg.accepted_at is not None
    if event["type"] == "leg_answered" and not was_taken:
        _offered_again(company, thread, leg, event, at)
        return
    leg.stage, leg.since, leg.last_word_at = "accepted", at, at
    leg.accepted_at = leg.accepted_at or at
    if event["type"] == "leg_accepted":
        leg.holder, leg.holder_since = event.get("person", event.get("by", leg.holder)), at
    thread.runs[leg.department].append([at])
    _resume(company, thread, leg, at)


def _offered_again(company: Company, thread: Thread, leg: LegFacts, event: dict, at: datetime) -> None:
    """A question before it was accepted: the time to accept goes on where it stood."""
    left = thread.left.pop(f"{leg.key}:accept", None)
    leg.stage, leg.since = "offered", at
    if left is not None:
        leg.accept_by = company.hours_of(leg.department).add(at, left)
    _resume(company, thread, leg, at)


@tells("leg_asked")
def _asked(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    leg = _known_leg(thread, event)
    if leg is None:
        return
    hours = company.hours_of(leg.department)
    if leg.stage == "offered":
        due = leg.accept_by or hours.add(leg.offered_at or at, company.acceptance(leg.department))
        thread.left[f"{leg.key}:accept"] = hours.between(at, due)
    elif thread.runs[leg.department]:
        thread.runs[leg.department][-1].append(at)
    leg.stage, leg.since, leg.last_word_at = "asked", at, at
    for promise in thread.promises.values():
        if promise.leg == leg.key and promise.due_at and promise.is_open:
            thread.left[promise.key] = hours.between(at, promise.due_at)
            promise.due_at = None


def _resume(company: Company, thread: Thread, leg: LegFacts, at: datetime) -> None:
    for promise in thread.promises.values():
        if promise.leg == leg.key and promise.key in thread.left:
            promise.due_at = company.hours_of(leg.department).add(at, thread.left.pop(promise.key))


@tells("leg_returned")
def _returned(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    leg = _known_leg(thread, event)
    if leg is None:
        return
    leg.stage, leg.since, leg.last_word_at = "returned", at, at
    thread.passes.append(Pass(at, leg.department, leg.sent_from))
    _release(thread, leg)


@tells("leg_word")
def _word(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    leg = _known_leg(thread, event)
    if leg is None:
        return
    leg.last_word_at = at
    if leg.stage == "accepted" and thread.runs[leg.department]:
        thread.runs[leg.department][-1].append(at)


@tells("leg_given")
def _given(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    leg = _known_leg(thread, event)
    if leg is not None:
        leg.holder, leg.holder_since, leg.last_word_at = event.get("person", event.get("to")), at, at


@tells("leg_done", "leg_skipped", "leg_withdrawn", "follow_up", "followed_up")
def _leg_ended(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    leg = _known_leg(thread, event)
    stage = event["type"].removeprefix("leg_") if event["type"].startswith("leg_") else "done"
    if leg is None:
        key = _leg_key(event)
        leg = thread.legs[key] = LegFacts(key, event.get("department", thread.department), stage, str(key))
        leg.relay, leg.step = _relay(thread, event), event.get("step", key)
        leg.offered_at = None if stage == "skipped" else at
        leg.is_follow_up = event["type"].startswith("follow") or _is_follow_up(thread, leg)
    if stage == "done" and leg.stage == "accepted" and thread.runs[leg.department]:
        thread.runs[leg.department][-1].append(at)
    leg.stage, leg.since, leg.ended_at, leg.last_word_at = stage, at, at, at
    leg.ended_why = event.get("why", "")
    leg.result = event.get("result", "")
    _release(thread, leg)
    if leg.is_follow_up and stage == "done" and leg.result != "no_answer":
        thread.told_at.append(at)


def _release(thread: Thread, leg: LegFacts) -> None:
    for promise in thread.promises.values():
        if promise.leg == leg.key:
            promise.is_open = False


@tells("leg_paused", "leg_resumed")
def _paused_leg(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    leg = _known_leg(thread, event)
    if leg is not None:
        leg.is_paused = event["type"] == "leg_paused"
        leg.last_word_at = at


# Promises


@tells("promised")
def _promised(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    department = event.get("department", thread.department)
    kind = event.get("kind", "call_back")
    key = event.get("promise", event.get("key", kind))
    minutes = _minutes(event, "due", event.get("minutes"))
    due = event.get("due", event.get("due_at"))
    moment_due = company.moment(due) if due else company.hours_of(department).add(at, int((minutes or 0) * 60))
    words = event.get("words", "")
    if kind == "acceptance" and event.get("leg") in thread.legs:
        thread.legs[event["leg"]].accept_by = moment_due
    who = event.get("person")
    thread.promises[key] = PromiseFacts(key, kind, moment_due, department, who, event.get("leg"), words)


def _named(thread: Thread, event: dict) -> list[PromiseFacts]:
    named = event.get("promise", event.get("key", event.get("kind")))
    return [p for p in thread.promises.values() if named is None or named in (p.key, p.kind)]


@tells("kept", "released")
def _kept(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    for promise in _named(thread, event):
        promise.is_open = False
        if promise.kind == "call_back" and event["type"] == "kept":
            thread.told_at.append(at)


@tells("paused")
def _paused(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    for promise in _named(thread, event):
        if promise.due_at is not None and promise.is_open:
            thread.left[promise.key] = company.hours_of(promise.department).between(at, promise.due_at)
            promise.due_at = None


@tells("resumed")
def _resumed(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    for promise in _named(thread, event):
        if promise.key in thread.left:
            promise.due_at = company.hours_of(promise.department).add(at, thread.left.pop(promise.key))


@tells("promise_moved")
def _promise_moved(company: Company, thread: Thread, event: dict, at: datetime) -> None:
    for promise in _named(thread, event):
        promise.due_at = company.moment(event.get("due", event.get("due_at")))
