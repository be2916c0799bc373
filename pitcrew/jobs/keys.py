"""The same work is asked for once: a name decides, and the database keeps it."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from pitcrew.jobs.models import Key


def once(key: str, ask: Callable[[], int], at: datetime) -> int:
    """The id of the job under this key: asked for now, or by whoever was first. An empty key is always new.

    Only a UNIQUE constraint decides between two that ask at the same moment, so both the job and its key are written
    first, and the one who loses takes them back.
    """
    if not key:
        return ask()
    known = Key.objects.filter(key=key).values_list("job", flat=True).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            job = ask()
            Key.objects.create(key=key, job=job, at=at)
            return job
    except IntegrityError:
        return Key.objects.get(key=key).job
