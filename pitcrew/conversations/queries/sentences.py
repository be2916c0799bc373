"""Acts told in sentences: the sentence of each kind of event, filled in with names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime

from pitcrew.conversations.models import Following, Link, Place, Tagging
from pitcrew.conversations.queries.ready import Ready, Shape
from pitcrew.history.kinds import KINDS
from pitcrew.history.models import Event
from pitcrew.history.values import read
from pitcrew.people.models import Customer, Staff
from pitcrew.people.queries import actor_names

TELLING_ROWS = (Tagging, Following, Link)  # their events say little without the row
ACTING: dict[str, type[models.Model]] = {"agent": Staff, "customer": Customer}
_GAP = re.compile(r"\{(\w+)\}")
Values = dict[models.Field, Any]


@dataclass(frozen=True)
class Told:
    """One act in one line. ``operation`` can be undone unless ``is_undone``."""

    at: datetime
    operation: int
    actor: str
    sentence: str
    kinds: tuple[str, ...]
    is_undone: bool = False
    is_undo: bool = False


def tell(acts: list[list[Event]]) -> list[Told]:
    """Each act (the events of one operation) in one line; the names of all are looked up together."""
    values = {event.pk: _values(event) for act in acts for event in act}
    _add_rows(acts, values)
    told = [(values[event.pk], _gaps(event)) for act in acts for event in act]
    names = _Names(told, {act[0].operation.actor for act in acts})
    return [_line(act, values, names) for act in acts]


def _gaps(event: Event) -> set[str]:
    """What the sentence of an event leaves to be filled in."""
    return set(_GAP.findall(KINDS[event.kind].sentence))


def _line(act: list[Event], values: dict[int, Values], names: "_Names") -> Told:
    operation = act[0].operation
    actor = names.actors.get(operation.actor, operation.actor)
    sentences: dict[str, int] = {}
    for event in act:
        sentence = _fill(KINDS[event.kind].sentence, actor, values[event.pk], names)
        sentences[sentence] = sentences.get(sentence, 0) + 1
    parts = [s if n == 1 else f"{s} ({n})" for s, n in sentences.items()]
    first, *rest = parts
    return Told(
        at=operation.at,
        operation=operation.pk,
        actor=actor,
        sentence=", ".join([first, *(s.removeprefix(f"{actor} ") for s in rest)]),
        kinds=tuple(dict.fromkeys(e.kind for e in act)),
        is_undone=all(e.undone_by_id for e in act),
        is_undo=operation.is_undo,
    )


def _fill(sentence: str, actor: str, values: Values, names: "_Names") -> str:
    by_name = {field.name: field for field in values} | {field.attname: field for field in values}

    def word(gap: re.Match) -> str:
        if gap[1] == "actor":
            return actor
        field = by_name.get(gap[1])
        if field is None:
            return "nobody"
        return str(values[field]) if gap[1] != field.name else names.of(field, values[field])

    return _GAP.sub(word, sentence)


def _values(event: Event) -> Values:
    """What the event says the fields became."""
    meta = apps.get_model(event.subject_type)._meta
    return {meta.get_field(name): after for name, (_, after) in event.changes.items()}


def _add_rows(acts: list[list[Event]], values: dict[int, Values]) -> None:
    for model in TELLING_ROWS:
        label = model._meta.label_lower
        told = [event for act in acts for event in act if event.subject_type == label]
        rows = model.everything.in_bulk({event.subject_id for event in told}) if told else {}
        for event in told:
            row = rows.get(event.subject_id)
            for field in model.logged_fields() if row else ():
                values[event.pk].setdefault(field, getattr(row, field.attname))


class _Names:
    """The names of everybody and everything that the sentences of some events mention, in one query for each model."""

    def __init__(self, told: Iterable[tuple[Values, set[str]]], actors: set[str]):
        wanted: dict[Any, set[int]] = {}
        for changes, said in told:
            for field, value in changes.items():
                if field.is_relation and value is not None and field.name in said:
                    wanted.setdefault(field.related_model, set()).add(value)
        people = {actor: _person(actor) for actor in actors}
        for model, pk in filter(None, people.values()):
            wanted.setdefault(model, set()).add(pk)
        self.rows = {model: _named(model, sorted(ids)) for model, ids in wanted.items()}
        self.actors = {actor: self.rows[who[0]].get(who[1], "") for actor, who in people.items() if who}
        unknown = {actor for actor in actors if not self.actors.get(actor)}
        self.actors |= actor_names(unknown) if unknown else {}

    def of(self, field: models.Field, value: Any) -> str:
        if value is None:
            return "nobody"
        if field.is_relation:
            return self.rows[cast(type[models.Model], field.related_model)].get(value, "somebody")
        if isinstance(field, models.DateTimeField):
            moment = read(field, value) if isinstance(value, str) else value
            return date_format(localtime(moment), "j M Y, H:i")
        return Place(value).label if field.name == "place" else str(value)


def _person(actor: str) -> tuple[type[models.Model], int] | None:
    """The colleague or customer who acted, None where it was a machine."""
    kind, _, name = actor.partition(":")
    return (ACTING[kind], int(name)) if kind in ACTING and name.isdigit() else None


def _named(model: type[models.Model], ids: list[int]) -> dict[int, str]:
    """What these rows are called, also those that were retired."""
    return {row.pk: str(row) for row in Shape(model).rows(_whole(model).of_many(ids))}


@cache
def _whole(model: type[models.Model]) -> Ready:
    return Ready(lambda ids: models.QuerySet(model).filter(pk__in=ids).values_list(*Shape(model).names))
