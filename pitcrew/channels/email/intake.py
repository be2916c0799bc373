"""Takes what arrived, in order: reads it in a child process, and stores it as what customers said.

A mail is claimed, stored and marked as stored in one transaction, so two intakes never store one twice and a crash
leaves nothing half done. What cannot be read or stored is set aside, and the next mail goes on.
"""

import fcntl
import logging
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from pitcrew.channels.email.arriving import arrived, writing_turn
from pitcrew.channels.email.models import Arrival, RawMail
from pitcrew.channels.email.quarantine import set_aside
from pitcrew.channels.email.queries import waiting
from pitcrew.channels.email.reading import Failed, Postponed, Read, Reader, Reading
from pitcrew.channels.email.taking import BY, House, NotYet, take
from pitcrew.conversations.models import Direction
from pitcrew.history.batches import write_later
from pitcrew.history.writing import in_one, recording, together
from pitcrew.people.refusals import Refused

TOGETHER = 200  # mails in one transaction
TOGETHER_BYTES = 16 * 1024 * 1024
GATHER = 0.2  # seconds in which mails come together: stored together they are a third of the work
LOOK = 0.5  # seconds between two looks when nothing is heard
PAUSE = 2.0  # seconds before the database is asked again after it failed
COLLISIONS = 5  # tries of one mail that collides with what another process stores
log = logging.getLogger(__name__)

Pair = tuple[Arrival, Reading]
_reader = Reader()


def run(stop: threading.Event) -> None:
    """Take mail in until told to stop. A database that goes away is waited for."""
    try:
        while not stop.is_set():
            arrived.clear()
            try:
                took = take_some(timezone.now())
            except (OperationalError, InterfaceError) as error:
                log.error("Mail waits, the database does not answer: %s", str(error).strip())
                connection.close()
                stop.wait(PAUSE)
                continue
            if not took:
                _reader.relax()
                arrived.wait(LOOK)
            if took < TOGETHER:
                stop.wait(GATHER)
    finally:
        _reader.stop()
        connection.close()


def take_some(at: datetime) -> int:
    """Take in what is new; when nothing is, one mail that needs longer. Returns how many were dealt with."""
    took = _take(at, patient=False)
    if took and waiting().filter(tries=0).exists():
        return took
    return took + _take(at, patient=True)


def _take(at: datetime, *, patient: bool) -> int:
    with _claimed(patient) as arrivals:
        if not arrivals:
            return 0
        raws = [zlib.decompress(raw) for raw in _raws(arrivals)]
        readings = list(_reader.read(raws, patient=patient))
        with writing_turn():
            return _take_in(list(zip(arrivals, readings, strict=True)), at)


def _take_in(pairs: list[Pair], at: datetime) -> int:
    """Store these mails or set them aside. Written in one; when that cannot be, each for itself."""
    try:
        with in_one():
            house = _house(pairs, at)
            return sum(_settle(*pair, house, at) for pair in pairs)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.info("A batch of %s mails is stored one by one: %s", len(pairs), error)
    with together():
        house = _house(pairs, at)
        return sum(_settle_alone(*pair, house, at) for pair in pairs)


def _house(pairs: list[Pair], at: datetime) -> House:
    return House.now([(arrival, reading) for arrival, reading in pairs if isinstance(reading, Read)], at)


def _raws(arrivals: list[Arrival]) -> list[bytes]:
    found = dict(RawMail.objects.filter(pk__in=[a.pk for a in arrivals]).values_list("pk", "deflated"))
    return [bytes(found[a.pk]) for a in arrivals]


@contextmanager
def _claimed(patient: bool) -> Iterator[list[Arrival]]:
    """The mails that are this intake's to take, until the block ends or the process dies.

    PostgreSQL locks the rows, so that several intakes take different mails. SQLite has one writer anyway, on one
    machine: there they take turns by a lock on a file.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic():
            yield _next(patient, locked=True)
        return
    with open(Path(settings.DATA) / "intake.lock", "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield _next(patient, locked=False)


def _next(patient: bool, *, locked: bool) -> list[Arrival]:
    """New mails as many as fit into one transaction; or one of those that take long."""
    rows = waiting().filter(tries__gt=0)[:1] if patient else waiting().filter(tries=0)[:TOGETHER]
    if locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    some: list[Arrival] = []
    size = 0
    for arrival in rows:
        size += arrival.size
        if some and size > TOGETHER_BYTES:
            break
        some.append(arrival)
    return some


class _Gone(Exception):
    """Another intake has stored this mail meanwhile."""


def _settle(arrival: Arrival, reading: Reading, house: House, at: datetime) -> int:
    """Store one mail or set it aside. Returns 1 when it was dealt with, 0 when it is left for later."""
    if isinstance(reading, Postponed):
        return _postpone(arrival, reading)
    if isinstance(reading, Failed):
        return int(set_aside(arrival, reading.why, at=at))
    try:
        _store(arrival, reading, house, at)
    except (_Gone, NotYet):
        return 0
    return 1


def _settle_alone(arrival: Arrival, reading: Reading, house: House, at: datetime) -> int:
    """As `_settle`, of a mail whose failure is its own: what cannot be stored is set aside."""
    for attempt in range(COLLISIONS):
        try:
            return _settle(arrival, reading, house, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            # Another intake has just met the same customer, say. What it stored can be seen now.
            house.known.forget()
            if not isinstance(error, IntegrityError) or attempt == COLLISIONS - 1:
                log.exception("Mail %s could not be stored.", arrival.pk)
                return int(set_aside(arrival, _told(error), at=at))
    return 0


def _postpone(arrival: Arrival, reading: Postponed) -> int:
    if reading.is_slow:
        Arrival.objects.filter(pk=arrival.pk).update(tries=1)
    return int(reading.is_slow)


def _store(arrival: Arrival, read: Read, house: House, at: datetime) -> None:
    with recording("email.take", by=BY, at=at):
        taken = take(arrival, read, house, at=at)
        message = taken.message.pk if taken.message else None
        write_later(_mark_stored, (message, taken.letter, read.inbound.is_bulk, arrival.pk))
    if taken.message is not None and taken.message.direction == Direction.IN:
        house.known.learn(taken.message, taken.awaits)


_STORED = """UPDATE email_arrival SET message_id = %s, letter = %s, is_bulk = %s
WHERE id = %s AND message_id IS NULL AND letter IS NULL AND quarantined_at IS NULL"""


def _mark_stored(stored: list[tuple[int | None, int | None, bool, int]]) -> None:
    """Note which message each arrival became, or which letter of ours it answered.

    Raises _Gone when one of them was dealt with meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.executemany(_STORED, stored)
        if cursor.rowcount != len(stored):
            raise _Gone


def _told(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    kind = "The database refused it" if isinstance(error, Error) else "It could not be stored"
    return f"{kind} ({type(error).__name__}: {error}). Try again, or download it and look."
