"""A department's own usual pace: how long it is commonly silent about work that it has."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil

from pitcrew.relays.links.judging.hours import Hours

WINDOW = timedelta(days=60)
ENOUGH = 20  # gaps without which nothing is usual
SHARE = 0.9
LEAST, MOST = 3_600, 40 * 3_600  # seconds of work: an hour, a week
DEFAULT = 8 * 3_600  # a working day, while there is too little to go by

Gap = tuple[datetime, int]  # when it ended, seconds of business hours it lasted


def gaps(words: Iterable[datetime], hours: Hours) -> list[Gap]:
    """The silences between a department's successive words about one leg, from its acceptance to its end."""
    moments = sorted(words)
    return [(b, hours.between(a, b)) for a, b in zip(moments, moments[1:], strict=False)]


def pace(own: Sequence[Gap], house: Sequence[Gap], at: datetime) -> int:
    """Seconds of business hours that nine of ten silences of this department did not exceed (nearest rank).

    Of the silences that ended in the last 60 days; with less than 20 of its own those of the whole house count, with
    less than 20 of these a working day of eight hours. Never less than one hour, nor more than forty.
    """
    for some in (own, house):
        recent = sorted(seconds for ended, seconds in some if at - WINDOW <= ended <= at)
        if len(recent) >= ENOUGH:
            return min(max(recent[ceil(SHARE * len(recent)) - 1], LEAST), MOST)
    return DEFAULT
