"""What the settings of promises show: policies at a glance, working hours, and a mail that would come now."""

from datetime import date, datetime
from typing import Any

from pitcrew.promises.hours import WEEKDAYS, coming_holidays
from pitcrew.promises.models import Calendar, Kind, Policy
from pitcrew.promises.policies import POLICED, Facts, policy_for
from pitcrew.promises.queries import due
from pitcrew.web.promise_forms import TryOut, spoken

SHORT = tuple(word[:3] for word in WEEKDAYS)


def shown_policy(policy: Policy) -> dict[str, Any]:
    """A line of the table: for whom, and every time."""
    organization = policy.organization.name if policy.organization else ""
    asked = [str(policy.department or ""), policy.priority, organization, policy.tag and f"tag {policy.tag}"]
    return {"row": policy, "whom": ", ".join(filter(None, asked)) or "everybody"} | {
        "times": [spoken(getattr(policy, kind)) for kind in POLICED]
    }


def shown_calendar(calendar: Calendar) -> dict[str, Any]:
    """A line of the list: whose hours, and which."""
    return {"row": calendar, "whose": str(calendar.department or "the whole house"), "week": week(calendar.hours)}


def week(hours: list) -> str:
    """A week in a few words: days alike are told together."""
    told: list[list[str]] = []
    for word, day in zip(SHORT, hours, strict=False):
        times = ", ".join(f"{start}-{end}" for start, end in day)
        if told and told[-1][2] == times:
            told[-1][1] = word
        else:
            told.append([word, word, times])
    return "; ".join(f"{a if a == b else f'{a} to {b}'} {times}" for a, b, times in told if times)


def coming(calendar: Calendar, today: date) -> list[tuple[date, str]]:
    """The next holidays of its country."""
    return coming_holidays(calendar.country, calendar.region, today) if calendar.country else []


def tried(form: TryOut, now: datetime) -> list[dict[str, Any]]:
    """What a mail that came now would be promised, and by which policy."""
    if not form.is_bound or not form.is_valid():
        return []
    given = form.cleaned_data
    facts = Facts(given["department"].pk, given["priority"], None, frozenset(filter(None, [given["tag"].lower()])))
    found = []
    for kind in (Kind.FIRST_REPLY, Kind.SOLUTION):
        policy = policy_for(kind, facts)
        moments = due(facts.department, now, getattr(policy, kind) * 60)[0] if policy else [None]
        found.append({"kind": kind.label, "policy": policy, "due_at": moments[0]})
    return found
