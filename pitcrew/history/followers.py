"""Readers of the log: a room says `@follow("conversation.closed")` and is told, after the fact, in order.

The guarantee: every event of the kinds a follower follows reaches it, at least once, oldest first. The follower's own
writes and the note of how far it has read are one transaction, so what it does in the database happens once. An event
it cannot digest is tried three times and then set aside, visibly; the events behind it go on.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import Q

from pitcrew.history.models import Event, Follower, SetAside
from pitcrew.history.reading import newest_event

BATCH = 500
TRIES = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Following:
    name: str
    kinds: tuple[str, ...]
    told: Callable


Place = tuple[int, int]  # (transaction, event id): a place in the log
FOLLOWINGS: dict[str, Following] = {}


def follow(*kinds: str) -> Callable:
    """Be told of events of these kinds: the function gets ``(event, at)``, the event with its operation loaded."""

    def register(told: Callable) -> Callable:
        name = f"{told.__module__.removeprefix('pitcrew.')}.{told.__name__}"
        FOLLOWINGS[name] = Following(name, kinds, told)
        return told

    return register


def tell_followers(at: datetime, only: Iterable[str] | None = None) -> int:
    """Tell every follower what is new; the clock calls this. Returns how many events were told.

    What they do themselves is told the next time. Without news this is two or three queries and no lock.
    """
    horizon = _horizon()
    places = {f.name: (f.transaction, f.event) for f in Follower.objects.all()}
    behind = [f for f in FOLLOWINGS.values() if places.get(f.name, (0, 0)) < horizon]
    return sum(_tell(f, at, horizon) for f in behind if only is None or f.name in only)


def _tell(following: Following, at: datetime, horizon: Place) -> int:
    Follower.objects.get_or_create(name=following.name)
    told = 0
    while True:
        try:
            some = _tell_some(following, at, horizon)
        except _Indigestible as failure:
            return told + _go_around(following, failure, at, horizon)
        told += some
        if some < BATCH:
            return told


def _go_around(following: Following, failure: "_Indigestible", at: datetime, horizon: Place) -> int:
    """What came before the event that failed was rolled back with it: tell that again, then note the failure."""
    try:
        told = _tell_some(following, at, horizon, before=failure.event)
    except _Indigestible as earlier:
        failure, told = earlier, 0
    _remember(following, failure, at)
    return told


class _Indigestible(Exception):
    def __init__(self, event: Event):
        self.event = event
        super().__init__(event.pk)


def _tell_some(following: Following, at: datetime, horizon: Place, before: Event | None = None) -> int:
    with transaction.atomic():
        rows = Follower.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        follower = rows.filter(name=following.name).first()
        if follower is None or (follower.transaction, follower.event) >= horizon:
            return 0
        events = list(_between(follower, horizon, following.kinds)[:BATCH])
        if before is not None:
            events = list(takewhile(lambda event: event.pk != before.pk, events))
        for event in events:
            try:
                following.told(event, at)
            except Exception as failure:
                raise _Indigestible(event) from failure
        if len(events) == BATCH or (before and events):
            horizon = (events[-1].transaction, events[-1].pk)
        if events or before is None:
            _advance(follower, horizon)
    return len(events)


# The oldest transaction of this database that is still open, or else the next one to come. What runs in other
# databases of the same server is left out; whose a transaction is cannot be said for sure, it counts as ours.
_OLDEST_OPEN = """
    WITH running AS (SELECT xid::text::bigint AS xid FROM pg_snapshot_xip(pg_current_snapshot()) AS xid),
    foreigners AS (
        SELECT l.transactionid::text::bigint AS xid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
        AND a.datname <> current_database()
    )
    SELECT least(
        (SELECT min(xid) FROM running WHERE xid % 4294967296 NOT IN (SELECT xid FROM foreigners)),
        pg_current_xact_id_if_assigned()::text::bigint,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    )
"""


def _horizon() -> Place:
    """The last place in the log before which nothing can appear any more.

    PostgreSQL hands out ids before it commits, so a smaller id can appear after a larger one. There the order is
    (transaction, id), and what an open transaction could still add to is left for the next time.
    """
    if connection.vendor != "postgresql":
        return 0, newest_event()
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_OPEN)
        oldest_open = cursor.fetchone()[0]
    closed = Event.objects.filter(transaction__gt=0, transaction__lt=oldest_open)
    return closed.order_by("-transaction", "-id").values_list("transaction", "id").first() or (0, 0)


def _between(follower: Follower, horizon: Place, kinds: tuple[str, ...]):
    events = Event.objects.filter(kind__in=kinds).select_related("operation")
    if connection.vendor != "postgresql":
        return events.filter(id__gt=follower.event, id__lte=horizon[1]).order_by("id")
    beyond = Q(transaction=follower.transaction, id__gt=follower.event) | Q(transaction__gt=follower.transaction)
    return events.filter(beyond, transaction__gte=max(follower.transaction, 1), transaction__lte=horizon[0]).order_by(
        "transaction", "id"
    )


def _advance(follower: Follower, place: Place) -> None:
    follower.transaction, follower.event = place
    follower.failures, follower.failure = 0, ""
    follower.save()


def _remember(following: Following, indigestible: _Indigestible, at: datetime) -> None:
    event, failure = indigestible.event, repr(indigestible.__cause__)
    log.error("%s could not digest event %s: %s", following.name, event.pk, failure)
    with transaction.atomic():
        follower = Follower.objects.select_for_update().get(name=following.name)
        if follower.failures + 1 >= TRIES:
            SetAside.objects.create(follower=follower, event=event, failure=failure, at=at)
            _advance(follower, (event.transaction, event.pk))
            return
        follower.failures, follower.failure = follower.failures + 1, failure
        follower.save()
