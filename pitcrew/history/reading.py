"""Questions to the log: what a row was at a moment, what happened to a conversation, what a row should be now."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pitcrew.history.models import Event, Logged
from pitcrew.history.values import empty


def fold(model: type[Logged], events: Iterable[Event]) -> dict[str, Any] | None:
    """The logged fields after these events, oldest first; None while no event has begun the row."""
    state: dict[str, Any] | None = None
    for event in events:
        if event.is_birth:
            state = {f.attname: empty(f) for f in model.logged_fields()}
        if state is not None:
            state.update({name: after for name, (_, after) in event.changes.items() if name in state})
    return state


def events_of(model: type[Logged], pk: int):
    """Every event of one row, oldest first."""
    return Event.objects.filter(subject_type=model._meta.label_lower, subject_id=pk).order_by("id")


def rebuilt(model: type[Logged], pk: int) -> dict[str, Any] | None:
    """What the row must hold now, told by the log alone."""
    return fold(model, events_of(model, pk))


def as_of(model: type[Logged], pk: int, at: datetime) -> dict[str, Any] | None:
    """What the row held at a moment; None before it was begun."""
    return fold(model, events_of(model, pk).filter(operation__at__lte=at))


def timeline(about: int):
    """What happened to a conversation and all that belongs to it, oldest first."""
    return Event.objects.filter(about=about).select_related("operation").order_by("id")


def newest_event() -> int:
    """The id of the newest event: the cursor of live screens."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
