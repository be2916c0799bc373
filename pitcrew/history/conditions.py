"""Whether a constraint's condition holds for a row as it would be, asked before anything is written.

The database would say so only by failing. Three answers, as in SQL: yes, no, and unknown where a value is missing.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db.models import CheckConstraint, Q, UniqueConstraint

from pitcrew.history.models import Logged
from pitcrew.history.values import written

Value = Callable[[str], Any]  # of a column, as the log writes it


def holds(model: type[Logged], condition: Q, value: Value) -> bool | None:
    """What the condition says of a row whose columns have these values."""
    answers = [_answer(model, child, value) for child in condition.children]
    if condition.connector == Q.AND:
        result = False if False in answers else None if None in answers else True
    elif condition.connector == Q.OR:
        result = True if True in answers else None if None in answers else False
    else:
        raise TypeError("A condition of a constraint is made of AND and OR. Write it with these.")
    return not result if condition.negated and result is not None else result


def _answer(model: type[Logged], child: Any, value: Value) -> bool | None:
    if isinstance(child, Q):
        return holds(model, child, value)
    name, lookup = _taken_apart(child[0])
    found, asked = value(_column(model, name)), child[1]
    if lookup == "isnull":
        return (found is None) == asked
    if lookup == "exact" and asked is None:
        return found is None
    if found is None:
        return None
    if lookup == "in":
        return found in [written(each) for each in asked]
    if lookup == "exact":
        return bool(found == written(asked))
    raise TypeError(f"history.conditions cannot read the lookup {lookup!r}. Use exact, in or isnull, or teach it.")


def _taken_apart(path: str) -> tuple[str, str]:
    name, _, lookup = path.partition("__")
    return name, lookup or "exact"


@cache
def _column(model: type[Logged], name: str) -> str:
    return model._meta.get_field(name).attname  # type: ignore[union-attr]


@cache
def unique_of(model: type[Logged]) -> tuple[tuple[tuple[str, ...], Q, frozenset[str]], ...]:
    """Of each unique constraint: its columns, its condition, and the columns that the condition reads."""
    return tuple(
        (tuple(_column(model, name) for name in c.fields), c.condition or Q(), columns(model, c.condition or Q()))
        for c in model._meta.constraints
        if isinstance(c, UniqueConstraint)
    )


@cache
def checks_of(model: type[Logged]) -> tuple[tuple[Q, frozenset[str]], ...]:
    """Of each check constraint: its condition, and the columns that it reads."""
    return tuple(
        (c.condition, columns(model, c.condition))
        for c in model._meta.constraints
        if isinstance(c, CheckConstraint) and isinstance(c.condition, Q)
    )


def columns(model: type[Logged], condition: Q) -> frozenset[str]:
    """The columns that a condition reads."""
    found: set[str] = set()
    children: list[Any] = list(condition.children)
    for child in children:
        if isinstance(child, Q):
            found |= columns(model, child)
        else:
            found.add(_column(model, _taken_apart(child[0])[0]))
    return frozenset(found)
