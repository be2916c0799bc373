"""`python -m evals.planting SEED > scenario.json`: a company over a year, with broken links and near misses planted.

For each of the twelve kinds 20 conversations in which the link is broken, and 20 in which it nearly is: just inside
the time, a weekend or a holiday in between, asked back, snoozed, back at work, sent again. Each seed has other
departments, hours, time zones and paces.
"""

import argparse
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from evals.replay import Company
from pitcrew.promises.hours import Hours

EACH = 20
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "Europe/London", "America/Sao_Paulo")
ZONES += ("Asia/Kolkata", "Pacific/Auckland", "America/Denver", "UTC")
COUNTRIES = ("DE", "US", "JP", "GB", "FR", "BR", "NL", "")
NAMES = ("Front desk", "Card processing", "Accounting", "Mobile team", "Warehouse", "Legal", "Returns", "Engineering")
FIRST, LAST = datetime(2027, 1, 11, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Plant = Callable[["Field", "Bed"], None]
PLANTS: dict[str, list[tuple[bool, Plant]]] = {}


def plants(kind: str, *, broken: bool) -> Callable[[Plant], Plant]:
    def register(plant: Plant) -> Plant:
        PLANTS.setdefault(kind, []).append((broken, plant))
        return plant

    return register


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


class Field:
    """The scenario as it grows."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.departments = [self._department(name) for name in self.random.sample(NAMES, self.random.randint(4, 6))]
        self.people: list[dict] = []
        self.mailboxes: list[dict] = []
        self.conversations: list[dict] = []
        self.events: list[dict] = []
        self.expect: list[dict] = []
        self.checks: list[dict] = []
        self.company = Company({"departments": self.departments})

    def _department(self, name: str) -> dict:
        start, pick = self.random.choice((7, 8, 9, 10)), self.random
        spans = [[f"{start:02d}:00", f"{start + 8:02d}:30"]]
        if pick.random() < 0.4:
            spans = [[f"{start:02d}:00", "12:00"], ["13:00", f"{start + 9:02d}:00"]]
        week = [spans] * 5 + ([[["10:00", "14:00"]], []] if pick.random() < 0.3 else [[], []])
        row = {"key": name.lower().replace(" ", "-"), "name": name, "time_zone": pick.choice(ZONES), "hours": week}
        row |= {"country": pick.choice(COUNTRIES), "accept_minutes": pick.choice((30, 60, 120, 240, 480))}
        row["pace_minutes"] = minutes = pick.choice((60, 120, 240, 480, 960))
        if pick.random() < 0.5:
            del row["pace_minutes"]
            days = (FIRST - 60 * DAY + n * 6 * HOUR for n in range(4 * 400))
            row["history"] = [{"at": stamp(day), "minutes": minutes} for day in days]
        return row | {"usual": minutes}

    def scenario(self) -> dict:
        rows = ("departments", "people", "mailboxes", "conversations", "events", "expect", "checks")
        return {name: getattr(self, name) for name in rows}


class Bed:
    """One conversation in which something is planted: its departments, its people, and the moment when it begins."""

    def __init__(self, field: Field, number: int):
        self.field, self.random, self.key = field, field.random, f"c{number}"
        self.home, self.desk = self.random.sample(field.departments, 2)
        self.third = next(d for d in field.departments if d not in (self.home, self.desk))
        self.owner = self._person("a", self.home)
        self.holder, self.other = self._person("b", self.desk), self._person("c", self.desk)
        self.start = self._begin()
        self.events: list[dict] = []
        self.row = {"key": self.key, "department": self.home["key"], "opened": stamp(self.start), "owner": self.owner}
        self.row["mailbox"] = f"box-{self.key}"
        field.mailboxes.append({"key": f"box-{self.key}", "name": f"{self.key}@company.test"})
        self.row["events"] = self.events
        field.conversations.append(self.row)
        self.tell("message_in", self.start)

    def _person(self, name: str, department: dict) -> str:
        key = f"{name}-{self.key}"
        self.field.people.append({"key": key, "departments": [department["key"]]})
        return key

    def _begin(self) -> datetime:
        """A moment of the home department's work; every third time the last hours before a weekend or a holiday."""
        begin = FIRST + (LAST - FIRST) * self.random.random()
        begin = self.hours(self.home).add(begin, self.random.randint(60, 7 * 3600))
        if self.random.random() < 0.4:
            while begin.weekday() != 4:
                begin += DAY
            begin = self.hours(self.home).add(begin, 60)
        return begin.replace(microsecond=0)

    def hours(self, department: dict) -> Hours:
        return self.field.company.hours_of(department["key"])

    def tell(self, what: str, at: datetime, **more: Any) -> datetime:
        self.events.append({"at": stamp(at), "type": what, **more})
        return at

    def world(self, what: str, at: datetime, **more: Any) -> None:
        self.field.events.append({"at": stamp(at), "type": what, **more})

    def later(self, department: dict, at: datetime, minutes: float) -> datetime:
        """So many minutes of the department's work later."""
        return self.hours(department).add(at, int(minutes * 60)).replace(microsecond=0)

    def before(self, department: dict, at: datetime, minutes: float) -> datetime:
        """A moment shortly before the department's time is up."""
        return self.later(department, at, max(1, minutes - self.random.choice((1, 2, 5, 15))))

    def after(self, department: dict, at: datetime, minutes: float) -> datetime:
        """A moment after the department's time is up: at once, or much later."""
        return self.later(department, at, minutes + self.random.choice((1, 2, 10, 300))) + MINUTE

    def soon(self, department: dict) -> float:
        return min(department["usual"], 480)

    def offer(self, at: datetime | None = None, **more: Any) -> datetime:
        """Hand it over; by default half an hour of the home department's work after it began."""
        at = at or self.later(self.home, self.start, 30)
        told = {"leg": "l1", "from": self.home["key"], "department": self.desk["key"], "by": self.owner, **more}
        return self.tell("leg_offered", at, **told)

    def accept(self, offered: datetime, leg: str = "l1", **more: Any) -> datetime:
        return self.tell("leg_accepted", self.later(self.desk, offered, 5), leg=leg, by=self.holder, **more)

    def broken(self, kind: str, at: datetime, **more: Any) -> None:
        self.field.expect.append({"kind": kind, "conversation": self.key, "at": stamp(at), **more})

    def whole(self, at: datetime) -> None:
        self.field.checks.append({"conversation": self.key, "at": stamp(at)})


# 1 Not accepted


@plants("not_accepted", broken=True)
def the_time_to_accept_is_over(f: Field, b: Bed) -> None:
    b.broken("not_accepted", b.after(b.desk, b.offer(), b.desk["accept_minutes"]), leg="l1")


@plants("not_accepted", broken=True)
def its_own_time_to_accept_is_over(f: Field, b: Bed) -> None:
    b.broken("not_accepted", b.after(b.desk, b.offer(accept_minutes=45, person=b.holder), 45), leg="l1")


@plants("not_accepted", broken=True)
def asked_answered_and_then_not_accepted(f: Field, b: Bed) -> None:
    offered, allowed = b.offer(), b.desk["accept_minutes"]
    asked = b.tell("leg_asked", b.later(b.desk, offered, allowed / 3), leg="l1", by=b.holder)
    answered = b.tell("leg_answered", b.later(b.home, asked, 20), leg="l1", by=b.owner)
    b.broken("not_accepted", b.after(b.desk, answered, allowed * 2 / 3 + 1), leg="l1")


@plants("not_accepted", broken=False)
def there_is_still_time_to_accept(f: Field, b: Bed) -> None:
    b.whole(b.before(b.desk, b.offer(), b.desk["accept_minutes"]))


@plants("not_accepted", broken=False)
def accepted_at_the_last_moment(f: Field, b: Bed) -> None:
    at = b.tell("leg_accepted", b.before(b.desk, b.offer(), b.desk["accept_minutes"]), leg="l1", by=b.holder)
    b.whole(b.later(b.desk, at, b.desk["usual"] / 2))


@plants("not_accepted", broken=False)
def asked_back_while_the_clock_stands(f: Field, b: Bed) -> None:
    asked = b.tell("leg_asked", b.later(b.desk, b.offer(), b.desk["accept_minutes"] / 2), leg="l1", by=b.holder)
    b.whole(b.before(b.home, asked, b.home["usual"] * 3))


@plants("not_accepted", broken=False)
def declined_a_moment_ago(f: Field, b: Bed) -> None:
    at = b.tell("leg_returned", b.before(b.desk, b.offer(), b.desk["accept_minutes"]), leg="l1", why="not ours")
    b.whole(b.before(b.home, at, b.home["usual"]))


# 2 Silent


@plants("silent", broken=True)
def silent_since_it_was_accepted(f: Field, b: Bed) -> None:
    b.broken("silent", b.after(b.desk, b.accept(b.offer()), b.desk["usual"]), leg="l1")


@plants("silent", broken=True)
def silent_since_its_last_word(f: Field, b: Bed) -> None:
    word = b.tell("leg_word", b.later(b.desk, b.accept(b.offer()), b.desk["usual"] / 2), leg="l1")
    b.broken("silent", b.after(b.desk, word, b.desk["usual"]), leg="l1")


@plants("silent", broken=True)
def returned_and_not_sent_elsewhere(f: Field, b: Bed) -> None:
    at = b.tell("leg_returned", b.later(b.desk, b.offer(), 10), leg="l1", why="not ours")
    b.broken("silent", b.after(b.home, at, b.home["usual"]), leg="l1")


@plants("silent", broken=False)
def not_yet_longer_than_usual(f: Field, b: Bed) -> None:
    b.whole(b.before(b.desk, b.accept(b.offer()), b.desk["usual"]))


@plants("silent", broken=False)
def a_word_in_between(f: Field, b: Bed) -> None:
    word = b.tell("note", b.before(b.desk, b.accept(b.offer()), b.desk["usual"]), leg="l1")
    b.whole(b.before(b.desk, word, b.desk["usual"]))


@plants("silent", broken=False)
def asked_back_and_the_answer_takes_a_while(f: Field, b: Bed) -> None:
    asked = b.tell("leg_asked", b.before(b.desk, b.accept(b.offer()), b.desk["usual"]), leg="l1")
    b.whole(b.before(b.home, asked, b.home["usual"] * 3))


@plants("silent", broken=False)
def answered_so_the_silence_begins_anew(f: Field, b: Bed) -> None:
    asked = b.tell("leg_asked", b.later(b.desk, b.accept(b.offer()), b.desk["usual"] / 2), leg="l1")
    answered = b.tell("leg_answered", b.later(b.home, asked, 30), leg="l1", by=b.owner)
    b.whole(b.before(b.desk, answered, b.desk["usual"]))


@plants("silent", broken=False)
def done_and_told(f: Field, b: Bed) -> None:
    done = b.tell("leg_done", b.before(b.desk, b.accept(b.offer()), b.desk["usual"]), leg="l1")
    b.tell("reply", b.later(b.home, done, b.soon(b.home) / 2), by=b.owner)
    b.whole(done + 20 * DAY)


# 3 Holder away


def _held(b: Bed) -> datetime:
    return b.accept(b.offer())


@plants("holder_away", broken=True)
def away_for_days(f: Field, b: Bed) -> None:
    held = _held(b)
    b.world("away", held + MINUTE, person=b.holder, until=stamp(held + 15 * DAY))
    b.broken("holder_away", b.later(b.desk, held, b.desk["usual"] / 2), leg="l1")


@plants("holder_away", broken=True)
def deactivated(f: Field, b: Bed) -> None:
    held = _held(b)
    b.world("deactivated", held + 2 * MINUTE, person=b.holder)
    b.broken("holder_away", b.later(b.desk, held, b.desk["usual"] / 2) + 3 * MINUTE, leg="l1")


@plants("holder_away", broken=True)
def no_longer_of_the_department(f: Field, b: Bed) -> None:
    held = _held(b)
    b.world("left", held + 2 * MINUTE, person=b.holder, department=b.desk["key"])
    b.broken("holder_away", b.later(b.desk, held, b.desk["usual"] / 2) + 3 * MINUTE, leg="l1")


@plants("holder_away", broken=True)
def the_owner_of_an_open_conversation_is_away(f: Field, b: Bed) -> None:
    b.world("away", b.start + MINUTE, person=b.owner, until=stamp(b.start + 12 * DAY))
    b.broken("holder_away", b.later(b.home, b.start, 30))


@plants("holder_away", broken=False)
def back_again(f: Field, b: Bed) -> None:
    held = _held(b)
    back = b.later(b.desk, held, b.desk["usual"] / 2)
    b.world("away", held + MINUTE, person=b.holder, until=stamp(held + 15 * DAY))
    b.world("back", back, person=b.holder)
    b.whole(b.later(b.desk, back, 5))


@plants("holder_away", broken=False)
def away_only_outside_working_hours(f: Field, b: Bed) -> None:
    held = _held(b)
    shut = held
    while b.hours(b.desk).is_open(shut):
        shut += 15 * MINUTE
    opens = b.hours(b.desk).add(shut, 1) - timedelta(seconds=1)
    b.world("away", shut, person=b.holder, until=stamp(opens))
    b.tell("leg_word", shut - MINUTE, leg="l1") if shut - MINUTE > held else None
    b.whole(shut + (opens - shut) / 2)


@plants("holder_away", broken=False)
def a_substitute_is_there(f: Field, b: Bed) -> None:
    held = _held(b)
    b.world("away", held + MINUTE, person=b.holder, until=stamp(held + 15 * DAY), substitute=b.other)
    b.whole(b.later(b.desk, held, b.desk["usual"] / 2))


@plants("holder_away", broken=False)
def given_to_somebody_else(f: Field, b: Bed) -> None:
    held = _held(b)
    b.world("away", held + 9 * MINUTE, person=b.holder, until=stamp(held + 15 * DAY))
    b.tell("leg_given", held + 5 * MINUTE, leg="l1", person=b.other)
    b.whole(b.later(b.desk, held, b.desk["usual"] / 2) + 6 * MINUTE)


@plants("holder_away", broken=False)
def the_absence_has_not_begun(f: Field, b: Bed) -> None:
    held = _held(b)
    at = b.later(b.desk, held, b.desk["usual"] / 2)
    b.world("away", held, person=b.holder, **{"from": stamp(at + MINUTE), "until": stamp(at + 9 * DAY)})
    b.whole(at)


@plants("holder_away", broken=False)
def the_owner_is_away_while_the_customer_has_the_move(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, by=b.owner)
    b.world("away", b.start + 2 * MINUTE, person=b.owner, until=stamp(b.start + 12 * DAY))
    b.whole(b.start + 5 * DAY)


# 4 Undelivered


@plants("undelivered", broken=True)
def bounced(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, message="r1", by=b.owner)
    at = b.tell("undelivered", b.start + 9 * MINUTE, message="r1", why="550 no such user")
    b.broken("undelivered", at + b.random.choice((MINUTE, 6 * HOUR, 9 * DAY)))


@plants("undelivered", broken=True)
def only_an_automatic_answer_came_later(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, message="r1", by=b.owner)
    at = b.tell("undelivered", b.start + 9 * MINUTE, message="r1")
    b.tell("reply", at + HOUR, automatic=True)
    b.broken("undelivered", at + 2 * HOUR)


@plants("undelivered", broken=True)
def the_later_answer_went_to_another(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, message="r1", to=["ana@customer.test"])
    at = b.tell("undelivered", b.start + 9 * MINUTE, message="r1")
    b.tell("reply", at + HOUR, to=["bob@customer.test"])
    b.broken("undelivered", at + 2 * HOUR)


@plants("undelivered", broken=False)
def sent_again(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, message="r1")
    b.tell("undelivered", b.start + 9 * MINUTE, message="r1")
    b.tell("sent_again", b.start + 12 * MINUTE, message="r1")
    b.whole(b.start + b.random.choice((HOUR, 5 * DAY)))


@plants("undelivered", broken=False)
def a_later_answer_arrived(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, message="r1", to=["ana@customer.test"])
    b.tell("undelivered", b.start + 9 * MINUTE, message="r1")
    b.tell("reply", b.start + 20 * MINUTE, to=["ana@customer.test", "bob@customer.test"])
    b.whole(b.start + 3 * DAY)


@plants("undelivered", broken=False)
def only_delayed(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, message="r1")
    b.tell("undelivered", b.start + 9 * MINUTE, message="r1", temporary=True)
    b.whole(b.start + HOUR)


# 5 Astray


@plants("astray", broken=True)
def wrote_after_it_was_done(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, then="closed")
    at = b.tell("message_in", b.start + b.random.choice((HOUR, 40 * DAY)), message="late")
    b.broken("astray", at + b.random.choice((timedelta(0), HOUR, 3 * DAY)))


@plants("astray", broken=True)
def wrote_on_another_s_conversation(f: Field, b: Bed) -> None:
    at = b.tell("message_in", b.start + HOUR, message="foreign", foreign=True)
    b.tell("reply", at - 10 * MINUTE)
    b.broken("astray", at + b.random.choice((MINUTE, 2 * DAY)))


@plants("astray", broken=False)
def opened_again(f: Field, b: Bed) -> None:
    b.tell("closed", b.start + MINUTE)
    b.tell("message_in", b.start + HOUR)
    b.tell("reopened", b.start + HOUR + MINUTE)
    b.whole(b.start + HOUR + 3 * MINUTE)


@plants("astray", broken=False)
def only_thanks(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, then="closed")
    b.tell("message_in", b.start + HOUR, only_thanks=True)
    b.whole(b.start + 2 * DAY)


@plants("astray", broken=False)
def out_of_office(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, then="closed")
    b.tell("message_in", b.start + 2 * MINUTE, automatic=True)
    b.whole(b.start + 2 * DAY)


@plants("astray", broken=False)
def settled(f: Field, b: Bed) -> None:
    b.tell("message_in", b.start + HOUR, message="foreign", foreign=True)
    b.tell("settled", b.start + HOUR + 5 * MINUTE, message="foreign")
    b.whole(b.start + HOUR + 9 * MINUTE)


@plants("astray", broken=False)
def wrote_just_before_it_was_done(f: Field, b: Bed) -> None:
    b.tell("message_in", b.start + HOUR - MINUTE)
    b.tell("reply", b.start + HOUR, then="closed")
    b.whole(b.start + 3 * DAY)


# 6 Not told


@plants("not_told", broken=True)
def the_fix_is_live_and_nobody_said_so(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE)
    live = b.tell("upstream_done", b.later(b.home, b.start, 200), key="p1")
    b.broken("not_told", b.after(b.home, live, b.soon(b.home)))


@plants("not_told", broken=True)
def every_leg_is_done_and_nobody_said_so(f: Field, b: Bed) -> None:
    done = b.tell("leg_done", b.later(b.desk, b.accept(b.offer()), 10), leg="l1")
    b.broken("not_told", b.after(b.home, done, b.soon(b.home)))


@plants("not_told", broken=True)
def closed_without_a_word(f: Field, b: Bed) -> None:
    done = b.tell("leg_done", b.later(b.desk, b.accept(b.offer()), 10), leg="l1")
    b.tell("closed", done + MINUTE)
    b.broken("not_told", b.after(b.home, done, b.soon(b.home)))


@plants("not_told", broken=False)
def there_is_still_time_to_tell(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE)
    b.whole(b.before(b.home, b.tell("upstream_done", b.later(b.home, b.start, 200)), b.soon(b.home)))


@plants("not_told", broken=False)
def told_in_time(f: Field, b: Bed) -> None:
    done = b.tell("leg_done", b.later(b.desk, b.accept(b.offer()), 10), leg="l1")
    b.tell("reply", b.before(b.home, done, b.soon(b.home)))
    b.whole(done + 8 * DAY)


@plants("not_told", broken=False)
def told_by_telephone(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE)
    live = b.tell("upstream_done", b.later(b.home, b.start, 200))
    b.tell("call", b.before(b.home, live, b.soon(b.home)))
    b.whole(live + 8 * DAY)


@plants("not_told", broken=False)
def the_fix_came_back(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE)
    live = b.tell("upstream_done", b.later(b.home, b.start, 200), key="p1")
    b.tell("upstream_undone", b.before(b.home, live, b.soon(b.home)), key="p1")
    b.whole(live + 8 * DAY)


# 7 Promise passed


@plants("promise_passed", broken=True)
def the_hours_promised_are_over(f: Field, b: Bed) -> None:
    minutes = b.random.choice((60, 240, 960))
    b.tell("promised", b.start, kind=b.random.choice(("first_reply", "next_reply", "solution")), minutes=minutes)
    b.broken("promise_passed", b.after(b.home, b.start, minutes))


@plants("promise_passed", broken=True)
def a_reply_does_not_erase_a_promised_call(f: Field, b: Bed) -> None:
    due = b.later(b.home, b.start, 600)
    b.tell("promised", b.start + MINUTE, kind="call_back", due=stamp(due))
    b.tell("reply", b.start + 2 * MINUTE, then=b.random.choice(("waiting", "closed")))
    b.broken("promise_passed", due + b.random.choice((MINUTE, 3 * DAY)))


@plants("promise_passed", broken=True)
def a_leg_is_not_done_by_its_moment(f: Field, b: Bed) -> None:
    offered = b.offer(complete_minutes=300)
    b.accept(offered)
    late = b.later(b.desk, offered, 301) + MINUTE
    b.tell("leg_word", late - MINUTE, leg="l1")
    b.broken("promise_passed", late)


@plants("promise_passed", broken=False)
def the_hours_promised_are_not_over(f: Field, b: Bed) -> None:
    b.tell("promised", b.start, kind="first_reply", minutes=500)
    b.whole(b.before(b.home, b.start, 500))


@plants("promise_passed", broken=False)
def kept(f: Field, b: Bed) -> None:
    b.tell("promised", b.start, kind="call_back", due=stamp(b.start + 2 * DAY))
    b.tell("kept", b.start + 2 * DAY - MINUTE, kind="call_back")
    b.whole(b.start + 4 * DAY)


@plants("promise_passed", broken=False)
def paused_while_the_customer_has_the_move(f: Field, b: Bed) -> None:
    b.tell("promised", b.start, kind="solution", minutes=300)
    b.tell("reply", b.later(b.home, b.start, 60))
    b.tell("paused", b.later(b.home, b.start, 60), kind="solution")
    b.whole(b.start + 20 * DAY)


@plants("promise_passed", broken=False)
def paused_and_resumed(f: Field, b: Bed) -> None:
    b.tell("promised", b.start, kind="solution", minutes=300)
    b.tell("paused", b.later(b.home, b.start, 60), kind="solution")
    resumed = b.tell("resumed", b.later(b.home, b.start, 2000), kind="solution")
    b.whole(b.before(b.home, resumed, 240))


@plants("promise_passed", broken=False)
def put_off_with_the_customer(f: Field, b: Bed) -> None:
    b.tell("promised", b.start, kind="call_back", due=stamp(b.start + 2 * DAY))
    b.tell("promise_moved", b.start + DAY, kind="call_back", due=stamp(b.start + 6 * DAY))
    b.whole(b.start + 6 * DAY - MINUTE)


@plants("promise_passed", broken=False)
def a_reply_is_not_owed_when_it_is_done(f: Field, b: Bed) -> None:
    b.tell("promised", b.start, kind="next_reply", minutes=60)
    b.tell("closed", b.start + 9 * MINUTE)
    b.whole(b.start + 9 * DAY)


# 8 Follow-up


def _plan(b: Bed, **more: Any) -> datetime:
    """A relay with a step of work and a follow-up; the work is done."""
    steps = [{"key": "make", "name": "Make it"}, {"key": "call", "name": "Call back", "is_follow_up": True}]
    b.tell("relay_started", b.start + MINUTE, relay="r", **({"steps": steps} | more))
    accepted = b.accept(b.offer(leg="make"), "make")
    return b.tell("leg_done", b.later(b.desk, accepted, 20), leg="make")


@plants("no_follow_up", broken=True)
def nobody_opened_the_follow_up(f: Field, b: Bed) -> None:
    b.broken("no_follow_up", b.after(b.home, _plan(b), b.soon(b.home)))


@plants("no_follow_up", broken=True)
def an_answer_is_no_follow_up(f: Field, b: Bed) -> None:
    done = _plan(b, steps=[{"key": "make"}], follow_up=True)
    b.tell("reply", done + MINUTE)
    b.broken("no_follow_up", b.after(b.home, done, b.soon(b.home)))


@plants("no_follow_up", broken=True)
def nobody_was_reached_and_no_call_is_promised(f: Field, b: Bed) -> None:
    opened = b.offer(b.later(b.home, _plan(b), 5), leg="call", department=b.home["key"])
    tried = b.tell("leg_done", opened + MINUTE, leg="call", result="no_answer")
    b.broken("no_follow_up", b.after(b.home, tried, b.soon(b.home)))


@plants("no_follow_up", broken=False)
def there_is_still_time_for_the_follow_up(f: Field, b: Bed) -> None:
    b.whole(b.before(b.home, _plan(b), b.soon(b.home)))


@plants("no_follow_up", broken=False)
def the_follow_up_is_out(f: Field, b: Bed) -> None:
    opened = b.offer(b.later(b.home, _plan(b), 5), leg="call", department=b.third["key"])
    b.whole(b.before(b.third, opened, b.third["accept_minutes"]))


@plants("no_follow_up", broken=False)
def it_works(f: Field, b: Bed) -> None:
    opened = b.offer(b.later(b.home, _plan(b), 5), leg="call", department=b.third["key"])
    b.tell("leg_done", opened + 3 * MINUTE, leg="call", result="works")
    b.whole(opened + 12 * DAY)


@plants("no_follow_up", broken=False)
def nobody_was_reached_but_a_call_is_promised(f: Field, b: Bed) -> None:
    opened = b.offer(b.later(b.home, _plan(b), 5), leg="call", department=b.home["key"])
    tried = b.tell("leg_done", opened + MINUTE, leg="call", result="no_answer")
    b.tell("promised", tried, kind="call_back", due=stamp(tried + 6 * DAY))
    b.whole(tried + 6 * DAY - MINUTE)


@plants("no_follow_up", broken=False)
def skipped_with_a_reason(f: Field, b: Bed) -> None:
    done = _plan(b)
    b.tell("leg_skipped", done + MINUTE, step="call", why="the customer thanked us already")
    b.whole(done + 8 * DAY)


# 9 Owner


@plants("owner", broken=True)
def two_have_it(f: Field, b: Bed) -> None:
    at = b.tell("also_assigned", b.start + 5 * MINUTE, person=b._person("d", b.home))
    b.broken("owner", at + b.random.choice((MINUTE, 2 * DAY)))


@plants("owner", broken=True)
def nobody_takes_it(f: Field, b: Bed) -> None:
    b.row["owner"] = None
    b.broken("owner", b.after(b.home, b.start, b.home["usual"]))


@plants("owner", broken=True)
def let_go_and_nobody_takes_it(f: Field, b: Bed) -> None:
    at = b.tell("unassigned", b.later(b.home, b.start, 20))
    b.broken("owner", b.after(b.home, at, b.home["usual"]))


@plants("owner", broken=True)
def two_conversations_about_one_matter(f: Field, b: Bed) -> None:
    twin = Bed(f, len(f.conversations) + 1)
    at = max(twin.start, b.start) + HOUR
    b.tell("same_matter", at, other=twin.key)
    b.broken("owner", at + MINUTE)


@plants("owner", broken=False)
def two_follow_but_one_has_it(f: Field, b: Bed) -> None:
    for name in ("d", "e"):
        b.tell("followed", b.start + MINUTE, person=b._person(name, b.home))
    b.whole(b.start + 3 * DAY)


@plants("owner", broken=False)
def there_is_still_time_to_take_it(f: Field, b: Bed) -> None:
    b.row["owner"] = None
    b.whole(b.before(b.home, b.start, b.home["usual"]))


@plants("owner", broken=False)
def nobody_has_it_but_the_customer_has_the_move(f: Field, b: Bed) -> None:
    b.row["owner"] = None
    b.tell("reply", b.before(b.home, b.start, b.home["usual"]))
    b.whole(b.start + 12 * DAY)


@plants("owner", broken=False)
def nobody_has_it_while_it_is_snoozed(f: Field, b: Bed) -> None:
    b.row["owner"] = None
    b.tell("snoozed", b.start + MINUTE, until=stamp(b.start + 9 * DAY))
    b.whole(b.start + 9 * DAY - MINUTE)


@plants("owner", broken=False)
def one_of_two_stepped_back(f: Field, b: Bed) -> None:
    other = b._person("d", b.home)
    b.tell("also_assigned", b.start + 5 * MINUTE, person=other)
    b.tell("unassigned", b.start + 7 * MINUTE, person=other)
    b.whole(b.start + 2 * DAY)


@plants("owner", broken=False)
def handed_from_one_to_the_other(f: Field, b: Bed) -> None:
    b.tell("assigned", b.start + 5 * MINUTE, person=b._person("d", b.home))
    b.whole(b.start + 2 * DAY)


# 10 Step skipped


def _steps(b: Bed, *names: str, parallel: bool = False) -> datetime:
    steps: list[dict] = [{"key": name} for name in names]
    for number, step in enumerate(steps):
        before = [names[0]] if parallel and number else list(names[number - 1 : number])
        step["after"] = before if number else []
    b.tell("relay_started", b.start + MINUTE, relay="r", steps=steps)
    return _step(b, names[0], b.later(b.home, b.start, 5))


def _step(b: Bed, name: str, at: datetime) -> datetime:
    accepted = b.accept(b.offer(at, leg=name), name)
    return b.tell("leg_done", b.later(b.desk, accepted, 5), leg=name)


@plants("step_skipped", broken=True)
def the_third_before_the_second(f: Field, b: Bed) -> None:
    at = b.offer(b.later(b.home, _steps(b, "print", "pack", "send"), 5), leg="send", department=b.third["key"])
    b.broken("step_skipped", b.later(b.third, at, b.third["accept_minutes"] / 2))


@plants("step_skipped", broken=True)
def finished_without_one_step(f: Field, b: Bed) -> None:
    at = b.tell("relay_finished", _steps(b, "print", "send") + MINUTE, relay="r")
    b.tell("reply", at + MINUTE)
    b.broken("step_skipped", at + 2 * DAY)


@plants("step_skipped", broken=True)
def withdrawn_and_gone_on(f: Field, b: Bed) -> None:
    offered = b.offer(b.later(b.home, _steps(b, "print", "pack", "send"), 5), leg="pack")
    b.tell("leg_withdrawn", offered + MINUTE, leg="pack")
    at = b.offer(offered + 2 * MINUTE, leg="send", department=b.third["key"])
    b.broken("step_skipped", b.later(b.third, at, b.third["accept_minutes"] / 2))


@plants("step_skipped", broken=False)
def skipped_and_said_why(f: Field, b: Bed) -> None:
    first = _steps(b, "print", "pack", "send")
    b.tell("leg_skipped", first + MINUTE, step="pack", why="it is packed already")
    at = b.offer(first + 2 * MINUTE, leg="send", department=b.third["key"])
    b.whole(b.later(b.third, at, b.third["accept_minutes"] / 2))


@plants("step_skipped", broken=False)
def side_by_side(f: Field, b: Bed) -> None:
    first = _steps(b, "print", "pack", "label", parallel=True)
    at = b.offer(first + 2 * MINUTE, leg="label", department=b.third["key"])
    b.whole(b.later(b.third, at, b.third["accept_minutes"] / 2))


@plants("step_skipped", broken=False)
def in_order(f: Field, b: Bed) -> None:
    second = _step(b, "pack", _steps(b, "print", "pack", "send") + MINUTE)
    at = b.offer(second + MINUTE, leg="send", department=b.third["key"])
    b.whole(b.later(b.third, at, b.third["accept_minutes"] / 2))


@plants("step_skipped", broken=False)
def the_relay_was_stopped(f: Field, b: Bed) -> None:
    first = _steps(b, "print", "pack", "send")
    b.tell("relay_stopped", first + MINUTE, relay="r", why="the customer cancelled")
    b.tell("reply", first + 2 * MINUTE)
    b.whole(first + 5 * DAY)


# 11 Back and forth


def _pass(b: Bed, route: list[dict], pause: timedelta) -> datetime:
    at = b.start + MINUTE
    for giver, taker in zip(route, route[1:], strict=False):
        b.tell("transferred", at, **{"from": giver["key"], "to": taker["key"], "owner": b.owner})
        b.field.people.append({"key": b.owner, "departments": [d["key"] for d in b.field.departments]})
        at += pause
    return at - pause


@plants("back_and_forth", broken=True)
def there_and_back_and_there(f: Field, b: Bed) -> None:
    route = [b.home, b.desk] * b.random.choice((2, 3, 4))
    b.broken("back_and_forth", _pass(b, route, b.random.choice((HOUR, 20 * HOUR))) + b.random.choice((MINUTE, DAY)))


@plants("back_and_forth", broken=True)
def after_a_detour(f: Field, b: Bed) -> None:
    route = [b.third, b.home, b.desk, b.home, b.desk]
    b.broken("back_and_forth", _pass(b, route, 7 * HOUR) + MINUTE)


@plants("back_and_forth", broken=True)
def declined_again_and_again(f: Field, b: Bed) -> None:
    at = b.offer()
    back = b.tell("leg_returned", b.later(b.desk, at, 5), leg="l1", why="not ours")
    again = b.offer(b.later(b.home, back, 5), leg="l2")
    b.broken("back_and_forth", b.later(b.desk, again, 5))


@plants("back_and_forth", broken=False)
def there_and_back(f: Field, b: Bed) -> None:
    b.whole(_pass(b, [b.home, b.desk, b.home], 5 * HOUR) + DAY)


@plants("back_and_forth", broken=False)
def around_three_departments(f: Field, b: Bed) -> None:
    b.whole(_pass(b, [b.home, b.desk, b.third, b.home, b.desk], 5 * HOUR) + DAY)


@plants("back_and_forth", broken=False)
def over_a_long_time(f: Field, b: Bed) -> None:
    b.whole(_pass(b, [b.home, b.desk, b.home, b.desk], 8 * DAY) + MINUTE)


@plants("back_and_forth", broken=False)
def and_then_it_was_done(f: Field, b: Bed) -> None:
    last = _pass(b, [b.home, b.desk, b.home, b.desk], 5 * HOUR)
    b.tell("reply", last + HOUR, then="closed")
    b.whole(last + DAY)


# 12 Mailbox


@plants("mailbox_stopped", broken=True)
def the_password_is_refused(f: Field, b: Bed) -> None:
    b.world("mailbox_stopped", b.start + HOUR, mailbox=b.row["mailbox"])
    b.broken("mailbox_stopped", b.start + HOUR + b.random.choice((16 * MINUTE, 3 * HOUR, 4 * DAY)))


@plants("mailbox_stopped", broken=True)
def back_for_a_moment_and_stopped_again(f: Field, b: Bed) -> None:
    for minutes, what in ((0, "stopped"), (30, "back"), (60, "stopped")):
        b.world(f"mailbox_{what}", b.start + HOUR + minutes * MINUTE, mailbox=b.row["mailbox"])
    b.broken("mailbox_stopped", b.start + 3 * HOUR)


@plants("mailbox_stopped", broken=False)
def only_a_restart(f: Field, b: Bed) -> None:
    b.world("mailbox_stopped", b.start + HOUR, mailbox=b.row["mailbox"])
    b.whole(b.start + HOUR + 14 * MINUTE)


@plants("mailbox_stopped", broken=False)
def runs_again(f: Field, b: Bed) -> None:
    b.world("mailbox_stopped", b.start + HOUR, mailbox=b.row["mailbox"])
    b.world("mailbox_back", b.start + 5 * HOUR, mailbox=b.row["mailbox"])
    b.whole(b.start + 5 * HOUR + MINUTE)


@plants("mailbox_stopped", broken=False)
def another_mailbox_has_stopped(f: Field, b: Bed) -> None:
    b.world("mailbox_stopped", b.start + HOUR, mailbox="another")
    b.whole(b.start + 2 * DAY)


@plants("mailbox_stopped", broken=False)
def the_matter_is_done(f: Field, b: Bed) -> None:
    b.tell("reply", b.start + MINUTE, then="closed")
    b.world("mailbox_stopped", b.start + HOUR, mailbox=b.row["mailbox"])
    b.whole(b.start + 2 * DAY)


def planted(seed: int, each: int = EACH) -> dict:
    """A scenario with so many broken links and so many near misses of every kind."""
    field = Field(seed)
    for plantings in PLANTS.values():
        for broken in (True, False):
            ways = [plant for is_broken, plant in plantings if is_broken is broken]
            for number in range(each):
                ways[number % len(ways)](field, Bed(field, len(field.conversations) + 1))
    return field.scenario()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m evals.planting", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--each", type=int, default=EACH)
    given = parser.parse_args(arguments)
    print(json.dumps(planted(given.seed, given.each), indent=1))


if __name__ == "__main__":
    main()
