"""The clock: calls, at their intervals, what the rooms have asked it to, with the moment passed in.

A room registers in its own ``clock.py``, which is found by name:

    @every(1)
    def send_what_is_due(at: datetime) -> None: ...

One clock runs at a time, however many workers there are. What raises is said, kept visible (`Beat`) and called again
later; the others go on. What takes long belongs in a task: a beat asks for it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections, transaction
from django.utils.module_loading import autodiscover_modules
from django_tasks import default_task_backend

from pitcrew.jobs.lease import Keeper
from pitcrew.jobs.models import Beat

Act = Callable[[datetime], object]
REMEMBERED = timedelta(minutes=1)  # from this interval on, a restart does not forget when it was last called
AFTER_FAILURE = timedelta(seconds=5)  # doubled with every failure in a row, up to ten minutes
LONGEST_PAUSE = timedelta(minutes=10)
STEP = 0.2  # seconds between looks at the clock
log = logging.getLogger("pitcrew.clock")


@dataclass
class Calling:
    """One thing the clock calls."""

    name: str
    interval: timedelta
    act: Act
    next_at: datetime | None = None
    failures: int = 0


CALLINGS: dict[str, Calling] = {}


def every(seconds: float) -> Callable[[Act], Act]:
    """Be called with the moment (an aware datetime) about every so many seconds."""

    def register(act: Act) -> Act:
        name = f"{act.__module__.removeprefix('pitcrew.')}.{act.__name__}"
        CALLINGS[name] = Calling(name, timedelta(seconds=seconds), act)
        return act

    return register


def find_callings() -> None:
    """Import every room's ``clock.py``."""
    autodiscover_modules("clock")


def run(stop: threading.Event, *, now: Callable[[], datetime]) -> None:
    """Call what is due until `stop`, whenever the lease is ours."""
    find_callings()
    with Keeper("clock", now) as keeper:
        remembered = False
        while not stop.wait(STEP):
            if not keeper.has_it():
                remembered = False
                continue
            if not remembered:
                remember()
                remembered = True
            if tick(now()):
                close_old_connections()


def remember() -> None:
    """Take over from the clock that ran before: when the rare things were last called."""
    lasts = dict(Beat.objects.values_list("name", "last_at"))
    for calling in CALLINGS.values():
        last = lasts.get(calling.name)
        rare = calling.interval >= REMEMBERED
        calling.next_at = last + calling.interval if rare and last else None


def tick(at: datetime) -> int:
    """Call everything that is due at this moment. Returns how many were called."""
    due = [calling for calling in CALLINGS.values() if calling.next_at is None or calling.next_at <= at]
    for calling in due:
        _call(calling, at)
    return len(due)


def _call(calling: Calling, at: datetime) -> None:
    try:
        calling.act(at)
    except Exception as error:
        calling.failures += 1
        pause = min(AFTER_FAILURE * 2 ** min(calling.failures - 1, 10), LONGEST_PAUSE)
        calling.next_at = at + max(pause, calling.interval)
        log.error("%s failed: %s: %s", calling.name, type(error).__name__, error, exc_info=calling.failures == 1)
        _note(calling, at, f"{type(error).__name__}: {error}"[:500])
        return
    recovered, calling.failures = calling.failures > 0, 0
    calling.next_at = at + calling.interval
    if recovered or calling.interval >= REMEMBERED:
        _note(calling, at, "")


def _note(calling: Calling, at: datetime, failure: str) -> None:
    try:
        with transaction.atomic():
            told = {"last_at": at, "failures": calling.failures, "failure": failure}
            Beat.objects.update_or_create(name=calling.name, defaults=told)
    except Exception as error:
        log.error("How %s went could not be noted: %s", calling.name, error)


@every(3600)
def tidy(at: datetime) -> None:
    """Forget jobs that finished long ago."""
    default_task_backend.tidy(at)  # type: ignore[attr-defined]
