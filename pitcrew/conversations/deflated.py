"""A column for long texts that no SQL looks into: SQLite keeps them deflated (zlib, RFC 1950).

PostgreSQL deflates long values by itself, so there it is plain text.
"""

import zlib
from typing import Any

from django.db import models


class DeflatedTextField(models.TextField):
    """Text to everybody who reads or writes it. SQLite takes bytes beside text, so older rows stay as they are."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not value or connection.vendor != "sqlite" or isinstance(value, bytes):
            return value
        return zlib.compress(value.encode("utf-8", "surrogatepass"))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return zlib.decompress(value).decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value
