"""Business hours: what passes between two moments, and when so many have passed."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitcrew.promises.hours import ROUND_THE_CLOCK, Hours, Impossible, coming_holidays, holiday

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo")
OFFICE = [[["09:00", "17:00"]]] * 5 + [[], []]
ALWAYS = [[["00:00", "24:00"]]] * 7

times = st.lists(st.integers(0, 96), min_size=0, max_size=4, unique=True).map(sorted)
days = times.map(lambda found: [[told(a), told(b)] for a, b in zip(found[::2], found[1::2], strict=False)])
weeks = st.lists(days, min_size=7, max_size=7).filter(any)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
seconds = st.integers(0, 60 * 60 * 24 * 30)


def told(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def hours(week=OFFICE, zone="Europe/Berlin", **rest) -> Hours:
    return Hours.of(SimpleNamespace(hours=week, time_zone=zone, **{"country": "", "region": "", "closed": [], **rest}))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


calendars = st.builds(hours, weeks, st.sampled_from(ZONES), country=st.sampled_from(("", "DE", "US", "IN")))


@settings(deadline=None, max_examples=120)
@given(calendars, moments, seconds)
def test_what_is_added_is_what_lies_between(calendar, at, some):
    assert calendar.between(at, calendar.add(at, some)) == some


@settings(deadline=None, max_examples=80)
@given(calendars, moments, seconds, seconds)
def test_more_is_never_earlier_and_parts_make_the_whole(calendar, at, one, two):
    first, both = calendar.add(at, one), calendar.add(at, one + two)
    assert at <= first <= both
    assert calendar.add(first, two) == both


@settings(deadline=None, max_examples=80)
@given(calendars, moments, st.integers(1, 10**6))
def test_nothing_is_due_while_nobody_works(calendar, at, some):
    due = calendar.add(at, some)
    assert calendar.is_open(due - timedelta(microseconds=1))


@settings(deadline=None, max_examples=60)
@given(calendars, moments, moments)
def test_between_is_the_same_there_and_back_and_no_longer_than_the_clock_says(calendar, a, b):
    assert calendar.between(a, b) == -calendar.between(b, a)
    assert abs(calendar.between(a, b)) <= abs((b - a).total_seconds()) + 1


def test_an_evening_mail_is_due_the_next_working_day():
    """Friday, the sixth of March 2026, five to five in Berlin."""
    assert hours().add(utc(2026, 3, 6, 15, 55), 3600) == utc(2026, 3, 9, 8, 55)
    assert not hours().is_open(utc(2026, 3, 6, 16)) and hours().is_open(utc(2026, 3, 6, 8))


def test_a_day_of_a_clock_change_is_as_long_as_the_wall_says():
    """Berlin puts its clock on at two on the 29th of March 2026, and back at three on the 25th of October."""
    all_day = hours(ALWAYS)
    assert all_day.between(utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)) == 23 * 3600
    assert all_day.between(utc(2026, 10, 24, 22), utc(2026, 10, 25, 23)) == 25 * 3600
    night = hours([[["00:00", "02:30"], ["02:40", "05:00"]]] * 7)
    assert night.between(utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)) == 4 * 3600
    missing = hours([[["02:10", "02:50"]]] * 7)
    assert missing.between(utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)) == 0


def test_holidays_of_a_country_its_regions_and_days_of_ones_own_are_free():
    """Corpus Christi, the fourth of June 2026, is free in Bavaria and not in Berlin."""
    at = utc(2026, 6, 3, 15)
    assert hours(country="DE", region="BY").add(at, 3600) == utc(2026, 6, 5, 8)
    assert hours(country="DE", region="BE").add(at, 3600) == utc(2026, 6, 4, 8)
    assert hours(closed=["2026-06-04", "2026-06-05"]).add(at, 3600) == utc(2026, 6, 8, 8)
    assert holiday(date(2026, 12, 25), "US") == "Christmas Day"
    assert coming_holidays("DE", "", date(2026, 12, 20), 2)[0] == (
        date(2026, 12, 25),
        holiday(date(2026, 12, 25), "DE"),
    )


def test_without_a_calendar_every_hour_counts():
    assert Hours.of(None).add(utc(2026, 3, 7, 1), 3600) == utc(2026, 3, 7, 2)
    assert ROUND_THE_CLOCK.is_open(utc(2026, 3, 8, 3))


@pytest.mark.parametrize(
    "told",
    [{"week": [[]] * 7}, {"week": []}, {"zone": "Mars/Base"}, {"country": "QQ"}, {"week": [[["9:77", "x"]]]}],
)
def test_a_calendar_by_which_nobody_works_is_impossible_in_a_sentence(told):
    with pytest.raises(Impossible, match=r"\.$"):
        hours(**told).add(utc(2026, 3, 2), 1)


def test_one_free_day_after_another_for_two_years_is_impossible():
    closed = [str(date(2026, 1, 1) + timedelta(days=n)) for n in range(800)]
    with pytest.raises(Impossible):
        hours(closed=closed).add(utc(2026, 1, 2), 1)
    assert hours(closed=closed[:400]).add(utc(2026, 1, 2), 3600) == utc(2027, 2, 5, 9)
