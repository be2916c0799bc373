"""Taking back: one act, a bulk act, a rule's whole afternoon. Undo is itself an act, so undoing it is redo.

What others changed later stays; a row that others have built on stays too, and the preview says so.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from django.apps import apps
from django.db import models, transaction

from pitcrew.history.actors import Actor
from pitcrew.history.events import UNDONE
from pitcrew.history.models import Event, Operation
from pitcrew.history.planning import Line, Plan, Preview
from pitcrew.history.tidiness import is_unique_field
from pitcrew.history.values import read
from pitcrew.history.writing import chunks, is_recording, note, recording

__all__ = ["Line", "Preview", "guard", "preview", "undo"]

Check = Callable[[list[Line]], None]
_guards: list[Check] = []


def guard(check: Check) -> Check:
    """Let a room refuse an undo: the check gets the lines when their rows are back, and raises what to tell."""
    _guards.append(check)
    return check


def preview(operations: Iterable[Operation], *, at: datetime) -> Preview:
    """Say what undoing these operations would do, without doing it."""
    return Plan(operations, at).preview


@transaction.atomic
def undo(operations: Iterable[Operation], *, by: Actor, at: datetime, why: str = "") -> Preview:
    """Take these operations back and say what came back and what did not.

    Twice is once: what is undone already stays undone. An operation that was an undo is redone.
    Raises RuntimeError inside an operation: an undo is an act of its own.
    """
    if is_recording():
        raise RuntimeError("An undo is an act of its own. Call it outside of operations and of together().")
    plan = Plan(operations, at, lock=True)
    if not (plan.off or plan.on):
        return plan.preview
    lines = plan.preview.comes_back
    with recording("history.undo", by=by, at=at, why=why, is_undo=True) as now:
        _save(plan, at)
        for line in lines:
            note(now, line.subject, line.about, UNDONE, line.changes)
    _switch(plan.off, undone_by=now.operation, redone_by=None)
    _switch(plan.on, undone_by=None, redone_by=now.operation)
    _derive(lines)
    for check in _guards:
        check(lines)
    return plan.preview


def _save(plan: Plan, at: datetime) -> None:
    """One UPDATE for all rows that get the same values back; who leaves goes before who comes."""
    alike: dict[tuple, list[int]] = defaultdict(list)
    for line in plan.preview.comes_back:
        changes = {name: after for name, (_, after) in line.changes.items()}
        if plan.rows[line.subject].retired_at is None and _takes_a_name(line):
            _step_aside(line, at)
            changes.setdefault("retired_at", None)
        after = tuple((name, json.dumps(value)) for name, value in sorted(changes.items()))
        alike[(not changes.get("retired_at"), line.subject[0], after)].append(line.subject[1])
    for group in sorted(alike):
        _, subject_type, after = group
        model = apps.get_model(subject_type)
        by_name = {f.attname: f for f in model.logged_fields()}
        values = {name: read(by_name[name], json.loads(value)) for name, value in after}
        for some in chunks(alike[group]):
            models.QuerySet(model).filter(pk__in=some).update(**values)


def _takes_a_name(line: Line) -> bool:
    return any(is_unique_field(apps.get_model(line.subject[0]), name) for name in line.changes)


def _step_aside(line: Line, at: datetime) -> None:
    """Rows that exchange unique names must not meet halfway: an absent row claims no name."""
    models.QuerySet(apps.get_model(line.subject[0])).filter(pk=line.subject[1]).update(retired_at=at)


def _switch(ids: set[int], **flags: Operation | None) -> None:
    for some in chunks(sorted(ids)):
        Event.objects.filter(pk__in=some).update(**flags)


def _derive(lines: list[Line]) -> None:
    touched: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        touched[line.subject[0]].append(line)
    for subject_type, some in touched.items():
        apps.get_model(subject_type).derive([line.subject[1] for line in some], [line.changes for line in some])
