"""What one says to hand work over: to whom, and the brief. What is missing is said at its line."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone

from pitcrew.people.models import Department, Membership, Staff
from pitcrew.people.queries import normalised
from pitcrew.people.refusals import Refused
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Edition, Template
from pitcrew.web.forms import Address, Form, Words
from pitcrew.web.moments import moment_asked

DEPARTMENT, PARTNER = "department", "partner"
EMPTY = {
    "need": "Say what is needed, in one or two sentences.",
    "tried": "Say what was tried. Write “nothing yet” if nothing was.",
    "promised": "Say what the customer was promised. Write “nothing” if nothing was.",
    "by_when": "Say by when it has to be done.",
}
Places = list[tuple[Department, list[Staff]]]


def places() -> Places:
    """Every department with the people in it, as a choice shows them."""
    members = Membership.objects.active().select_related("staff").order_by("staff__name")
    rows = Department.objects.order_by("name").prefetch_related(Prefetch("memberships", members, to_attr="members"))
    return [(row, [member.staff for member in row.members]) for row in rows]


def usable() -> list[tuple[Template, Edition]]:
    """The templates with the edition a new relay runs along, by name."""
    found = Edition.objects.filter(template__retired_at=None).select_related("template").order_by("number")
    newest = {edition.template_id: edition for edition in found}
    return sorted(((e.template, e) for e in newest.values()), key=lambda pair: pair[0].name.casefold())


class Moment(forms.CharField):
    """A day and an hour, as the installation's clock shows them."""

    def __init__(self, **options: Any):
        super().__init__(widget=forms.TextInput(attrs={"type": "datetime-local", "class": "input"}), **options)

    def prepare_value(self, value: Any) -> Any:
        return for_field(value) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return moment_asked(text)
        except Refused as refused:
            raise ValidationError(str(refused)) from refused


def for_field(at: datetime | None) -> str:
    """A moment as a field of a form holds it."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" if at else ""


class BriefForm(Form):
    """The four lines."""

    need = Words(label="Need", rows=2, max_length=5_000, error_messages={"required": EMPTY["need"]})
    tried = Words(label="Tried", rows=2, max_length=5_000, error_messages={"required": EMPTY["tried"]})
    promised = Words(label="Promised", rows=2, max_length=5_000, error_messages={"required": EMPTY["promised"]})
    by_when = Moment(label="By when", max_length=40, error_messages={"required": EMPTY["by_when"]})

    def clean(self) -> dict[str, Any]:
        """A line of blanks says nothing."""
        given = super().clean() or {}
        for name in ("need", "tried", "promised"):
            if name in given and not given[name].strip():
                self.add_error(name, EMPTY[name])
        return given

    def brief(self) -> Brief:
        return Brief(**{name: self.cleaned_data[name] for name in EMPTY})


class ToForm(BriefForm):
    """A department, or somebody in it (``3`` or ``3:7``), or an address outside; and the brief."""

    to = forms.CharField(label="Department or person", required=False, max_length=40)
    partner = Address(label="Address outside", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        department, _, person = given.get("to", "").partition(":")
        given["department"] = Department.objects.filter(pk=_number(department)).first()
        given["person"] = Staff.objects.filter(pk=_number(person)).first() if person else None
        given["partner"] = normalised("email", given.get("partner", ""))
        return given


class HandOver(ToForm):
    """As above, or along a template: ``way`` is the number of its edition, `DEPARTMENT` or `PARTNER`."""

    way = forms.CharField(max_length=20, error_messages={"required": "Choose to whom it goes."})
    field_order = ("way", "to", "partner")

    def __init__(self, *args: Any, choices: Places, home: Department, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.home = home
        self.fields["to"].widget = forms.Select(choices=_choices(choices), attrs={"class": "select"})

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        way = given.get("way", "")
        if way == PARTNER:
            given["department"], given["person"] = self.home, None
            if not given["partner"] and "partner" not in self.errors:
                self.add_error("partner", "Write the address of who does it.")
        elif way == DEPARTMENT:
            given["partner"] = ""
            if given["department"] is None:
                self.add_error("to", "Choose a department, or somebody in it.")
        elif way:
            given["edition"] = next((e for _, e in usable() if str(e.pk) == way), None)
            if given["edition"] is None:
                self.add_error("way", "That relay is not there any more. Choose another way.")
        return given


def _choices(places: Places) -> list[Any]:
    groups = [
        (
            department.name,
            [(str(department.pk), f"{department.name}, whoever takes it")]
            + [(f"{department.pk}:{person.pk}", person.name) for person in people],
        )
        for department, people in places
    ]
    return [("", "Choose one"), *groups]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
