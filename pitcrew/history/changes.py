"""How an event keeps its changes: `[before, after]` of each field, or `after` alone where there was nothing before.

Most events begin rows, so that is how most fields are told. A list says nothing by itself: it is kept with its before.
"""

import json
from typing import Any

from django.db import models

Changes = dict[str, list[Any]]
_as_json = json.JSONEncoder(separators=(",", ":")).encode


def kept(changes: Changes) -> str:
    """The changes as the database takes them."""
    return _as_json({name: _shortened(*steps) for name, steps in changes.items()})


def _shortened(before: Any, after: Any) -> Any:
    return after if before is None and not isinstance(after, list) else [before, after]


class ChangesField(models.JSONField):
    """The column: to everybody who writes or reads it, each field has its before and its after."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, dict):
            value = {name: _shortened(*steps) for name, steps in value.items()}
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        short = super().from_db_value(value, expression, connection)
        return short and {name: told if isinstance(told, list) else [None, told] for name, told in short.items()}
