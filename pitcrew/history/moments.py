"""Moments of logged rows: SQLite keeps them as whole microseconds since 1970 (UTC), a third of what their text takes.

PostgreSQL has a type for them.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def kept(moment: datetime | None, connection: Any) -> Any:
    """A moment as the database takes it."""
    if moment is None or connection.vendor != "sqlite":
        return moment
    return (moment - _START) // _MICROSECOND


def _read(value: Any, expression: Any, connection: Any) -> datetime | None:
    return value if value is None else _START + timedelta(microseconds=value)


class MomentField(models.DateTimeField):
    """A moment, to the microsecond. It is compared and sorted as ever; no SQL asks for its day or its year."""

    def get_internal_type(self) -> str:
        return "MomentField"  # Django reads what calls itself a DateTimeField as text

    def db_type(self, connection: Any) -> str:
        return "bigint" if connection.vendor == "sqlite" else connection.data_types["DateTimeField"]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return kept(value if prepared else self.get_prep_value(value), connection)

    def get_db_converters(self, connection: Any) -> list[Callable]:
        return [_read] if connection.vendor == "sqlite" else []
