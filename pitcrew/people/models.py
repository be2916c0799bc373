"""Customers, organizations, staff, departments, memberships."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from pitcrew.history.models import EverythingManager, Logged, LoggedQuerySet, PresentManager
from pitcrew.history.moments import MomentField


class Organization(Logged):
    """The company or household a customer belongs to."""

    name = models.CharField(max_length=200)


class Customer(Logged):
    """Somebody the company serves; one person however many addresses they write from."""

    name = models.CharField(max_length=200, blank=True)
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.PROTECT)
    memo = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name or f"Customer {self.pk}"


class Identity(Logged):
    """One way a customer reaches us: an address on a channel, verified or not.

    ``value`` is written the way two equal addresses compare equal (e-mail in lower case).
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="identities")
    channel = models.CharField(max_length=20, default="email")
    value = models.CharField(max_length=320)
    verified_at = MomentField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "value"],
                condition=Q(retired_at=None),
                name="identity_belongs_to_one_customer",
            )
        ]

    def __str__(self) -> str:
        return self.value


class Role(models.TextChoices):
    """What somebody may do in a department."""

    CONTRIBUTOR = "contributor", "Contributor"
    AGENT = "agent", "Agent"
    LEAD = "lead", "Lead"


class StaffManager(BaseUserManager.from_queryset(LoggedQuerySet)):  # type: ignore[misc]
    def get_queryset(self):
        return super().get_queryset().filter(retired_at=None)

    def get_by_natural_key(self, username: str) -> "Staff":
        return self.get(email=username)


class Staff(AbstractBaseUser, Logged):
    """Somebody who works here. Only an active person (not deactivated) can sign in or hold work."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    is_administrator = models.BooleanField(default=False)
    deactivated_at = MomentField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    unlogged_fields = frozenset({"password", "last_login"})

    objects: ClassVar[models.Manager] = StaffManager()
    everything: ClassVar[models.Manager] = EverythingManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=Q(retired_at=None), name="one_staff_per_address")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Signing in may save the password and the moment; the rest of a person changes by events."""
        if self.pk is None or not set(kwargs.get("update_fields") or ["everything"]) <= self.unlogged_fields:
            Logged.save(self)
        models.Model.save(self, *args, **kwargs)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.deactivated_at is None and self.retired_at is None

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class Department(Logged):
    """A group of staff that owns work. ``hue`` is the place of its colour among the ten."""

    name = models.CharField(max_length=100)
    hue = models.PositiveSmallIntegerField(default=0)
    signature = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(retired_at=None), name="one_department_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(LoggedQuerySet):
    def active(self) -> "MembershipQuerySet":
        """Memberships of people who can sign in and hold work."""
        return self.filter(
            retired_at=None, staff__retired_at=None, staff__deactivated_at=None, department__retired_at=None
        )


MembershipManager = PresentManager.from_queryset(MembershipQuerySet)


class Membership(Logged):
    """Somebody's place in a department."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="memberships")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.AGENT)

    objects: ClassVar[models.Manager] = MembershipManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "department"],
                condition=Q(retired_at=None),
                name="one_membership_per_department",
            )
        ]


class Absence(Logged):
    """Somebody is not there, from one moment until another (open where nobody knows). A substitute does their work."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="absences")
    start = MomentField()
    until = MomentField(null=True, blank=True)
    substitute = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    inseparable = (frozenset({"start", "until", "substitute_id"}),)

    class Meta:
        indexes = [models.Index(fields=["until"], name="absence_until", condition=Q(retired_at=None))]
