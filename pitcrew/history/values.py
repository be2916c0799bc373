"""How a row's values are written in an event, and read back exactly."""

from datetime import UTC, datetime
from typing import Any

from django.db import models


def written(value: Any) -> Any:
    """A value as the log keeps it: JSON, with moments in UTC to the microsecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value


def read(field: models.Field, value: Any) -> Any:
    """A value as the row keeps it."""
    if value is not None and isinstance(field, models.DateTimeField):
        return datetime.fromisoformat(value)
    return value


def empty(field: models.Field) -> Any:
    """What a field holds when the event that began its row says nothing about it."""
    if field.null:
        return None
    if isinstance(field, models.BooleanField):
        return False
    return "" if field.empty_strings_allowed else None
