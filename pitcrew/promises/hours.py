"""Business hours: how many there are between two moments, and when so many have passed.

Pure: no database and no clock. Opening times are wall-clock times of a time zone, so a day of a clock change is as
long as the wall says: an hour that does not exist is not worked, one that comes twice is worked twice where the
opening time spans it (zones and rules: IANA tz database through ``zoneinfo``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

FURTHEST = 731  # days that nobody works before a calendar counts as one that never opens
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MIDNIGHT = 24 * 60
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
Period = tuple[datetime, datetime]
Week = tuple[tuple[tuple[int, int], ...], ...]  # minutes since midnight, Monday first


class Impossible(Exception):
    """A calendar by which nobody ever works. The text is a sentence that says what to do."""


@dataclass(frozen=True)
class Hours:
    """When people work: a week of opening times in a zone, without holidays. Without a week every hour counts."""

    zone: tzinfo = UTC
    week: Week | None = None
    closed: frozenset[date] = frozenset()
    country: str = ""
    region: str = ""
    known: dict[date, tuple[Period, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, calendar: Any) -> "Hours":
        """The hours of a calendar row; None is round the clock. Raises Impossible when it cannot be read."""
        if calendar is None:
            return ROUND_THE_CLOCK
        week = tuple(tuple((start, end) for start, end in day) for day in calendar.hours)
        return _hours(calendar.time_zone, week, calendar.country, calendar.region, tuple(calendar.closed))

    def add(self, moment: datetime, seconds: int) -> datetime:
        """The moment when so many seconds of business hours have passed since `moment`; 0 is the moment itself.

        Raises Impossible where no working hour comes within two years.
        """
        left = timedelta(seconds=seconds)
        if self.week is None or not left:
            return (moment + left).astimezone(UTC)
        for start, end in self._periods(moment):
            begun = max(start, moment)
            if begun + left <= end:
                return begun + left
            left -= end - begun
        raise Impossible("No working hour comes within two years. Give the calendar opening times.")

    def between(self, a: datetime, b: datetime) -> int:
        """Whole seconds of business hours from `a` to `b`; negative when `b` is earlier."""
        if b < a:
            return -self.between(b, a)
        if self.week is None:
            return (b - a) // SECOND
        passed = timedelta()
        for day in _days(a.astimezone(self.zone).date() - DAY, b.astimezone(self.zone).date() + DAY):
            for start, end in self._opening(day):
                passed += max(min(end, b) - max(start, a), timedelta())
        return passed // SECOND

    def is_open(self, moment: datetime) -> bool:
        """Somebody works at this moment."""
        if self.week is None:
            return True
        return any(start <= moment < end for start, end in self._opening(moment.astimezone(self.zone).date()))

    def check(self, at: datetime) -> None:
        """Raises Impossible when no working hour comes within two years of this moment."""
        self.add(at, 1)

    def _periods(self, moment: datetime) -> Iterator[Period]:
        """The opening times that end after this moment, until two years bring none."""
        day, idle = moment.astimezone(self.zone).date(), 0
        while idle <= FURTHEST and day < date.max - DAY:
            periods = [p for p in self._opening(day) if p[1] > moment]
            yield from periods
            idle = 0 if periods else idle + 1
            day += DAY

    def _opening(self, day: date) -> tuple[Period, ...]:
        if day not in self.known:
            self.known[day] = tuple(self._opened(day))
        return self.known[day]

    def _opened(self, day: date) -> Iterator[Period]:
        times = self.week[day.weekday()] if self.week else ()
        if not times or day in self.closed or holiday(day, self.country, self.region):
            return
        for start, end in times:
            opens, shuts = _moment(day, start, self.zone), _moment(day, end, self.zone)
            if opens < shuts:
                yield opens, shuts


ROUND_THE_CLOCK = Hours()


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    """What the wall clock of a zone calls so; of two the first; of none the moment when the clock jumps over it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first
    return _jump(second, first, zone)


def _jump(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The moment between these two at which the zone puts its clock on, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + ((after - before) // 2 // SECOND or 1) * SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=200)
def _hours(zone: str, week: tuple, country: str, region: str, closed: tuple) -> Hours:
    try:
        read = tuple(tuple((minutes(start), minutes(end)) for start, end in day) for day in week)
        days = frozenset(date.fromisoformat(day) for day in closed)
        _holidays(country, region)
        return Hours(ZoneInfo(zone), _whole(read), days, country, region)
    except (ValueError, OSError, KeyError, NotImplementedError) as error:
        raise Impossible(f"The calendar cannot be read: {error}. Open it and save it again.") from error


def _whole(week: Week) -> Week:
    return (week + ((),) * 7)[:7]


def minutes(text: str) -> int:
    """``09:30`` as minutes since midnight; the day ends at ``24:00``. Raises ValueError."""
    hour, _, minute = text.strip().partition(":")
    found = int(hour) * 60 + int(minute or 0)
    if not (0 <= found <= MIDNIGHT and 0 <= int(minute or 0) < 60):
        raise ValueError(f"{text} is no time of day")
    return found


@lru_cache(maxsize=200)
def _holidays(country: str, region: str) -> Any:
    return holidays.country_holidays(country, subdiv=region or None) if country else {}


def holiday(day: date, country: str, region: str = "") -> str:
    """What is celebrated on this day there, or nothing."""
    return str(_holidays(country, region).get(day) or "")


def coming_holidays(country: str, region: str, day: date, many: int = 6) -> list[tuple[date, str]]:
    """The next holidays from this day on, within a year."""
    days = (day + n * DAY for n in range(366))
    return [(d, name) for d in days if (name := holiday(d, country, region))][:many]


def countries() -> dict[str, list[str]]:
    """The countries whose holidays are known, by code, each with its regions."""
    return {code: list(regions) for code, regions in holidays.list_supported_countries().items() if len(code) == 2}
