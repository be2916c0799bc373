"""Proof of an action: the log rebuilds every row, undo restores every row, redo brings them forward again."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import models

from pitcrew.history.actors import Actor
from pitcrew.history.models import Logged, Operation
from pitcrew.history.reading import rebuilt
from pitcrew.history.undoing import Preview, undo
from pitcrew.history.values import written

UNDOER = Actor("agent", "test", door="test")
LATER = datetime(2030, 1, 1, tzinfo=UTC)
State = dict[tuple[str, int], dict[str, Any]]


def logged_models() -> list[type[Logged]]:
    return [m for m in apps.get_models() if issubclass(m, Logged)]


def state() -> State:
    """Everything that is present, with its logged and its derived fields."""
    found: State = {}
    for model in logged_models():
        for row in models.QuerySet(model).filter(retired_at=None):
            derived = {n: written(getattr(row, n)) for n in model.derived_fields}
            found[(model._meta.label_lower, row.pk)] = {**row.snapshot(), **derived}
    return found


def assert_log_tells_all() -> None:
    """Every row, retired or not, is what the log alone says it is."""
    for model in logged_models():
        for row in models.QuerySet(model).all():
            assert rebuilt(model, row.pk) == row.snapshot(), f"the log tells another {model.__name__} {row.pk}"


def verify(act: Callable[[], Any], *, can_be_undone: bool = True) -> Any:
    """Run an action; compare rows with the log; undo, compare; redo, compare. Returns what the action returned.

    Of an act that cannot be undone it proves that an undo says so and leaves it standing.
    """
    before, newest = state(), Operation.objects.order_by("-id").values_list("id", flat=True).first() or 0
    result = act()
    after = state()
    operations = list(Operation.objects.filter(id__gt=newest))
    assert operations, "the action left nothing in the log"
    assert after != before, "the action moved nothing"
    assert_log_tells_all()
    if not can_be_undone:
        assert undo(operations, by=UNDOER, at=LATER).stays
        assert_log_tells_all()
        return result
    assert_undone(operations, before)
    redo = Operation.objects.filter(is_undo=True).order_by("-id")[:1]
    undo(redo, by=UNDOER, at=LATER)
    assert_same(state(), after)
    assert_log_tells_all()
    return result


def assert_undone(operations: list[Operation], before: State) -> Preview:
    told = undo(operations, by=UNDOER, at=LATER)
    assert_same(state(), before)
    assert_log_tells_all()
    return told


def assert_same(one: State, other: State) -> None:
    differing = {k: (one.get(k), other.get(k)) for k in one.keys() | other.keys() if one.get(k) != other.get(k)}
    assert not differing, differing
