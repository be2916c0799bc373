"""What the clock does: warns of what is at risk, breaks what is overdue, each once."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import QuerySet

from pitcrew.history.actors import Actor
from pitcrew.history.writing import now_recording, operation
from pitcrew.promises import events
from pitcrew.promises.actions.owing import move
from pitcrew.promises.models import Promise

AT_ONCE = 500
PORTIONS = 40  # of so many; the rest is left to the next beat, so that others get their turn
log = logging.getLogger(__name__)


def warn_due(*, by: Actor, at: datetime) -> int:
    """Warn of every promise whose time is three quarters over. The clock calls this."""
    return _sweep(warn, Promise.objects.filter(look_at__lte=at, due_at__gt=at), by, at)


def break_due(*, by: Actor, at: datetime) -> int:
    """Break every promise that was due by `at`. The clock calls this.

    Only what is due by the moment passed in, and each once: what is broken is looked at no more, so a clock that went
    back, or one that jumped, breaks nothing twice.
    """
    return _sweep(break_overdue, Promise.objects.filter(look_at__lte=at, due_at__lte=at), by, at)


def _sweep(act: Callable, rows: QuerySet, by: Actor, at: datetime) -> int:
    moved, stuck = 0, list[int]()
    for _ in range(PORTIONS):
        ids = list(rows.exclude(pk__in=stuck).order_by("look_at").values_list("pk", flat=True)[:AT_ONCE])
        if not ids:
            break
        now = _each(act, ids, by, at)
        moved += now
        stuck += ids if now < len(ids) else []
    return moved


def _each(act: Callable, ids: list[int], by: Actor, at: datetime) -> int:
    """All at once; when one raises, each by itself, so that one bad row holds up nobody but itself."""
    try:
        return act(ids, by=by, at=at)
    except Exception:
        if len(ids) == 1:
            log.exception("Promise %s could not be looked at", ids[0])
            return 0
        return sum(_each(act, [pk], by, at) for pk in ids)


@operation
def warn(ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """These promises are at risk. Returns how many were not known to be."""
    return _moved(ids, events.PROMISE_WARNED, lambda p: {"warned_at": at, "look_at": p.due_at}, _is_at_risk)


@operation
def break_overdue(ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """These promises were not kept in time. Returns how many were not known to be."""
    return _moved(ids, events.PROMISE_BROKEN, lambda p: {"broken_at": at, "look_at": None}, _is_overdue)


def _is_at_risk(promise: Promise, at: datetime) -> bool:
    return promise.is_open and promise.look_at is not None and promise.warned_at is None and promise.look_at <= at


def _is_overdue(promise: Promise, at: datetime) -> bool:
    due = promise.due_at
    return promise.is_open and promise.broken_at is None and due is not None and due <= at


def _moved(ids: Iterable[int], kind: str, told: Callable, asked: Callable) -> int:
    """Lock them all, look again, and move those that still ask for it."""
    now = now_recording()
    rows = Promise.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")
    due = [promise for promise in rows if asked(promise, now.at)]
    for promise in due:
        now.hold(promise)
        move(promise, kind, **told(promise))
    return len(due)
