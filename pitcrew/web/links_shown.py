"""Broken links as the page shows them: by whoever has the next move, with the button that mends each."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from pitcrew.conversations.models import Conversation
from pitcrew.people.models import Department, Staff
from pitcrew.promises.models import Promise
from pitcrew.relays.links.actions.mending import MENDS
from pitcrew.relays.links.judging.findings import ALL
from pitcrew.relays.links.models import HEAD, LEAD, BrokenLink
from pitcrew.relays.links.queries import (
    MOST,
    Wait,
    at_risk,
    digest_of,
    links_for,
    live_legs,
    waiting_for,
    where_customers_waited,
)
from pitcrew.relays.queries import AskedFirst, asked_first
from pitcrew.web.addresses import url

TOLD = {LEAD: "told to the lead", HEAD: "told to the head"}
HOUR = 3600
FOUR_WEEKS = timedelta(days=28)


def broken_for(staff: Staff) -> int:
    """How many broken links wait for this person: what the rail shows."""
    return waiting_for(staff.pk)


@dataclass(frozen=True)
class Row:
    """``opens`` is where a person mends it by words; empty where one click does."""

    link: BrokenLink
    opens: str
    told: str
    in_digest: bool

    @property
    def customer(self) -> str:
        if self.link.conversation is None:
            return ""
        return str(self.link.conversation.customer)


@dataclass
class Group:
    """Whoever has the next move, and what waits for it."""

    name: str
    is_mine: bool
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Bar:
    """One department's bar: widths in per mille of the longest."""

    wait: Wait
    work: int
    waiting: int

    @property
    def words(self) -> str:
        return f"{self.wait.work / HOUR:.1f} + {self.wait.waiting / HOUR:.1f} h"


@dataclass
class Page:
    groups: list[Group]
    count: int
    live: int
    risks: list[tuple[Promise, Conversation]]
    bars: list[Bar]
    kinds: list[tuple[str, str]]
    departments: list[Department]
    asked_first: AskedFirst
    kind: str = ""
    department: int = 0


def page_for(staff: Staff, at: datetime, *, kind: str = "", department: str = "") -> Page:
    """Everything the page shows to this person; `kind` and `department` (an id) narrow it."""
    rows = list(links_for(staff)[:MOST])
    departments = {link.department_id: link.department for link in rows}
    wanted = int(department) if department.isdecimal() and len(department) < 10 else 0
    shown = [link for link in rows if kind in ("", link.kind) and wanted in (0, link.department_id)]
    present = {link.kind for link in rows}
    return Page(
        groups=_groups(staff, shown, at),
        count=len(shown),
        live=live_legs(),
        risks=[] if kind else [one for one in at_risk(staff, at) if wanted in (0, one[0].department_id)],
        bars=_bars(where_customers_waited(at)),
        kinds=[(one.name, one.words) for one in ALL if one.name in present],
        departments=sorted(departments.values(), key=lambda one: one.name),
        asked_first=asked_first(at - FOUR_WEEKS, at),
        kind=kind,
        department=wanted,
    )


def _groups(staff: Staff, links: list[BrokenLink], at: datetime) -> list[Group]:
    day = timezone.localtime(at).date().isoformat()
    digest = {alarm.link_id for alarm in digest_of(staff, day)}
    found: dict[int | None, Group] = {}
    for link in links:
        name = str(link.person or link.department)
        group = found.setdefault(link.person_id, Group(name, link.person_id == staff.pk))
        group.rows.append(Row(link, _opens(link), TOLD.get(link.level, ""), link.pk in digest))
    return sorted(found.values(), key=lambda group: (not group.is_mine, -len(group.rows), group.name))


def _opens(link: BrokenLink) -> str:
    """Where it is mended by words: the leg, the mailbox, or the conversation."""
    if link.verb in MENDS:
        return ""
    if link.verb == "mailbox":
        return url("mailbox", link.args["mailbox"])
    if link.verb in ("answer", "send_again"):
        return url("leg", link.args["leg"])
    return url("conversation", link.conversation_id)


def _bars(waits: list[Wait]) -> list[Bar]:
    longest = max((wait.total for wait in waits), default=0) or 1
    return [Bar(w, round(800 * w.work / longest), round(800 * w.waiting / longest)) for w in waits]
