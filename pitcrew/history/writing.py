"""The one place where logged rows are saved: every save is an event in the transaction of its operation.

An action opens an operation (`@operation`); inside it `begin`, `change` and `retire` (and their bulk forms) save
rows and note what changed. The events are written when the outermost action ends, in one insert.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, wraps
from typing import Any, TypeVar, cast

from django.db import IntegrityError, connection, models, transaction

from pitcrew.history import batches
from pitcrew.history import rows as saved
from pitcrew.history.actors import Actor
from pitcrew.history.batches import Batch, Unwritten
from pitcrew.history.kinds import KINDS
from pitcrew.history.log import Entry, write_events, write_operation, write_operations
from pitcrew.history.models import Logged, Operation
from pitcrew.history.values import empty, written

T = TypeVar("T", bound=Logged)
CHUNK = 5_000  # rows named in one statement; SQLite takes 32,766 variables


def _subject(row: models.Model) -> tuple[str, int]:
    return row._meta.label_lower, row.pk


@dataclass
class Recording:
    """An operation while it happens: what it is, and the events it has so far."""

    verb: str
    by: Actor
    at: datetime
    why: str = ""
    is_undo: bool = False
    events: list[Entry] = field(default_factory=list)
    held: dict[tuple[str, int], models.Model] = field(default_factory=dict)
    operation: Operation | None = None

    def hold(self, row: models.Model) -> None:
        """Remember that this very object was born or locked here, so its values are the row's."""
        self.held[_subject(row)] = row

    def holds(self, row: models.Model) -> bool:
        return self.held.get(_subject(row)) is row


_open: ContextVar[Recording | None] = ContextVar("open_operation", default=None)
_waiting: ContextVar[list[Recording] | None] = ContextVar("waiting_operations", default=None)


def operation(action: Callable) -> Callable:
    """Make a verb of a room an operation: one transaction, one entry in the log, one thing to undo.

    The action takes ``by`` (an Actor) and ``at`` (an aware datetime) by keyword. ``why`` may be added by the caller.
    An action called by another action joins its operation.
    """
    room = action.__module__.removeprefix("pitcrew.").split(".")[0]

    @wraps(action)
    def run(*args: Any, by: Actor, at: datetime, why: str = "", **kwargs: Any) -> Any:
        with recording(f"{room}.{action.__name__}", by=by, at=at, why=why):
            return action(*args, by=by, at=at, **kwargs)

    run.is_operation = True  # type: ignore[attr-defined]
    return run


@contextmanager
def recording(verb: str, *, by: Actor, at: datetime, why: str = "", is_undo: bool = False) -> Iterator[Recording]:
    """Open an operation, or join the one that is open. Without events it leaves nothing behind."""
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    now = Recording(verb, by, at, why[:300], is_undo)
    token = _open.set(now)
    waiting = _waiting.get()
    try:
        with _whole(now):
            yield now
            if waiting is None:
                _write([now])
    finally:
        _open.reset(token)
    if waiting is not None:
        waiting.append(now)


@contextmanager
def _whole(now: Recording) -> Iterator[None]:
    """All of an operation or nothing. From a batch nothing can be taken back: one that wrote and fails spoils it."""
    batch = batches.now.get()
    if batch is None:
        with transaction.atomic():
            yield
        return
    before, told = batch.handed_over, len(now.events)
    try:
        yield
    except BaseException:
        batch.is_spoilt |= batch.handed_over != before or len(now.events) != told
        raise


@contextmanager
def together() -> Iterator[None]:
    """Write the log of many operations at once, for intake and imports: all of them in one transaction.

    Each operation keeps a savepoint of its own, so one that fails takes nothing with it but itself.
    """
    with transaction.atomic():
        waiting: list[Recording] = []
        token = _waiting.set(waiting)
        try:
            yield
            _write(waiting)
        finally:
            _waiting.reset(token)


@contextmanager
def in_one() -> Iterator[None]:
    """As `together`, and the rows of all operations are written at once too, which is a third of the work.

    Raises Unwritten when an operation failed after it had written something, or when the database refuses a row: then
    nothing is kept, and the operations are to be done by `together`.
    """
    with together():
        batch = Batch()
        token = batches.now.set(batch)
        try:
            with connection.execute_wrapper(batch.before):
                yield
                batch.write()
        finally:
            batches.now.reset(token)
        if batch.is_spoilt:
            raise Unwritten("An operation of this batch failed half-way.")


def _write(recordings: list[Recording]) -> None:
    told = [r for r in recordings if r.events or r.is_undo]
    if not told:
        return
    operations = [
        Operation(actor=str(r.by), verb=r.verb, door=r.by.door, why=r.why, at=r.at, is_undo=r.is_undo) for r in told
    ]
    if len(operations) == 1:
        write_operation(operations[0])
    else:
        write_operations(operations)
    pairs = list(zip(told, operations, strict=True))
    write_events([(operation, entry) for r, operation in pairs for entry in r.events])
    for r, operation in pairs:
        r.operation = operation
        r.by.did.append(operation.pk)


def is_recording() -> bool:
    """Whether an operation, or a batch of them, is open."""
    return _open.get() is not None or _waiting.get() is not None


@contextmanager
def attempt() -> Iterator[None]:
    """Try something that another process may have done first: an IntegrityError leaves neither rows nor events."""
    now = now_recording()
    told, held = len(now.events), dict(now.held)
    try:
        with _whole(now):
            yield
    except Exception:
        del now.events[told:]
        now.held = held
        raise


def now_recording() -> Recording:
    """The operation that is open. Raises RuntimeError outside of one."""
    now = _open.get()
    if now is None:
        raise RuntimeError("Rows change inside an operation. Call this from an action that wears @operation.")
    return now


def note(
    now: Recording,
    subject: tuple[str, int],
    about: int | None,
    kind: str,
    changes: dict,
    *,
    is_birth: bool = False,
) -> None:
    """Add one event to an open operation; `subject` is a model's lower-case label and a row's id."""
    if kind not in KINDS:
        raise ValueError(f"No room defines the event {kind!r}. Add it to the room's events.py.")
    now.events.append(Entry(kind, subject, about, changes, is_birth))


def begin(model: type[T], kind: str, **fields: Any) -> T:
    """Save a new row and note its birth."""
    now = now_recording()
    row = model(**fields)
    batches.insert(row)
    now.hold(row)
    _note_birth(now, row, kind)
    return row


def begin_once(model: type[T], kind: str, **unique: Any) -> T:
    """The present row that holds these unique values: the one there is, or a new one; also when two ask at once."""
    found = model.objects.filter(**unique).first()
    if found is not None:
        return found
    try:
        with attempt():
            return begin(model, kind, **unique)
    except IntegrityError:
        return model.objects.get(**unique)


def begin_many(rows: Iterable[T], kind: str) -> list[T]:
    """Save many new rows of one model in one insert, and note the birth of each."""
    rows = list(rows)
    if not rows:
        return rows
    now = now_recording()
    batches.insert_many(rows, CHUNK)
    for row in rows:
        now.hold(row)
        _note_birth(now, row, kind)
    return rows


def _note_birth(now: Recording, row: Logged, kind: str) -> None:
    note(now, _subject(row), row.about, kind, birth(row), is_birth=True)


def birth(row: Logged) -> dict[str, list[Any]]:
    """What the event that begins a row says: its logged fields, without those that are empty."""
    return {
        name: [None, value]
        for name, nothing in _empties(type(row))
        if (value := written(getattr(row, name))) != nothing or type(value) is not type(nothing)
    }


@cache
def _empties(model: type[Logged]) -> list[tuple[str, Any]]:
    return [(f.attname, empty(f)) for f in model.logged_fields()]


def hold(row: T) -> T:
    """Lock a row for this operation and bring the object up to date with it."""
    now = now_recording()
    if not now.holds(row):
        saved.lock(row)
        now.hold(row)
    return row


def attname(model: type[models.Model], name: str) -> str:
    """The name of a field's column: ``customer_id`` for ``customer``."""
    return cast(models.Field, model._meta.get_field(name)).attname


@cache
def _logged(model: type[Logged]) -> frozenset[str]:
    return frozenset(f.attname for f in model.logged_fields())


def _may_change(model: type[Logged], columns: Iterable[str]) -> None:
    """What no event copies must not change, or its history would be lost."""
    silent = set(columns) - _logged(model)
    if silent:
        why = "written once and never changes" if silent <= model.written_once else "not told by the log: use settle"
        raise TypeError(f"{', '.join(sorted(silent))} of a {model.__name__} is {why}.")


def change(row: Logged, kind: str, **fields: Any) -> bool:
    """Save what differs in these fields and note it. Returns whether anything did."""
    now = now_recording()
    columns = {attname(type(row), name): (name, value) for name, value in fields.items()}
    _may_change(type(row), columns)
    hold(row)
    changes = _told(
        type(row),
        {c: [written(getattr(row, c)), written(getattr(value, "pk", value))] for c, (_, value) in columns.items()},
    )
    if not changes:
        return False
    for name, value in (columns[column] for column in changes):
        setattr(row, name, value)
    batches.update(row, changes)
    note(now, _subject(row), row.about, kind, changes)
    return True


def _told(model: type[Logged], steps: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Of what an act sets, what it changes, and what cannot be told apart from that."""
    moved = {column for column, (before, after) in steps.items() if before != after}
    for group in model.inseparable:
        if moved & group:
            moved |= group & set(steps)
    return {column: step for column, step in steps.items() if column in moved}


def change_many(rows: models.QuerySet, kind: str, **fields: Any) -> int:
    """Save the same values in many rows: one UPDATE, one insert of events. Returns how many rows moved."""
    model = rows.model
    return change_by_id(model, rows.values_list("pk", flat=True), kind, **fields)


def change_by_id(model: type[Logged], ids: Iterable[int], kind: str, **fields: Any) -> int:
    """As `change_many`, for rows named by id."""
    now = now_recording()
    values = {attname(model, k): getattr(v, "pk", v) for k, v in fields.items()}
    _may_change(model, values)
    after = {name: written(value) for name, value in values.items()}
    label, moved = model._meta.label_lower, 0
    for some in chunks(sorted(set(ids))):
        everything: models.QuerySet = models.QuerySet(model).filter(pk__in=some)
        columns = {"pk", model.about_field or "pk", *values}
        hit = []
        for old in everything.select_for_update().order_by("pk").values(*columns):
            changes = _told(model, {n: [written(old[n]), after[n]] for n in values})
            if changes:
                hit.append(old["pk"])
                about = old[model.about_field] if model.about_field else None
                note(now, (label, old["pk"]), values.get(model.about_field, about), kind, changes)
                now.held.pop((label, old["pk"]), None)
        everything.filter(pk__in=hit).update(**values)
        moved += len(hit)
    return moved


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in portions that one statement may name."""
    ids = list(ids)
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def retire(row: Logged, kind: str) -> bool:
    """Take a row away without destroying it: it can come back by undo. Twice is once."""
    if hold(row).retired_at is not None:
        return False
    return change(row, kind, retired_at=now_recording().at)


def settle(row: Logged, **fields: Any) -> None:
    """Save derived fields: they follow from other rows, so there is nothing to tell."""
    strangers = set(fields) - type(row).derived_fields - type(row).unlogged_fields
    if strangers:
        raise TypeError(f"{', '.join(sorted(strangers))} is no derived field. Use history.writing.change.")
    for name, value in fields.items():
        setattr(row, name, value)
    batches.update(row, [attname(type(row), name) for name in fields])


def settle_many(rows: Sequence[Logged], names: Iterable[str]) -> None:
    """Save these derived fields of many rows of one model, as they are now."""
    for model in {type(row) for row in rows}:
        strangers = set(names) - model.derived_fields
        if strangers:
            raise TypeError(f"{', '.join(sorted(strangers))} is no derived field. Use history.writing.change_many.")
        saved.update_many(model, tuple(attname(model, name) for name in sorted(names)), rows)
