"""When what problems are recognised by has changed."""

import secrets

from django.apps import apps

ONLY = 1


def touch() -> None:
    """Say that it changed. The number is drawn, so that no two states of any database share one."""
    number = secrets.randbits(62)
    rows = apps.get_model("problems", "Revision").objects
    if not rows.filter(pk=ONLY).update(number=number):
        rows.get_or_create(pk=ONLY, defaults={"number": number})


def revision() -> int:
    """The number of what it is now; 0 where there never was a problem."""
    rows = apps.get_model("problems", "Revision").objects
    found: int | None = rows.filter(pk=ONLY).values_list("number", flat=True).first()
    return found or 0
