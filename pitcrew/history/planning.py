"""What an undo would do, worked out before anything is done.

To undo events is to ask what each row would hold had they not happened. An event is switched off (undo) or on again
(redo); a row then holds what its remaining events say. Held back is what would leave the house untidy: a row that
others work on, a reference to something that is not there, a name that somebody else has now.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from pitcrew.history import tidiness
from pitcrew.history.kinds import idle, irreversible
from pitcrew.history.models import Event, Logged, Operation
from pitcrew.history.reading import fold
from pitcrew.history.values import written
from pitcrew.history.writing import chunks

Subject = tuple[str, int]
Changes = dict[str, list[Any]]


@dataclass(frozen=True)
class Line:
    """One line of a preview: a row and what would happen to its fields; where it would not, the reason.

    ``kind`` is the kind of the later event that stands in the way, where it is one.
    """

    subject: Subject
    about: int | None
    changes: Changes
    reason: str = ""
    kind: str = ""


@dataclass
class Preview:
    """What an undo would do: what comes back, what later work keeps, what nobody can take back."""

    comes_back: list[Line] = field(default_factory=list)
    conflicts: list[Line] = field(default_factory=list)
    stays: list[Line] = field(default_factory=list)


class Plan:
    """Works out a preview: which events go off or on again, and what each row becomes."""

    def __init__(self, operations: Iterable[Operation], at: datetime, *, lock: bool = False):
        self.at, self.preview = at, Preview()
        operations = list(operations)
        self.acts = {o.pk for o in operations if not o.is_undo}
        self.undos = {o.pk for o in operations if o.is_undo}
        self.irreversible, self.idle = set(irreversible()), set(idle())
        subjects = self._subjects()
        self.rows = _rows(subjects, lock=lock)
        self.lives = _lives(subjects)
        self.off: set[int] = set()
        self.on: set[int] = set()
        for subject, life in self.lives.items():
            self._choose(subject, life)
        for subject, life in self.lives.items():
            self._keep_what_was_worked_on(subject, life)
        self.unborn: set[Subject] = set()
        self.changes = {subject: self._compare(subject) for subject in self.lives}
        self._tidy_up()
        self._tell()

    def _subjects(self) -> dict[str, set[int]]:
        chosen = Event.objects.filter(
            Q(operation__in=self.acts) | Q(undone_by__in=self.undos) | Q(redone_by__in=self.undos)
        )
        subjects: dict[str, set[int]] = defaultdict(set)
        for subject_type, subject_id in chosen.values_list("subject_type", "subject_id"):
            subjects[subject_type].add(subject_id)
        return subjects

    def _choose(self, subject: Subject, life: list[Event]) -> None:
        """Read from the locked life, so that two who undo the same at once undo it once."""
        for event in life:
            if event.undone_by_id is not None:
                if event.undone_by_id in self.undos and event.operation_id not in self.acts:
                    self.on.add(event.pk)
            elif event.operation_id in self.acts or event.redone_by_id in self.undos:
                if event.kind in self.irreversible:
                    self.preview.stays.append(
                        Line(subject, event.about, event.changes, "It cannot be taken back.", event.kind)
                    )
                else:
                    self.off.add(event.pk)

    def _effective(self, event: Event) -> bool:
        if event.pk in self.off:
            return False
        return event.undone_by_id is None or event.pk in self.on

    def _keep_what_was_worked_on(self, subject: Subject, life: list[Event]) -> None:
        """A row whose beginning would go stays when it was changed later."""
        birth = next((e for e in life if e.is_birth), None)
        if birth is None or birth.pk not in self.off:
            return
        later = [e.kind for e in life if not e.is_birth and e.kind not in self.idle and self._effective(e)]
        if later:
            self.off.discard(birth.pk)
            gone = next((kind for kind in later if kind in self.irreversible), None)
            lines, reason = (
                (self.preview.stays, "It cannot be taken back.")
                if gone
                else (self.preview.conflicts, "It was changed later.")
            )
            lines.append(Line(subject, birth.about, {}, reason, gone or later[-1]))

    def _compare(self, subject: Subject) -> Changes:
        """What the row would become, field by field, as far as the switched events touch it."""
        row, life = self.rows[subject], self.lives[subject]
        switched = [e for e in life if e.pk in self.off or e.pk in self.on]
        touched = {name for e in switched for name in e.changes}
        if any(e.is_birth for e in switched):
            touched.add("retired_at")
        target = fold(type(row), [e for e in life if self._effective(e)])
        self.unborn.discard(subject)
        if target is None:
            self.unborn.add(subject)
            target = {"retired_at": written(row.retired_at or self.at)}
        return {
            name: [before, target[name]]
            for name in sorted(touched & set(target))
            if (before := written(getattr(row, name))) != target[name]
        }

    def _tidy_up(self) -> None:
        """What is held back may be in the way of something else: ask until nothing moves any more."""
        held = [True]
        while any(held):
            held = [self._hold_back(block) for block in tidiness.blocks(self.rows, self.changes, self.unborn)]

    def _hold_back(self, block: tidiness.Block) -> bool:
        """Leave the events alone that would make this row untidy. Returns whether there were any."""
        life = self.lives[block.subject]
        switched = [e for e in life if e.pk in self.off or e.pk in self.on]
        fields = set(block.fields)
        at_fault = [e for e in switched if fields & set(e.changes) or (e.is_birth and "retired_at" in fields)]
        ids = {e.pk for e in at_fault or switched}
        if not ids:
            return False
        self.off -= ids
        self.on -= ids
        held = {n: c for n, c in self.changes[block.subject].items() if n in fields}
        self.preview.conflicts.append(Line(block.subject, self._about(block.subject), held, block.reason))
        self.changes[block.subject] = self._compare(block.subject)
        return True

    def _about(self, subject: Subject) -> int | None:
        row = self.rows[subject]
        return row.about if row.about_field else self.lives[subject][-1].about

    def _tell(self) -> None:
        for subject, changes in self.changes.items():
            if changes:
                self.preview.comes_back.append(Line(subject, self._about(subject), changes))
            self._note_later_work(subject)

    def _note_later_work(self, subject: Subject) -> None:
        """Later work on the same field is kept, and the preview says so."""
        later: dict[str, str] = {}
        for event in reversed(self.lives[subject]):
            if event.pk in self.off or event.pk in self.on:
                kept = {n: c for n, c in event.changes.items() if n in later}
                if kept and not event.is_birth:
                    kind = later[next(iter(kept))]
                    line = Line(subject, event.about, kept, "It was changed later.", kind)
                    self.preview.conflicts.append(line)
            elif self._effective(event):
                later.update(dict.fromkeys(event.changes, event.kind))


def _rows(subjects: dict[str, set[int]], *, lock: bool) -> dict[Subject, Logged]:
    """The rows, locked room by room from the ground up and by id, so that two acts never wait for each other."""
    rows: dict[Subject, Logged] = {}
    for model in (m for m in apps.get_models() if issubclass(m, Logged)):
        label = model._meta.label_lower
        for some in chunks(sorted(subjects.get(label, ()))):
            found: models.QuerySet = models.QuerySet(model).filter(pk__in=some).order_by("pk")
            found = found.defer(*model.written_once)
            rows.update({(label, row.pk): row for row in (found.select_for_update() if lock else found)})
    return rows


def _lives(subjects: dict[str, set[int]]) -> dict[Subject, list[Event]]:
    """Every ordinary event of these rows, oldest first."""
    lives: dict[Subject, list[Event]] = defaultdict(list)
    for subject_type, ids in subjects.items():
        for some in chunks(sorted(ids)):
            told = Event.objects.filter(
                subject_type=subject_type, subject_id__in=some, operation__is_undo=False
            ).order_by("id")
            for event in told:
                lives[(subject_type, event.subject_id)].append(event)
    return lives
