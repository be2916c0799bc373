"""What a template may be: every step can be reached, leads on, and goes somewhere. Each fault in a sentence."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from pitcrew.people.models import Department
from pitcrew.people.refusals import Refused
from pitcrew.promises.policies import LONGEST
from pitcrew.relays.steps.asking import checked_asks, flag, listed, text_of
from pitcrew.relays.steps.branches import in_order

MOST_STEPS = 40
FIELDS = {"key", "name", "department", "partner", "after", "asks", "is_follow_up", "told", "minutes"}
Step = dict[str, Any]


def check_steps(steps: Any) -> list[Step]:
    """The steps of a template as they are kept. Raises Refused with what is wrong and what to do."""
    if not isinstance(steps, list) or not steps:
        raise Refused("The template has no steps. Add at least one.")
    if len(steps) > MOST_STEPS:
        raise Refused(f"The template has {len(steps)} steps. Use at most {MOST_STEPS}, or make two templates.")
    found = [_step(number, step) for number, step in enumerate(steps, start=1)]
    _departments(found)
    _keys(found)
    _can_be_reached(found)
    _lead_on(found)
    return found


def _step(number: int, step: Any) -> Step:
    where = f"Step {number}"
    if not isinstance(step, dict):
        raise Refused(f"{where} is not written as fields. Give it at least a name.")
    strangers = sorted(map(str, set(step) - FIELDS))
    if strangers:
        raise Refused(f"{where} has a field that nobody knows: {strangers[0]}. Known are {', '.join(sorted(FIELDS))}.")
    name = text_of(step.get("name"), f"The name of step {number}", 100)
    if not name:
        raise Refused(f"{where} has no name. Give it one.")
    return {
        "key": _key(step.get("key"), name),
        "name": name,
        "department": _number(step.get("department"), f"The department of {name}"),
        "partner": _partner(step.get("partner"), name),
        "after": _after(step.get("after"), name),
        "asks": checked_asks(step.get("asks"), name),
        "is_follow_up": flag(step.get("is_follow_up"), f"is_follow_up of {name}"),
        "told": text_of(step.get("told"), f"What the customer is told at {name}", 300),
        "minutes": _minutes(step.get("minutes"), name),
    }


def _key(given: Any, name: str) -> str:
    """The key as given, or made of the name."""
    key = text_of(given, f"The key of {name}", 60) or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    if not key or not re.fullmatch(r"[\w-]+", key):
        raise Refused(f"The key of {name} may have letters, numbers, - and _ only. Write it like card-processing.")
    return key


def _number(given: Any, what: str) -> int | None:
    if given in (None, ""):
        return None
    if isinstance(given, bool) or not str(given).isdecimal() or len(str(given)) > 18:
        raise Refused(f"{what} is unknown. Choose one that is open.")
    return int(given)


def _partner(given: Any, name: str) -> str:
    partner = text_of(given, f"The partner of {name}", 254)
    try:
        validate_email(partner or "nobody@example.org")
    except ValidationError:
        raise Refused(f"The partner of {name} is no e-mail address: {partner[:60]}. Correct it.")
    return partner


def _after(given: Any, name: str) -> list[str]:
    after = given if isinstance(given, list) else [] if given in (None, "") else [given]
    keys = [text_of(key, f"What {name} comes after", 60) for key in after]
    if len(set(keys)) < len(keys):
        raise Refused(f"{name} comes after the same step twice. Name each once.")
    return keys


def _minutes(given: Any, name: str) -> int | None:
    if given in (None, ""):
        return None
    minutes = _number(given, f"The time of {name}") or 0
    if not 0 < minutes <= LONGEST:
        raise Refused(f"{name} needs between one minute and a year. Choose another time.")
    return minutes


def _departments(steps: list[Step]) -> None:
    wanted = {step["department"] for step in steps} - {None}
    known = set(Department.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    for step in steps:
        if step["department"] is not None and step["department"] not in known:
            raise Refused(f"The department of {step['name']} is unknown or closed. Choose one that is open.")


def _keys(steps: list[Step]) -> None:
    seen: set[str] = set()
    for step in steps:
        if step["key"] in seen:
            raise Refused(f"Two steps have the key {step['key']}. Give each one of its own.")
        seen.add(step["key"])
    for step in steps:
        for key in step["after"]:
            if key == step["key"]:
                raise Refused(f"{step['name']} comes after itself. Name another step, or none.")
            if key not in seen:
                raise Refused(f"{step['name']} comes after {key}, which is no step. Name the key of one.")


def _can_be_reached(steps: list[Step]) -> None:
    reached = {step["key"] for step in in_order(steps)}
    lost = [step for step in steps if step["key"] not in reached]
    ring = [step["name"] for step in lost if step["key"] in _before(step["key"], lost)]
    if ring:
        names = listed(ring)
        raise Refused(f"{names} wait for each other, so none of them can begin. Let one come after something else.")


def _before(key: str, steps: list[Step]) -> set[str]:
    """All keys that a step waits for, near and far."""
    after = {step["key"]: step["after"] for step in steps}
    return _walk(key, after)


def _walk(key: str, ways: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(ways.get(key, []))
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += ways.get(each, [])
    return found


def _lead_on(steps: list[Step]) -> None:
    """With a follow-up at the end, everything has to lead to it: it tells the customer of all that was done."""
    last = [step for step in steps if step["is_follow_up"]]
    if not last:
        return
    if len(last) > 1:
        raise Refused(f"{listed([s['name'] for s in last])} are both the follow-up. Choose one of them.")
    [end] = last
    for step in steps:
        if end["key"] in step["after"]:
            raise Refused(f"{step['name']} comes after the follow-up, which is the last. Let it come before.")
    led = _before(end["key"], steps)
    for name in _names(steps, {s["key"] for s in steps} - led - {end["key"]}):
        raise Refused(f"{name} is a dead end: the follow-up does not wait for it. Let {end['name']} come after it.")


def _names(steps: list[Step], keys: Iterable[str]) -> list[str]:
    """The names of these, those first that nothing comes after."""
    needed = {key for step in steps for key in step["after"]}
    chosen = [step for step in steps if step["key"] in set(keys)]
    return [step["name"] for step in sorted(chosen, key=lambda step: step["key"] in needed)]
