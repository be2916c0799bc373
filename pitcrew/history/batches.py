"""Rows of many operations that are written down together: few statements, each with many rows.

What is begun or changed in a batch lies in memory first, with its id. It is written before any other statement runs,
so every query sees it, and at the end.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import InterfaceError, OperationalError, connection, models

from pitcrew.history import rows as saved

Write = Callable[[list[Any]], None]
SPARE = 32  # ids that are asked for at once, at most


class Unwritten(Exception):
    """This batch cannot be written as one. Nothing of it is kept: do its operations one after the other."""


class Batch:
    """What waits to be written. `handed_over` counts what was ever given to it or written beside it."""

    def __init__(self) -> None:
        self.handed_over = 0
        self.is_spoilt = False
        self._fresh: dict[type[models.Model], dict[int, models.Model]] = defaultdict(dict)
        self._moved: dict[type[models.Model], dict[int, tuple[models.Model, set[str]]]] = defaultdict(dict)
        self._later: dict[Write, list[Any]] = defaultdict(list)
        self._ids: dict[type[models.Model], list[int]] = {}
        self._asked: dict[type[models.Model], int] = defaultdict(int)
        self._is_writing = False

    def insert(self, row: models.Model) -> None:
        """Give a new row its id; it is written later."""
        self.handed_over += 1
        model = type(row)
        row.pk = self._next_id(model)
        row._state.adding, row._state.db = False, connection.alias
        self._fresh[model][row.pk] = row

    def update(self, row: models.Model, columns: Iterable[str]) -> None:
        """Write these columns of a row (by attname) later, as they are then."""
        self.handed_over += 1
        model = type(row)
        if self._fresh[model].get(row.pk) is row:
            return
        if row.pk in self._moved[model] and self._moved[model][row.pk][0] is not row:
            self.write()
        self._moved[model].setdefault(row.pk, (row, set()))[1].update(columns)

    def later(self, write: Write, thing: Any) -> None:
        """Call `write` with this and everything else it was to be called with, after the rows are written."""
        self.handed_over += 1
        self._later[write].append(thing)

    def _next_id(self, model: type[models.Model]) -> int:
        ids = self._ids.setdefault(model, [])
        if not ids:
            self._asked[model] = min(2 * self._asked[model] or 1, SPARE)
            with self._undisturbed():
                beyond = max(self._fresh[model], default=0)
                ids.extend(saved.reserve(model, self._asked[model], beyond))
        return ids.pop(0)

    def write(self) -> None:
        """Write what waits. What the database refuses spoils the batch."""
        fresh, moved, later = self._fresh, self._moved, self._later
        if not (fresh or moved or later) or self._is_writing:
            return
        self._fresh, self._moved, self._later = defaultdict(dict), defaultdict(dict), defaultdict(list)
        if connection.vendor == "sqlite":
            self._ids.clear()  # they are only ours while nobody else inserts
        with self._undisturbed(), self._sound():
            for model, rows in fresh.items():
                saved.insert_many(model, list(rows.values()))
            for model, changed in moved.items():
                _update_alike(model, changed.values())
            for write, things in later.items():
                write(things)

    def before(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        """What waits is written before any other statement (a wrapper for Django's `execute_wrapper`)."""
        if not self._is_writing:
            self.write()
            self.handed_over += not sql.startswith("SELECT")
        return execute(sql, params, many, context)

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        self._is_writing = True
        try:
            yield
        finally:
            self._is_writing = False

    @contextmanager
    def _sound(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError):
            self.is_spoilt = True
            raise
        except Exception as error:
            self.is_spoilt = True
            raise Unwritten(f"{type(error).__name__}: {error}") from error


def _update_alike(model: type[models.Model], changed: Iterable[tuple[models.Model, set[str]]]) -> None:
    alike: dict[tuple[str, ...], list[models.Model]] = defaultdict(list)
    for row, columns in changed:
        alike[tuple(sorted(columns))].append(row)
    for same, rows in alike.items():
        saved.update_many(model, same, rows)


now: ContextVar[Batch | None] = ContextVar("batch", default=None)


def insert(row: models.Model) -> None:
    """Insert a row and give it its id; in a batch it is written later."""
    batch = now.get()
    if batch is None:
        saved.insert(row)
    else:
        batch.insert(row)


def insert_many(rows: list[Any], at_once: int) -> None:
    """Insert rows of one model, so many in one statement."""
    batch = now.get()
    if batch is None:
        type(rows[0])._base_manager.bulk_create(rows, batch_size=at_once)
        return
    for row in rows:
        batch.insert(row)


def update(row: models.Model, columns: Iterable[str]) -> None:
    """Save these columns of a row (by attname); in a batch they are written later."""
    batch = now.get()
    if batch is None:
        saved.update(row, columns)
    else:
        batch.update(row, columns)


def write_later(write: Write, thing: Any) -> None:
    """Write something that hangs on a row: now, or with all its like at the end of the batch."""
    batch = now.get()
    if batch is None:
        write([thing])
    else:
        batch.later(write, thing)
