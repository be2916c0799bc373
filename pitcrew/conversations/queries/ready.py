"""Questions that every page asks: Django writes the SQL of each once, later only the values are put in.

Writing it costs Django 0.3 to 0.8 ms each time, several times what a database needs to answer it.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, models

Id = int
Place = int | list[int] | None
Rows = Sequence[Sequence[Any]]
_FIRST = 7_000_000_000_001  # stands for the first value while the SQL is written; no id is as large
_LIST = re.compile(r"IN \(%s(?:, %s)*\)")
_SIZES = (
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
)  # lists of ids are filled up to one of these: few texts of SQL


@dataclass(frozen=True)
class _Written:
    """SQL with its values in order: each the place of one (or several) asked with and its kind, or a fixed one."""

    sql: str
    values: list[tuple[Place, Any]]
    converters: list[tuple[int, list[Callable], Any]]


class Ready:
    """A question of fixed shape. ``write(*ids, **shape)`` gives the query, by ``values_list``.

    It is asked with ids, or lists of ids; every other difference is told by name, and may be only what few values
    can be, since the SQL of each is kept.
    """

    def __init__(self, write: Callable[..., models.QuerySet]):
        self.write = write
        self.written: dict[Hashable, _Written | None] = {}

    def of_many(self, ids: Sequence[Id], **shape: Hashable) -> Rows:
        """The rows of any number of ids, asked some at a time."""
        most = _SIZES[-1]
        return [row for start in range(0, len(ids), most) for row in self(ids[start : start + most], **shape)]

    def __call__(self, *ids: Id | Sequence[Id], **shape: Hashable) -> Rows:
        """The rows, each in the order of ``values_list``; none for a number that no row can have."""
        if any(isinstance(one, int) and one > models.BigIntegerField.MAX_BIGINT for one in ids):
            return []
        question, values = self._put(ids, shape)
        return _ask(question.sql, values, question.converters) if question else []

    def of_all(self, asked: Iterable[tuple[Sequence[Id | Sequence[Id]], dict[str, Hashable]]], end: str) -> Rows:
        """The rows of several such questions at once, none twice. ``end`` is SQL that orders and limits them."""
        parts: list[str] = []
        values: list[Any] = []
        converters: list[tuple[int, list[Callable], Any]] = []
        for ids, shape in asked:
            question, own = self._put(ids, shape)
            if question:
                parts.append(f"SELECT * FROM ({question.sql}) AS part_{len(parts)}")
                values += own
                converters = question.converters
        return _ask(f"{' UNION '.join(parts)} {end}", values, converters) if parts else []

    def _put(self, ids: Sequence[Id | Sequence[Id]], shape: dict[str, Hashable]) -> tuple[_Written | None, list]:
        filled = [_filled(value) for value in ids]
        widths = tuple(None if isinstance(value, int) else len(value) for value in filled)
        key = (widths, *sorted(shape.items()))
        if key not in self.written:
            self.written[key] = self._write(widths, shape)
        question, given = self.written[key], list(_flat(filled))
        places = question.values if question else []
        return question, [_value(given, place, value) for place, value in places]

    def _write(self, widths: tuple[int | None, ...], shape: dict[str, Any]) -> _Written | None:
        first, stands_for = _FIRST, []
        for width in widths:
            stands_for.append(first if width is None else list(range(first, first + width)))
            first += 1 if width is None else width
        compiler = self.write(*stands_for, **shape).query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return None
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        places = range(_FIRST, first)
        taken = [(v - _FIRST, type(v)) if _is_among(v, places) else (None, v) for v in values]
        if connection.vendor == "postgresql":
            sql, taken = _as_arrays(sql, taken)
        return _Written(sql, taken, [(place, *converter) for place, converter in converters.items()])


def _as_arrays(sql: str, values: list[tuple[Place, Any]]) -> tuple[str, list[tuple[Place, Any]]]:
    """PostgreSQL plans a list as one array four times as fast as fifty values."""
    parts, kept, last, number = [], [], 0, 0
    for found in _LIST.finditer(sql):
        before, count = sql[last : found.start()], found[0].count("%s")
        kept += values[number : number + before.count("%s")]
        number += before.count("%s")
        named: list[tuple[Place, Any]] = values[number : number + count]
        number, last = number + count, found.end()
        if all(isinstance(place, int) for place, _ in named):
            kept.append(([place for place, _ in named if isinstance(place, int)], named[0][1]))
            parts += [before, "= ANY(%s)"]
        else:
            kept += named
            parts += [before, found[0]]
    return "".join([*parts, sql[last:]]), kept + values[number:]


def _value(given: list[Id], place: Place, value: Any) -> Any:
    if place is None:
        return value
    return value(given[place]) if isinstance(place, int) else [value(given[each]) for each in place]


def _is_among(value: Any, places: range) -> bool:
    return isinstance(value, int) and int(value) in places


def _filled(value: Id | Sequence[Id]) -> Id | Sequence[Id]:
    if isinstance(value, int) or not value:
        return value
    size = next((size for size in _SIZES if size >= len(value)), len(value))
    return [*value, *[value[-1]] * (size - len(value))]


def _flat(ids: list[Id | Sequence[Id]]) -> Iterator[Id]:
    for value in ids:
        if isinstance(value, int):
            yield value
        else:
            yield from value


def _ask(sql: str, values: list, columns: list[tuple[int, list[Callable], Any]]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: Rows = cursor.fetchall()
    if not columns:
        return rows
    changed = [list(row) for row in rows]
    for place, converters, column in columns:
        for row in changed:
            for convert in converters:
                row[place] = convert(row[place], column, connection)
    return changed


@dataclass
class Shape:
    """A row and the rows it leads to, as columns of one question (``names``), made from an answer again (`row`).

    Without ``only`` it has all fields; with it, any other is fetched when somebody asks for it.
    """

    model: type[models.Model]
    only: tuple[str, ...] = ()
    leads_to: dict[str, "Shape"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        fields = [f.attname for f in self.model._meta.concrete_fields]
        pk = self.model._meta.pk.attname
        self.own = [name for name in fields if not self.only or name in self.only or name == pk]
        self.pk = self.own.index(pk)
        self.width: int = len(self.own) + sum(shape.width for shape in self.leads_to.values())

    @property
    def names(self) -> list[str]:
        """What to ask for with ``values_list``."""
        return self.own + [f"{name}__{inner}" for name, shape in self.leads_to.items() for inner in shape.names]

    def rows(self, answers: Iterable[Sequence[Any]]) -> list[Any]:
        """The rows of these answers. What several lead to is one and the same."""
        known: dict[tuple[str, Any], Any] = {}
        return [self._row(answer, known) for answer in answers]

    def _row(self, answer: Sequence[Any], known: dict[tuple[str, Any], Any]) -> Any:
        start = len(self.own)
        row = self.model.from_db(DEFAULT_DB_ALIAS, self.own, answer[:start])
        for name, shape in self.leads_to.items():
            end = start + shape.width
            key = (name, answer[start + shape.pk])
            if key not in known:
                known[key] = None if key[1] is None else shape._row(answer[start:end], known)
            row._state.fields_cache[name] = known[key]
            start = end
        return row
