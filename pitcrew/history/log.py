"""Writing operations and events down: the busiest inserts of all, so their SQL is made once and by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models

from pitcrew.history import changes
from pitcrew.history.models import Event, Operation
from pitcrew.history.moments import kept
from pitcrew.history.names import number_of
from pitcrew.history.rows import insert_values, reserve

_OPERATION = ("actor", "verb", "door", "why", "at", "is_undo")
_EVENT = ("operation_id", "kind", "subject_type", "subject_id", "about", "changes", "is_birth", "transaction")


@dataclass(frozen=True)
class Entry:
    """One event before it is written: what it will hold."""

    kind: str
    subject: tuple[str, int]
    about: int | None
    changes: dict[str, list[Any]]
    is_birth: bool


def write_operations(operations: Sequence[Operation]) -> None:
    """Insert operations and give them their ids."""
    ids = reserve(Operation, len(operations))
    rows = [(pk, *_told(operation)) for pk, operation in zip(ids, operations, strict=True)]
    insert_values(connection, _insert(Operation, ("id", *_OPERATION)), rows)
    for pk, operation in zip(ids, operations, strict=True):
        operation.pk = pk


def write_operation(operation: Operation) -> None:
    """Insert an operation and give it its id."""
    with connection.cursor() as cursor:
        cursor.execute(_insert(Operation, _OPERATION) + " RETURNING id", _told(operation))
        operation.pk = cursor.fetchone()[0]


def _told(operation: Operation) -> tuple:
    at = kept(operation.at, connection)
    return operation.actor, operation.verb, operation.door, operation.why, at, operation.is_undo


def write_events(events: Sequence[tuple[Operation, Entry]]) -> None:
    """Insert the events of some operations. On PostgreSQL each says the transaction it belongs to."""
    stamp = _transaction()
    rows = [(operation.pk, *_kept(entry), stamp) for operation, entry in events]
    insert_values(connection, _insert(Event, _EVENT), rows)


def _kept(entry: Entry) -> tuple:
    subject_type, subject_id = entry.subject
    names = number_of(entry.kind), number_of(subject_type)
    return (*names, subject_id, entry.about, changes.kept(entry.changes), entry.is_birth)


def _transaction() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return cursor.fetchone()[0]


@cache
def _insert(model: type[models.Model], columns: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    gaps = ", ".join("%s" for _ in columns)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({gaps})"
