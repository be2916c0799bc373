"""Locking one row and writing one row down: what every act does, so its SQL is made once per model.

Django's own save asks, prepares and signals for five times as long. Nothing here listens to signals, and every row
has an id that the database gives.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connections, models, router

from pitcrew.history.moments import MomentField, kept


def insert(row: models.Model) -> None:
    """Insert a row and give it its id."""
    connection = connections[router.db_for_write(type(row))]
    sql, values = _insert(type(row), connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value(row) for value in values])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def update(row: models.Model, columns: Iterable[str]) -> None:
    """Save these columns of a row (by attname)."""
    connection = connections[row._state.db or router.db_for_write(type(row))]
    sql, values = _update(type(row), connection.alias, tuple(columns))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(value(row) for value in values), row.pk])


def reserve(model: type[models.Model], count: int, beyond: int = 0) -> list[int]:
    """Ids for rows that are to be inserted in this transaction.

    PostgreSQL gives each away once. SQLite has one writer: there they are the next ones beyond those in use and beyond
    `beyond`, and ours until a row is inserted without one of them.
    """
    connection = connections[router.db_for_write(model)]
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = connection.ops.quote_name(table)
            cursor.execute(_NEXT, [sequence, key, count])
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        used = max((cursor.fetchone() or [0])[0], beyond)
    return list(range(used + 1, used + 1 + count))


_NEXT = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def insert_many(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert rows of one model that have their ids."""
    connection = connections[router.db_for_write(model)]
    sql, values = _insert_with_id(model, connection.alias)
    insert_values(connection, sql, [[value(row) for value in values] for row in rows])


def insert_values(connection: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run an INSERT for each of these rows. On PostgreSQL many go by COPY, which nobody has to parse or plan."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql" or len(rows) == 1:
            cursor.executemany(sql, rows)
            return
        start = sql.removeprefix("INSERT INTO ").partition(" VALUES ")[0]
        with cursor.copy(f"COPY {start} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def update_many(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[models.Model]) -> None:
    """Save these columns of rows of one model."""
    connection = connections[router.db_for_write(model)]
    sql, values = _update(model, connection.alias, columns)
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[*(value(row) for value in values), row.pk] for row in rows])


def lock(row: models.Model) -> None:
    """Lock a row and bring the object up to date, but for what is written once and what hangs on it.

    Raises the model's DoesNotExist where the row is gone.
    """
    model = type(row)
    connection = connections[row._state.db or router.db_for_write(model)]
    sql, fields, converters = _select(model, connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(sql, [row.pk])
        values = cursor.fetchone()
    if values is None:
        raise model.DoesNotExist(f"{model.__name__} {row.pk} is gone.")  # type: ignore[attr-defined]
    values = list(values)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    for field, value in zip(fields, values, strict=True):
        setattr(row, field.attname, value)
        if field.is_relation and field.is_cached(row):
            field.delete_cached_value(row)


Value = Callable[[Any], Any]
Statement = tuple[str, list[Value]]


@cache
def _insert(model: type[models.Model], alias: str) -> Statement:
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    key = connections[alias].ops.quote_name(model._meta.pk.column)
    return f"{_insert_of(model, fields, alias)} RETURNING {key}", [_value(f, alias) for f in fields]


@cache
def _insert_with_id(model: type[models.Model], alias: str) -> Statement:
    fields = list(model._meta.concrete_fields)
    return _insert_of(model, fields, alias), [_value(f, alias) for f in fields]


def _insert_of(model: type[models.Model], fields: list[models.Field], alias: str) -> str:
    quote = connections[alias].ops.quote_name
    names = ", ".join(quote(f.column) for f in fields)
    gaps = ", ".join("%s" for _ in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({gaps})"


@cache
def _update(model: type[models.Model], alias: str, columns: tuple[str, ...]) -> Statement:
    quote = connections[alias].ops.quote_name
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    fields = [by_name[column] for column in columns]
    sets = ", ".join(f"{quote(f.column)} = %s" for f in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return f"UPDATE {table} SET {sets} WHERE {key} = %s", [_value(f, alias) for f in fields]


_AS_THEY_ARE = (models.CharField, models.TextField, models.BooleanField, models.AutoField, models.BigAutoField)


def _value(field: models.Field, alias: str) -> Value:
    """What gives a field's value as the database takes it. Most values are that already."""
    connection = connections[alias]
    told = field.target_field if isinstance(field, models.ForeignKey) else field
    if type(told) in _AS_THEY_ARE:
        return attrgetter(field.attname)
    if type(field) is MomentField:
        return lambda row: kept(getattr(row, field.attname), connection)
    return lambda row: field.get_db_prep_save(getattr(row, field.attname), connection)


@cache
def _select(model: type[models.Model], alias: str) -> tuple[str, list[Any], dict]:
    once: frozenset[str] = getattr(model, "written_once", frozenset())
    fields = [f for f in model._meta.concrete_fields if not f.primary_key and f.name not in once]
    rows = model._base_manager.using(alias).select_for_update().filter(pk=0).values_list(*(f.attname for f in fields))
    compiler = rows.query.get_compiler(alias)
    sql, _ = compiler.as_sql()
    return sql, fields, compiler.get_converters(expression for expression, _, _ in compiler.select)
