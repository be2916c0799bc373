"""Moments as people outside read them: the weekday and the hour, or the date; never "3 h ago", the page stays open."""

from datetime import datetime, timedelta

from django.utils import timezone

SOON = timedelta(hours=4)


def said_at(at: datetime, now: datetime) -> str:
    """When something was: today 13:40, Monday 13:40, 12 March 2026."""
    here, today = _here(at), _here(now)
    if here.date() == today.date():
        return f"today {here:%H:%M}"
    if abs(now - at) < timedelta(days=6):
        return f"{here:%A %H:%M}"
    return f"{here.day} {here:%B %Y}"


def said_by(at: datetime, now: datetime) -> str:
    """Until when: Wednesday 16:00, with its date where it is further away."""
    here = _here(at)
    if abs(now - at) < timedelta(days=6):
        return f"{here:%A %H:%M}"
    return f"{here:%A}, {here.day} {here:%B}, {here:%H:%M}"


def said_day(at: datetime, now: datetime) -> str:
    """A day that is expected: today, tomorrow, Thursday, Thursday 12 March."""
    here, today = _here(at).date(), _here(now).date()
    days = (here - today).days
    if days in (0, 1):
        return ("today", "tomorrow")[days]
    return f"{here:%A}" if 0 < days < 6 else f"{here:%A}, {here.day} {here:%B}"


def left(at: datetime, now: datetime) -> str:
    """How much time is left, in one unit."""
    seconds = int((at - now).total_seconds())
    for size, word in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= size * (2 if size == 86_400 else 1):
            return f"{seconds // size} {word} left"
    return "a minute left"


def light(at: datetime, now: datetime) -> str:
    """The light of a promise: on-time, at-risk, broken."""
    if at <= now:
        return "broken"
    return "at-risk" if at - now <= SOON else "on-time"


def first_up(words: str) -> str:
    """Words at the beginning of a line."""
    return words[:1].upper() + words[1:]


def _here(at: datetime) -> datetime:
    return at.astimezone(timezone.get_default_timezone())
