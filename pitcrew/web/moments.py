"""Moments a person chooses: in three hours, tomorrow morning, on Monday."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from pitcrew.people.refusals import Refused

MORNING = 9
EARLIEST, LATEST = 1900, 2999  # years; at the ends of the calendar another zone falls off it


@dataclass(frozen=True)
class Choice:
    word: str
    at: datetime


def choices(now: datetime) -> list[Choice]:
    """When a snoozed conversation may come back, nearest first."""
    today = timezone.localtime(now).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return [
        Choice("In three hours", now + timedelta(hours=3)),
        Choice("Tomorrow morning", today + timedelta(days=1)),
        Choice("Next Monday", today + timedelta(days=7 - today.weekday())),
        Choice("In a week", today + timedelta(days=7)),
        Choice("In a month", today + timedelta(days=30)),
    ]


def moment_asked(text: str) -> datetime:
    """A moment as a form gives it; without a zone it is the installation's."""
    at = told_moment(text.strip())
    if at is None:
        raise Refused("That is no moment. Choose a day and an hour.")
    return at


def told_moment(text: str) -> datetime | None:
    """A moment as machines write it, if it is one that every zone and database can tell."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    if at is None or not EARLIEST <= at.year <= LATEST:
        return None
    return at if timezone.is_aware(at) else timezone.make_aware(at)
