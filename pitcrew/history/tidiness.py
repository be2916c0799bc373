"""What would be untidy after an undo: references to what is not there, names that belong to somebody else, values
that do not fit together. What the database would refuse is held back here, with a sentence."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial, reduce
from operator import or_
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.models import Q

from pitcrew.history.conditions import checks_of, holds, unique_of
from pitcrew.history.models import Event, Logged
from pitcrew.history.values import written
from pitcrew.history.writing import chunks

Subject = tuple[str, int]
Rows = dict[Subject, Logged]
Changes = dict[Subject, dict[str, list[Any]]]


@dataclass(frozen=True)
class Block:
    """A row that cannot become what it would: the fields at fault, and why."""

    subject: Subject
    fields: tuple[str, ...]
    reason: str


_checks: list[Callable[["After"], Iterable[Block]]] = []


def keeps_tidy(check: Callable[["After"], Iterable[Block]]) -> Callable[["After"], Iterable[Block]]:
    """Let a room hold back what would tear its rows apart: the check sees them as they would be."""
    _checks.append(check)
    return check


def blocks(rows: Rows, changes: Changes, unborn: set[Subject]) -> list[Block]:
    """What stands in the way of these changes. Asked again after each answer, until nothing does.

    ``unborn`` are the rows whose beginning is taken back. To refer to such a one is untidy; to refer to one that was
    retired by an act of its own (a closed department) is history.
    """
    after = After(rows, changes, unborn)
    return [*_still_needed(after), *_pointing_nowhere(after), *_unfitting(after)] or list(_taken(after)) or _torn(after)


def _torn(after: "After") -> list[Block]:
    return [block for check in _checks for block in check(after)]


@dataclass
class After:
    """The rows as they would be; those without ``changes`` stay as they are."""

    rows: Rows
    changes: Changes
    unborn: set[Subject]

    def value(self, subject: Subject, name: str) -> Any:
        changed = self.changes[subject].get(name)
        return changed[1] if changed else written(getattr(self.rows[subject], name))

    def would_be(self, row: Logged, name: str) -> Any:
        """What this row would hold, whether the undo touches it or not."""
        subject = (row._meta.label_lower, row.pk)
        return self.value(subject, name) if subject in self.changes else written(getattr(row, name))

    def is_present(self, subject: Subject) -> bool:
        return self.value(subject, "retired_at") is None

    def returns(self, subject: Subject) -> bool:
        retired = self.changes[subject].get("retired_at")
        return retired is not None and retired[1] is None

    def leaving(self) -> dict[str, set[int]]:
        by_type: dict[str, set[int]] = defaultdict(set)
        for label, pk in self.unborn:
            by_type[label].add(pk)
        return by_type


@cache
def _references(model: type[Logged]) -> tuple[Any, ...]:
    """The fields by which a row refers to other logged rows."""
    return tuple(
        f for f in model.logged_fields() if isinstance(f.related_model, type) and issubclass(f.related_model, Logged)
    )


@cache
def _referring(model: Any) -> tuple[tuple[type[Logged], str], ...]:
    """The models that refer to this one, each with the column; also those that it cannot be asked for (``"+"``)."""
    everything: list[Any] = list(model._meta.get_fields(include_hidden=True))
    relations = [f for f in everything if f.auto_created and not f.concrete]
    return tuple((r.related_model, r.field.attname) for r in relations if issubclass(r.related_model, Logged))


def _still_needed(after: After) -> Iterator[Block]:
    """A row that would leave although a row that stays refers to it."""
    leaving = after.leaving()
    if not leaving:
        return
    needed = set(_needed_by_planned(after, leaving)) | set(_needed_by_others(after, leaving))
    for subject in sorted(needed):
        yield Block(subject, ("retired_at",), "Something else needs it now.")


def _needed_by_planned(after: After, leaving: dict[str, set[int]]) -> Iterator[Subject]:
    for subject in after.changes:
        if not after.is_present(subject):
            continue
        for reference in _references(type(after.rows[subject])):
            label = reference.related_model._meta.label_lower
            target = after.value(subject, reference.attname)
            if target in leaving.get(label, ()):
                yield label, target


def _needed_by_others(after: After, leaving: dict[str, set[int]]) -> Iterator[Subject]:
    for label, ids in leaving.items():
        for other, name in _referring(cast(Any, apps.get_model(label))):
            for some in chunks(sorted(ids)):
                present: models.QuerySet = models.QuerySet(other).filter(**{f"{name}__in": some}, retired_at=None)
                for pk, target in present.values_list("pk", name):
                    if (other._meta.label_lower, pk) not in after.changes:
                        yield label, target


def _pointing_nowhere(after: After) -> Iterator[Block]:
    """A row that would refer to one that, as things are, was never begun."""
    pointing = defaultdict(list)
    for subject, changed in after.changes.items():
        if changed and after.is_present(subject):
            for reference in _references(type(after.rows[subject])):
                name = reference.attname
                target = after.value(subject, name)
                if target is not None and (name in changed or after.returns(subject)):
                    pointing[reference.related_model].append((subject, name, target))
    for model, places in pointing.items():
        absent, noun = _unborn(after, model, {target for _, _, target in places}), str(model._meta.verbose_name)
        for subject, name, target in places:
            if target in absent:
                fields = (name, "retired_at") if after.returns(subject) else (name,)
                yield Block(subject, fields, f"{noun.capitalize()} {target} is not there any more.")


def _unborn(after: After, model: type[Logged], ids: set[int]) -> set[int]:
    label = model._meta.label_lower
    planned = {pk for pk in ids if (label, pk) in after.changes}
    unborn = {pk for pk in planned if (label, pk) in after.unborn}
    for some in chunks(sorted(ids - planned)):
        births = Event.objects.filter(subject_type=label, subject_id__in=some, is_birth=True, undone_by__isnull=False)
        unborn.update(births.values_list("subject_id", flat=True))
    return unborn


def _unfitting(after: After) -> Iterator[Block]:
    """A row whose values would not fit together: what a check constraint forbids."""
    for subject, changed in after.changes.items():
        model = type(after.rows[subject])
        for condition, names in checks_of(model):
            at_fault = tuple(sorted(names & set(changed)))
            if at_fault and holds(model, condition, partial(after.value, subject)) is False:
                yield Block(subject, at_fault, "What came later does not fit with it.")


def _taken(after: After) -> Iterator[Block]:
    """A row that would have what is unique and belongs to another now."""
    by_model: dict[type[Logged], list[Subject]] = defaultdict(list)
    for subject in after.changes:
        by_model[type(after.rows[subject])].append(subject)
    for model, subjects in by_model.items():
        for unique in unique_of(model):
            yield from _doubles(after, model, subjects, *unique)


def _doubles(
    after: After,
    model: type[Logged],
    subjects: list[Subject],
    names: tuple[str, ...],
    condition: Q,
    asked: frozenset[str],
) -> Iterator[Block]:
    """Rows that would have the same in these columns while the constraint's condition holds for both."""
    wanting: dict[tuple, list[Subject]] = defaultdict(list)
    settled: set[tuple] = set()
    for subject in subjects:
        if after.is_present(subject) and holds(model, condition, partial(after.value, subject)):
            key = tuple(after.value(subject, n) for n in names)
            moves = after.returns(subject) or bool((set(names) | asked) & set(after.changes[subject]))
            wanting[key].append(subject) if moves else settled.add(key)
    taken = settled | _present_elsewhere(after, model, names, condition, list(wanting))
    for key, rivals in wanting.items():
        for subject in rivals if key in taken else rivals[1:]:
            fields = (*names, *sorted(asked - {"retired_at"}))
            fields = ("retired_at", *fields) if after.returns(subject) else fields
            yield Block(subject, fields, f"Another {model._meta.verbose_name} has its place now.")


def _present_elsewhere(
    after: After, model: type[Logged], names: tuple[str, ...], condition: Q, keys: list[tuple]
) -> set[tuple]:
    label, found = model._meta.label_lower, set()
    for start in range(0, len(keys), 200):
        same = reduce(or_, (Q(**dict(zip(names, key, strict=True))) for key in keys[start : start + 200]))
        present: models.QuerySet = models.QuerySet(model).filter(same, condition, retired_at=None)
        for pk, *key in present.values_list("pk", *names):
            if (label, pk) not in after.changes:
                found.add(tuple(key))
    return found


def is_unique_field(model: type[Logged], name: str) -> bool:
    """Whether two present rows may not hold the same in this field (alone or with others, or while it says so)."""
    return any(name in names or name in asked - {"retired_at"} for names, _, asked in unique_of(model))
