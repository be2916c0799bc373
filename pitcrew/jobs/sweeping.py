"""Going through rows that are due, each by itself: one that cannot be dealt with never holds up the others."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import Q

from pitcrew.jobs.models import Stuck

M = TypeVar("M", bound=models.Model)
TRIES = 3
PAUSE = timedelta(minutes=1)
log = logging.getLogger("pitcrew.clock")


def sweep(name: str, rows: models.QuerySet[M], act: Callable[[M], object], at: datetime, limit: int = 500) -> int:
    """Act on every row, each in a transaction of its own. Returns with how many it went well.

    A row that raises is tried again after a minute and, after three tries, set aside (`Stuck`), where people see it.
    The act itself must claim its row (a conditional UPDATE, or `history.writing.hold`): another sweep may be near.
    """
    held = Stuck.objects.filter(Q(again_at=None) | Q(again_at__gt=at), sweep=name).values("row")
    went_well = 0
    for row in rows.exclude(pk__in=held)[:limit]:
        try:
            with transaction.atomic():
                act(row)
            went_well += 1
        except Exception as error:
            _set_aside(name, row, error, at)
    return went_well


def _set_aside(name: str, row: models.Model, error: Exception, at: datetime) -> None:
    stuck, _ = Stuck.objects.get_or_create(sweep=name, row=row.pk, defaults={"at": at, "failure": ""})
    stuck.tries += 1
    stuck.failure = f"{type(error).__name__}: {error}"[:500]
    stuck.again_at = at + PAUSE * stuck.tries if stuck.tries < TRIES else None
    stuck.at = at
    stuck.save()
    log.error("%s: %s %s raised %s", name, type(row).__name__, row.pk, stuck.failure)


def set_aside(name: str = "") -> list[Stuck]:
    """What waits for a person, the latest first."""
    rows = Stuck.objects.filter(again_at=None).order_by("-at")
    return list(rows.filter(sweep=name) if name else rows)


def take_up_again(stuck: Stuck) -> None:
    """The cause is mended: the next sweep tries it once more."""
    stuck.delete()
