"""Operations and events, and the base of every row whose life they tell."""

from functools import cache
from typing import Any, ClassVar, Self

from django.db import models

from pitcrew.history.changes import ChangesField
from pitcrew.history.moments import MomentField
from pitcrew.history.names import NameField
from pitcrew.history.values import written


class LoggedQuerySet(models.QuerySet):
    """A query over logged rows. It reads; only `history.writing` writes."""

    def update(self, **fields: Any) -> int:
        raise TypeError(f"Change {self.model.__name__} rows with history.writing.change_many.")

    def delete(self) -> Any:
        raise TypeError(f"Retire {self.model.__name__} rows with history.writing.retire.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"Begin {self.model.__name__} rows with history.writing.begin_many.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"Change {self.model.__name__} rows with history.writing.change_many.")

    def present(self) -> Self:
        """Without the rows that were retired."""
        return self.filter(retired_at=None)


EverythingManager = models.Manager.from_queryset(LoggedQuerySet)


class PresentManager(EverythingManager):
    """What is there now: rows that were retired are left out."""

    _present: models.QuerySet | None = None

    def get_queryset(self):
        """Every page begins a dozen queries here, so the filter is made once; each gets a copy."""
        if self._db or self._hints:  # type: ignore[attr-defined]
            return super().get_queryset().filter(retired_at=None)
        if self._present is None:
            self._present = super().get_queryset().filter(retired_at=None)
        return self._present.all()


class Logged(models.Model):
    """A row that changes only by events.

    ``objects`` sees what is present, ``everything`` also what was retired.
    ``written_once`` never changes after the birth, so the row is its own record and no event copies it.
    ``derived_fields`` follow from other rows: they are recomputed by ``derive``, never logged.
    ``unlogged_fields`` belong to somebody else (a password, the last sign-in).
    ``inseparable`` are fields that mean something only together (a state and until when): an event that changes one
    tells them all, so that undoing another act cannot tear them apart.
    ``about_field`` names the field that holds the conversation the row belongs to.
    """

    retired_at = MomentField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager] = PresentManager()
    everything: ClassVar[models.Manager] = EverythingManager()

    written_once: ClassVar[frozenset[str]] = frozenset()
    derived_fields: ClassVar[frozenset[str]] = frozenset()
    unlogged_fields: ClassVar[frozenset[str]] = frozenset()
    inseparable: ClassVar[tuple[frozenset[str], ...]] = ()
    about_field: ClassVar[str] = ""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError(f"Save {type(self).__name__} rows with history.writing.")

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"Retire {type(self).__name__} rows with history.writing.retire.")

    @classmethod
    @cache
    def logged_fields(cls) -> tuple[models.Field, ...]:
        """The fields whose every change is an event."""
        silent = {"id"} | cls.derived_fields | cls.unlogged_fields | cls.written_once
        return tuple(f for f in cls._meta.concrete_fields if f.name not in silent and not f.primary_key)

    @classmethod
    def derive(cls, ids: list[int], changes: list[dict[str, list]]) -> None:
        """Recompute what follows from these rows, here or elsewhere, after an undo changed them so."""

    def snapshot(self) -> dict[str, Any]:
        """The logged fields of this row, as the log writes them."""
        return {f.attname: written(getattr(self, f.attname)) for f in self.logged_fields()}

    @property
    def about(self) -> int | None:
        """The conversation this row belongs to, if it belongs to one."""
        return getattr(self, self.about_field) if self.about_field else None


class Operation(models.Model):
    """One act of one actor, at one moment, through one door: the unit of undo."""

    actor = models.CharField(max_length=60)
    verb = models.CharField(max_length=80)
    door = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=300, blank=True)
    at = MomentField()
    is_undo = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["actor"], name="operation_actor")]


class Event(models.Model):
    """One recorded change inside an operation.

    ``changes`` maps each field to ``[before, after]``; the event that begins a row leaves out what is empty.
    ``about`` is the conversation the row belongs to. ``undone_by`` is set while the event is taken back,
    ``redone_by`` while it stands again because that was taken back in turn.
    ``transaction`` orders events on PostgreSQL, where ids can be committed out of order.
    """

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="events")
    kind = NameField()
    subject_type = NameField()
    subject_id = models.BigIntegerField()
    about = models.BigIntegerField(null=True)
    changes = ChangesField(default=dict)
    is_birth = models.BooleanField(default=False)
    undone_by = models.ForeignKey(Operation, null=True, on_delete=models.PROTECT, related_name="undid", db_index=False)
    redone_by = models.ForeignKey(Operation, null=True, on_delete=models.PROTECT, related_name="redid", db_index=False)
    transaction = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            # Without the type: few rows of different rooms share an id.
            models.Index(fields=["subject_id"], name="event_subject_id"),
            models.Index(fields=["about"], name="event_about", condition=models.Q(about__isnull=False)),
            models.Index(fields=["undone_by"], name="event_undone", condition=models.Q(undone_by__isnull=False)),
            models.Index(fields=["redone_by"], name="event_redone", condition=models.Q(redone_by__isnull=False)),
            models.Index(fields=["transaction", "id"], name="event_order", condition=models.Q(transaction__gt=0)),
        ]


class Name(models.Model):
    """What a number stands for that an event keeps instead of a name (see names.py)."""

    number = models.IntegerField(primary_key=True)
    name = models.CharField(max_length=100)


class Follower(models.Model):
    """How far one reader of the log has read."""

    name = models.CharField(max_length=120, primary_key=True)
    transaction = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)


class SetAside(models.Model):
    """An event that a follower could not digest; kept so that nobody has to guess."""

    follower = models.ForeignKey(Follower, on_delete=models.PROTECT)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    failure = models.TextField()
    at = MomentField()
