"""Names that every event bears, kept as numbers: of its kind, and of the kind of row it is about.

A number follows from its name, so every process makes the same one and nobody hands them out. What it stands for the
code says; the table `Name` says it to whoever reads the database without the code, or with one that forgot the name.
"""

import hashlib
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from pitcrew.history.kinds import KINDS


@cache
def number_of(name: str) -> int:
    """Three bytes, the sign left out."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:3]) >> 1


def vocabulary() -> set[str]:
    """Every name an event may bear: the kinds that rooms define, and the kinds of row."""
    return {*KINDS, *(model._meta.label_lower for model in apps.get_models())}


_names: dict[int, str] = {}


def name_of(number: int) -> str:
    """What a number stands for. Raises LookupError where neither the code nor the database says it."""
    if number not in _names:
        _names.update({number_of(each): each for each in vocabulary()})
    if number not in _names:
        found = apps.get_model("history", "Name").objects.filter(pk=number).first()
        if found is None:
            raise LookupError(f"The log bears a name ({number}) that this version of Pitcrew does not know.")
        _names[number] = found.name
    return _names[number]


class NameField(models.Field):
    """The column: a name to everybody who writes, reads or looks for it."""

    def get_internal_type(self) -> str:
        return "IntegerField"

    def get_prep_value(self, value: Any) -> Any:
        return number_of(value) if isinstance(value, str) else value

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else name_of(value)
