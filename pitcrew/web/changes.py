"""Changes in words: what an operation did, what an undo would bring back."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from pitcrew.conversations.queries.sentences import Told, tell
from pitcrew.history.kinds import KINDS
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import Line, Preview

MOST_EVENTS = 40  # of one operation; the sentence counts, it does not list
MOST_LINES = 100


@dataclass
class Act:
    """One operation as the history lists it."""

    told: Told | None
    operation: Operation
    about: list[int]
    is_more: bool = False


def operations_told(operations: list[Operation]) -> list[Act]:
    """Each operation in one sentence, with the first conversations it is about."""
    acts = []
    for operation in operations:
        events = list(
            Event.objects.filter(operation=operation).select_related("operation").order_by("pk")[:MOST_EVENTS]
        )
        about = list(dict.fromkeys(e.about for e in events if e.about))
        acts.append((operation, events, about))
    told = iter(tell([_known(events) for _, events, _ in acts if _known(events)]))
    return [
        Act(next(told) if _known(events) else None, operation, about[:3], len(about) > 3)
        for operation, events, about in acts
    ]


def _known(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind in KINDS]


@dataclass
class Row:
    """One row of a preview: what it is, where it belongs, what would change, and why it would not."""

    what: str
    about: int | None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    reason: str = ""


@dataclass
class PreviewTold:
    comes_back: list[Row]
    conflicts: list[Row]
    stays: list[Row]


def preview_told(preview: Preview) -> PreviewTold:
    """The three lists of a preview, in words."""
    lines = [*preview.comes_back[:MOST_LINES], *preview.conflicts[:MOST_LINES], *preview.stays[:MOST_LINES]]
    names = _names(lines)
    lists = (preview.comes_back, preview.conflicts, preview.stays)
    return PreviewTold(*([_row(line, names) for line in some[:MOST_LINES]] for some in lists))


Names = dict[tuple[Any, Any], str]


def _row(line: Line, names: Names) -> Row:
    model = apps.get_model(line.subject[0])
    changes = []
    for attname, (before, after) in line.changes.items():
        if attname == "retired_at":
            changes.append(("", "there" if before is None else "gone", "gone" if before is None else "there again"))
        else:
            column = model._meta.get_field(attname)
            changes.append((str(column.verbose_name), _value(column, before, names), _value(column, after, names)))
    reason = KINDS[line.reason].name.replace(".", " ") if line.reason in KINDS else line.reason
    return Row(str(model._meta.verbose_name), line.about, changes, reason)


def _names(lines: list[Line]) -> Names:
    wanted: dict[type[models.Model], set[Any]] = {}
    for line in lines:
        meta = apps.get_model(line.subject[0])._meta
        for attname, values in line.changes.items():
            column = meta.get_field(attname)
            if column.is_relation:
                wanted.setdefault(column.related_model, set()).update(v for v in values if v is not None)
    names: Names = {}
    for model, ids in wanted.items():
        rows: models.QuerySet = models.QuerySet(model).filter(pk__in=ids)
        names.update({(model, row.pk): str(row) for row in rows})
    return names


def _value(column: models.Field, value: Any, names: Names) -> str:
    if value in (None, ""):
        return "none"
    if column.is_relation:
        return names.get((column.related_model, value), str(value))
    known = dict(column.flatchoices)
    return str(known.get(value, value) if known else value)[:80]
