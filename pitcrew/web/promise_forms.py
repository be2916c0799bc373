"""What is written into the settings of promises: times as people write them, hours of a week."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pitcrew.conversations.models import Priority
from pitcrew.people.models import Department, Organization
from pitcrew.promises.actions.deciding import OFFICE
from pitcrew.promises.hours import WEEKDAYS, countries
from pitcrew.promises.models import Calendar, Policy
from pitcrew.promises.policies import POLICED
from pitcrew.web.forms import Form, Line, Words

UNITS = {"m": 1, "min": 1, "h": 60, "": 60}
PART = re.compile(r"(\d{1,6})\s*(min|m|h|)\s*")
DAYS = tuple(word.lower() for word in WEEKDAYS)
PRIORITIES = [("", "Any priority"), *Priority.choices]


class Duration(Line):
    """Working time as people write it, ``8 h`` or ``1 h 30 m``, in minutes; a number alone is hours."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip().lower()
        if not text:
            return None
        if not re.fullmatch(f"(?:{PART.pattern})+", text):
            raise ValidationError("Write hours or minutes of working time, like 8 h or 30 min.")
        return sum(int(number) * UNITS[unit] for number, unit in PART.findall(text))


def spoken(minutes: int | None) -> str:
    """Minutes as people write them."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


class PolicyForm(Form):
    """What is promised, and to whom."""

    name = Line(label="Name", max_length=100)
    first_reply = Duration(label="First reply", required=False)
    next_reply = Duration(label="Next reply", required=False)
    solution = Duration(label="Solution", required=False)
    acceptance = Duration(label="A department accepts", required=False)
    completion = Duration(label="A department is done", required=False)
    department = forms.ModelChoiceField(Department.objects.none(), required=False, empty_label="Every department")
    priority = forms.ChoiceField(choices=PRIORITIES, required=False)
    organization = forms.ModelChoiceField(Organization.objects.none(), required=False, empty_label="Every customer")
    tag = Line(label="Tag", max_length=60, required=False)
    rank = forms.IntegerField(label="Rank", min_value=0, max_value=1000, initial=0, help_text="The lowest goes first.")

    def __init__(self, *args: Any, policy: Policy | None = None, **kwargs: Any):
        if policy is not None:
            kwargs["initial"] = {name: getattr(policy, name) for name in self.base_fields}
            kwargs["initial"] |= {kind: spoken(getattr(policy, kind)) for kind in POLICED}
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["organization"].queryset = Organization.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["organization"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return {**self.cleaned_data, "tag": self.cleaned_data["tag"].lower()}


class CalendarForm(Form):
    """When people work."""

    name = Line(label="Name", max_length=100)
    department = forms.ModelChoiceField(Department.objects.none(), required=False, empty_label="The whole house")
    time_zone = Line(label="Time zone", max_length=60, initial="UTC", help_text="Like Europe/Berlin.")
    monday = Line(max_length=200, required=False)
    tuesday = Line(max_length=200, required=False)
    wednesday = Line(max_length=200, required=False)
    thursday = Line(max_length=200, required=False)
    friday = Line(max_length=200, required=False)
    saturday = Line(max_length=200, required=False)
    sunday = Line(max_length=200, required=False)
    country = forms.ChoiceField(label="Holidays of", required=False)
    region = Line(label="Region", max_length=10, required=False, help_text="The region's short name, like BY.")
    closed = Words(label="Closed on", required=False, rows=3, help_text="One day a line, like 2026-12-24.")

    def __init__(self, *args: Any, calendar: Calendar | None = None, **kwargs: Any):
        hours = calendar.hours if calendar else OFFICE
        if calendar is not None:
            kwargs["initial"] = {n: getattr(calendar, n) for n in ("name", "time_zone", "country", "region")}
            kwargs["initial"]["closed"] = "\n".join(calendar.closed)
        for number, day in enumerate(DAYS):
            times = ", ".join(f"{start}-{end}" for start, end in hours[number]) if number < len(hours) else ""
            kwargs.setdefault("initial", {})[day] = times
        super().__init__(*args, **kwargs)
        self.is_new = calendar is None
        if calendar is not None:
            del self.fields["department"]
        else:
            self.fields["department"].queryset = Department.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", "No country"), *((c, c) for c in sorted(countries()))]  # type: ignore[attr-defined]

    @property
    def week(self) -> list[Any]:
        return [self[day] for day in DAYS]

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        hours = [[_period(p) for p in given[day].split(",") if p.strip()] for day in DAYS]
        told = {name: given[name] for name in ("name", "time_zone", "country")}
        told |= {"hours": hours, "region": given["region"].upper(), "closed": given["closed"].split()}
        return {**told, "department": given["department"]} if self.is_new else told


def _period(text: str) -> list[str]:
    start, _, end = text.strip().replace("–", "-").partition("-")
    return [start.strip(), end.strip()]


class TryOut(Form):
    """A mail that would come now."""

    department = forms.ModelChoiceField(Department.objects.none(), empty_label=None)
    priority = forms.ChoiceField(choices=Priority.choices, initial=Priority.NORMAL)
    tag = Line(label="Tag", max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.order_by("pk")  # type: ignore[attr-defined]
