"""How moments, sizes and names are written on a screen."""

from datetime import datetime, timedelta

from django.utils import timezone

_UNITS = ("bytes", "KB", "MB", "GB")


def _here(at: datetime) -> datetime:
    """In the installation's time zone; nobody here has another, and to ask which one costs more than to turn to it."""
    return at.astimezone(timezone.get_default_timezone())


def when(at: datetime | None, now: datetime) -> str:
    """A moment as people say it: relative under a day, then weekday and hour, then the date."""
    if at is None:
        return ""
    passed = abs(now - at)
    if passed < timedelta(minutes=1):
        return "now"
    if passed < timedelta(hours=1):
        return f"{passed.seconds // 60} min"
    if passed < timedelta(days=1):
        return f"{passed.seconds // 3600} h"
    return _date(_here(at), _here(now), passed)


def _date(at: datetime, now: datetime, passed: timedelta) -> str:
    if passed < timedelta(days=6):
        return f"{at:%a %H:%M}"
    return f"{at.day} {at:%b}" if at.year == now.year else f"{at.day} {at:%b %Y}"


def clock(at: datetime | None, now: datetime) -> str:
    """A moment in a timeline: the hour today, the weekday this week, the date before."""
    if at is None:
        return ""
    at, now = _here(at), _here(now)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    if abs(now - at) < timedelta(days=6):
        return f"{at:%a %H:%M}"
    return f"{at.day} {at:%b %H:%M}" if at.year == now.year else f"{at.day} {at:%b %Y, %H:%M}"


def exactly(at: datetime) -> str:
    """The exact moment, in the installation's time zone."""
    at = _here(at)
    return f"{at:%A}, {at.day} {at:%B %Y, %H:%M:%S %Z}"


def size(count: int) -> str:
    """A number of bytes as people say it: 812 bytes, 1.2 MB."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{count} bytes" if unit == 0 else f"{amount:.1f} {_UNITS[unit]}"


def initials(name: str) -> str:
    """One or two letters that stand for a name."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [w[0] for w in words]
    return "".join(letters).upper() or "?"
