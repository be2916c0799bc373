"""`python -m evals.links scenario.json [more.json ..]`: are the broken links of a scenario found, and nothing else?

The scenario (docs/links-scenarios.md) is replayed, judged by the product's own detectors at every moment that the
scenario asks about, and compared with what it expects. Ends with 1 when recall is below 1 or precision below 0.95.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from evals.planting import planted
from evals.replay import Company, listed
from pitcrew.relays.links.judging import KINDS, judge

LEAST_RECALL, LEAST_PRECISION = 1.0, 0.95
MINUTE = timedelta(minutes=1)
NAMES = {str(kind.number): kind.name for kind in KINDS.values()}
NAMES |= {name: name for name in KINDS}
NAMES |= {
    "unaccepted": "not_accepted",
    "leg_not_accepted": "not_accepted",
    "not_accepted_in_time": "not_accepted",
    "holder_absent": "holder_away",
    "absent_holder": "holder_away",
    "holder": "holder_away",
    "undelivered_reply": "undelivered",
    "reply_astray": "astray",
    "reply_on_closed": "astray",
    "reply_on_foreign": "astray",
    "foreign_reply": "astray",
    "closed_reply": "astray",
    "customer_not_told": "not_told",
    "done_not_told": "not_told",
    "done_upstream": "not_told",
    "promise": "promise_passed",
    "promise_broken": "promise_passed",
    "promise_date_passed": "promise_passed",
    "follow_up_missing": "no_follow_up",
    "followup_missing": "no_follow_up",
    "no_owner": "owner",
    "two_owners": "owner",
    "no_owner_or_two": "owner",
    "skipped_step": "step_skipped",
    "ping_pong": "back_and_forth",
    "pingpong": "back_and_forth",
    "mailbox": "mailbox_stopped",
    "source_mailbox_stopped": "mailbox_stopped",
    "source_stopped": "mailbox_stopped",
}


@dataclass
class Expected:
    """A finding that a scenario expects, from one moment until another."""

    kind: str
    conversation: Any
    leg: Any
    start: datetime
    end: datetime
    moments: list[datetime]
    may: bool = False

    def is_like(self, conversation: Any, kind: str, leg: Any, at: datetime) -> bool:
        is_there = self.conversation == conversation and self.kind == kind and self.start <= at <= self.end
        return is_there and (self.leg is None or leg is None or self.leg == leg)


@dataclass
class Score:
    """What was expected, found and missed, by kind."""

    expected: Counter = field(default_factory=Counter)
    met: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    right: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for name in ("expected", "met", "found", "right"):
            getattr(self, name).update(getattr(other, name))
        self.faults += other.faults

    def recall(self, kind: str | None = None) -> float:
        return _share(self.met, self.expected, kind)

    def precision(self, kind: str | None = None) -> float:
        return _share(self.right, self.found, kind)

    @property
    def is_enough(self) -> bool:
        return self.recall() >= LEAST_RECALL and self.precision() >= LEAST_PRECISION


def _share(some: Counter, of: Counter, kind: str | None) -> float:
    part, whole = (some[kind], of[kind]) if kind else (some.total(), of.total())
    return part / whole if whole else 1.0


def kind_of(given: Any) -> str:
    """The name of a kind, from its name, another name of it or its number."""
    name = str(given).strip().lower().replace(" ", "_").replace("-", "_")
    if name not in NAMES:
        raise SystemExit(f"The scenario expects {given!r}, which is none of the twelve kinds: {', '.join(KINDS)}.")
    return NAMES[name]


def expectations(scenario: dict, company: Company) -> list[Expected]:
    found = [_expected(row, company) for row in _rows(scenario, company, "expect", "expected", "findings")]
    return [one for one in found if one is not None]


def _rows(scenario: dict, company: Company, *names: str) -> Iterator[dict]:
    for name in names:
        yield from scenario.get(name) or []
        for key, row in company.conversations.items():
            yield from ({"conversation": key, **one} for one in row.get(name) or [])


def _expected(row: dict, company: Company) -> Expected | None:
    kinds = kind_of(row["kind"])
    if "at" in row:
        moments = [company.moment(words) for words in listed(row["at"])]
        start, end = moments[0], moments[-1]
    else:
        start = company.moment(row["from"])
        until = row.get("to", row.get("until"))
        end = company.moment(until) if until else start + 2 * MINUTE
        inside = start + MINUTE, start + (end - start) / 2, end - MINUTE
        moments = sorted({at for at in inside if start <= at <= end} or {start})
    return Expected(kinds, row["conversation"], row.get("leg"), start, end, moments, bool(row.get("may")))


def checks(scenario: dict, company: Company, expected: list[Expected]) -> set[tuple[Any, datetime]]:
    """Every conversation and moment to judge."""
    asked = {(one.conversation, at) for one in expected for at in one.moments}
    for row in _rows(scenario, company, "checks", "check", "clear", "expect_none"):
        who = listed(row["conversation"]) if row.get("conversation") is not None else company.conversations
        asked |= {(key, company.moment(words)) for key in who for words in listed(row["at"])}
    if "end" in scenario:
        looked = {key for key, _ in asked}
        asked |= {(key, company.moment(scenario["end"])) for key in company.conversations if key not in looked}
    return asked


def score(scenario: dict) -> Score:
    """Judge a scenario at every moment it asks about."""
    company = Company(scenario)
    expected = expectations(scenario, company)
    told = Score()
    for key, at in sorted(checks(scenario, company, expected), key=lambda one: (one[1], str(one[0]))):
        if key not in company.conversations:
            raise SystemExit(f"The scenario asks about the conversation {key!r}, which it does not have.")
        _compare(key, at, company, expected, told)
    return told


def _compare(key: Any, at: datetime, company: Company, expected: list[Expected], told: Score) -> None:
    findings = judge(company.case(key, at), at)
    seen: set = set()
    for one in expected:
        if one.conversation != key or one.may or at not in one.moments:
            continue
        told.expected[one.kind] += 1
        if any(one.is_like(key, f.kind, f.leg, at) for f in findings):
            told.met[one.kind] += 1
        else:
            told.faults.append(f"missed  {one.kind:16s} {key} at {at.isoformat()}")
    for finding in findings:
        if (finding.kind, finding.place) in seen:
            continue
        seen.add((finding.kind, finding.place))
        told.found[finding.kind] += 1
        if any(one.is_like(key, finding.kind, finding.leg, at) for one in expected):
            told.right[finding.kind] += 1
        else:
            told.faults.append(f"false   {finding.kind:16s} {key} at {at.isoformat()}: {finding.sentence}")


def say(told: Score, *, faults: int) -> None:
    print(f"{'':3s}{'kind':18s}{'expected':>9s}{'recall':>8s}{'found':>8s}{'precision':>11s}")
    for kind in KINDS.values():
        name = kind.name
        numbers = f"{told.expected[name]:9d}{told.recall(name):8.3f}{told.found[name]:8d}{told.precision(name):11.3f}"
        print(f"{kind.number:2d} {name:18s}{numbers}")
    total = f"{told.expected.total():9d}{told.recall():8.3f}{told.found.total():8d}{told.precision():11.3f}"
    print(f"   {'all':18s}{total}")
    for fault in told.faults[:faults]:
        print(fault, file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.links", description=__doc__)
    parser.add_argument("files", nargs="*", help="scenarios (docs/links-scenarios.md); - reads standard input")
    parser.add_argument("--seed", type=int, action="append", default=[], help="also plant and judge this seed")
    parser.add_argument("--seeds", type=int, default=0, help="also plant and judge the seeds 1 to this")
    parser.add_argument("--faults", type=int, default=40, help="how many misses and false alarms to tell")
    given = parser.parse_args(arguments)
    told = Score()
    for name in given.files:
        told.add(score(json.load(sys.stdin if name == "-" else open(name))))  # noqa: SIM115
    for seed in [*given.seed, *range(1, given.seeds + 1)]:
        told.add(score(planted(seed)))
    say(told, faults=given.faults)
    return 0 if told.is_enough else 1


if __name__ == "__main__":
    raise SystemExit(main())
