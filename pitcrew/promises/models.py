"""Promises, the policies that make them, and the calendars that count their hours."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField
from pitcrew.people.models import Department, Organization, Staff


class Calendar(Logged):
    """When people work: hours of each weekday in a time zone, without the holidays of a country and days of its own.

    ``hours`` has seven lists, Monday first, of ``["09:00", "17:00"]``; ``closed`` lists days as ``2026-12-24``.
    One without a department is the house's; a department's own goes before it. Without any, every hour counts.
    """

    name = models.CharField(max_length=100)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    time_zone = models.CharField(max_length=60, default="UTC")
    hours = models.JSONField(default=list)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=10, blank=True)
    closed = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department"], condition=Q(retired_at=None), name="one_calendar_per_department"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    """What was promised."""

    FIRST_REPLY = "first_reply", "First reply"
    NEXT_REPLY = "next_reply", "Next reply"
    SOLUTION = "solution", "Solution"
    ACCEPTANCE = "acceptance", "Acceptance"
    COMPLETION = "completion", "Completion"
    CALL_BACK = "call_back", "Call back"


class Policy(Logged):
    """What we owe whom: minutes of business hours for each kind of promise. An empty condition asks nothing.

    Of all that fit, the one with the most conditions counts, then the lowest ``rank``.
    """

    name = models.CharField(max_length=100)
    rank = models.PositiveIntegerField(default=0)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    priority = models.CharField(max_length=10, blank=True)
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tag = models.CharField(max_length=60, blank=True)
    first_reply = models.PositiveIntegerField(null=True, blank=True)
    next_reply = models.PositiveIntegerField(null=True, blank=True)
    solution = models.PositiveIntegerField(null=True, blank=True)
    acceptance = models.PositiveIntegerField(null=True, blank=True)
    completion = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Promise(Logged):
    """Something owed by a moment. It ends in one of three ways: kept, released (nobody waits for it any more), or it
    stays broken until it is kept late.

    ``conversation`` and ``leg`` are numbers: this room knows neither. ``allowed`` are its seconds of business hours,
    None where a moment was named to the customer (a call back). While it is paused ``paused_at`` is set, ``due_at``
    is empty and ``left`` are the seconds it has left; ``idle`` are the seconds it stood still before, so that it is
    always due ``allowed + idle`` seconds after ``made_at``. ``look_at`` is the next moment for the clock: to warn or to
    break; empty when there is nothing to do.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices)
    conversation = models.BigIntegerField(null=True, blank=True)
    leg = models.BigIntegerField(null=True, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="promises")
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="promises")
    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="promises")
    words = models.CharField(max_length=300, blank=True)
    made_at = MomentField()
    allowed = models.PositiveIntegerField(null=True, blank=True)
    due_at = MomentField(null=True, blank=True)
    left = models.PositiveIntegerField(null=True, blank=True)
    idle = models.PositiveBigIntegerField(default=0)
    paused_at = MomentField(null=True, blank=True)
    look_at = MomentField(null=True, blank=True)
    warned_at = MomentField(null=True, blank=True)
    broken_at = MomentField(null=True, blank=True)
    kept_at = MomentField(null=True, blank=True)
    released_at = MomentField(null=True, blank=True)

    about_field = "conversation"
    written_once = frozenset({"leg", "made_at"})
    standing: ClassVar[tuple[str, ...]] = (
        *("allowed", "idle", "due_at", "left", "paused_at", "look_at", "policy_id", "department_id"),
        *("warned_at", "broken_at", "kept_at", "released_at"),
    )
    inseparable = (frozenset(standing),)

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], name="promise_look", condition=Q(look_at__isnull=False, retired_at=None)),
            models.Index(
                fields=["conversation"],
                name="promise_open",
                condition=Q(kept_at=None, released_at=None, retired_at=None, conversation__isnull=False),
            ),
            models.Index(fields=["leg"], name="promise_leg", condition=Q(leg__isnull=False)),
        ]

    @property
    def is_open(self) -> bool:
        """Somebody still waits for it."""
        return self.kept_at is None and self.released_at is None and self.retired_at is None

    @property
    def about(self) -> Any:
        return self.conversation
