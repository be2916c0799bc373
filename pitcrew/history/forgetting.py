"""Erasure: the one place that may blank values in past events. What happened, when and by whom stays."""

from collections.abc import Iterable
from typing import Any, cast

from django.db import models

from pitcrew.history.models import Event, Logged
from pitcrew.history.values import empty, written
from pitcrew.history.writing import attname, chunks, now_recording


def erase(model: type[Logged], ids: Iterable[int], fields: Iterable[str]) -> int:
    """Blank these fields in these rows, retired ones too, and in all that the log remembers of them.

    Called inside an operation, which keeps who asked for it and when. It cannot be undone: that is its point.
    Returns the number of rows.
    """
    now, erased = now_recording(), 0
    blank = {attname(model, name): _blank(cast(models.Field, model._meta.get_field(name))) for name in fields}
    for some in chunks(sorted(set(ids))):
        rows: models.QuerySet = models.QuerySet(model).filter(pk__in=some)
        list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
        erased += rows.update(**blank)
        _blank_events(model, some, {name: written(value) for name, value in blank.items()})
        for pk in some:
            now.held.pop((model._meta.label_lower, pk), None)
    for entry in now.events:
        if entry.subject[0] == model._meta.label_lower:
            entry.changes.update(_blanked(entry.changes, blank))
    return erased


def _blank(field: models.Field) -> Any:
    nothing = empty(field)
    return field.get_default() if nothing is None and not field.null else nothing


def _blank_events(model: type[Logged], ids: list[int], blank: dict[str, Any]) -> None:
    told = Event.objects.filter(subject_type=model._meta.label_lower, subject_id__in=ids).only("changes")
    changed = []
    for event in told.iterator(chunk_size=2_000):
        if blanked := _blanked(event.changes, blank):
            event.changes = event.changes | blanked
            changed.append(event)
    Event.objects.bulk_update(changed, ["changes"], batch_size=500)


def _blanked(changes: dict[str, list[Any]], blank: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [blank[name], blank[name]] for name in changes if name in blank}
