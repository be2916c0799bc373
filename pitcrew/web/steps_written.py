"""The steps of a template as its form gives them: rows are added, moved and taken out before anything is kept."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

MOST_STEPS, MOST_ASKS = 40, 20
KINDS = [("text", "Words"), ("choice", "One of"), ("date", "A day"), ("yes", "Yes or no")]
Step = dict[str, Any]


@dataclass
class Written:
    """What the form says. ``wrongs`` are sentences about what no step can hold."""

    name: str = ""
    steps: list[Step] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)

    def settled(self) -> list[Step]:
        """The steps with keys made of their names, where they are new, and without empty questions."""
        keys = {step["key"]: step["key"] for step in self.steps}
        for step in self.steps:
            if step["key"].startswith("new-"):
                keys[step["key"]] = _unused(slug(step["name"]) or "step", set(keys.values()))
        return [
            step
            | {
                "key": keys[step["key"]],
                "after": [keys[key] for key in step["after"] if key in keys],
                "asks": _keyed([ask for ask in step["asks"] if ask["label"]]),
            }
            for step in self.steps
        ]


def slug(text: str) -> str:
    """A name as a key: small letters and hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]


def _unused(key: str, used: set[str]) -> str:
    found, number = key, 2
    while found in used:
        found, number = f"{key}-{number}", number + 1
    return found


def _keyed(asks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    used = {ask["key"] for ask in asks if ask["key"]}
    for ask in asks:
        if not ask["key"]:
            ask["key"] = _unused(slug(ask["label"]) or "answer", used)
            used.add(ask["key"])
    return asks


def blank(steps: list[Step]) -> Step:
    """A new step, after the last one."""
    key = _unused("new-1", {step["key"] for step in steps})
    after = [steps[-1]["key"]] if steps else []
    empty: Step = {"name": "", "department": None, "partner": "", "asks": [], "told": "", "minutes": None}
    return {"key": key, "after": after, "is_follow_up": False, **empty}


def written(data: QueryDict) -> Written:
    """What was sent, as far as it says anything; nothing is refused here."""
    told = Written(_line(data, "name", 100))
    told.steps = [_step(data, f"s{i}-", told.wrongs) for i in range(_count(data, "steps", MOST_STEPS))]
    return told


def reshaped(told: Written, asked: str) -> Written:
    """As a button of the form asks: ``add``, ``drop:2``, ``up:2``, ``ask:2``."""
    verb, _, place = asked.partition(":")
    at = int(place) if place.isdecimal() and int(place) < len(told.steps) else None
    if verb == "add" and len(told.steps) < MOST_STEPS:
        told.steps.append(blank(told.steps))
    elif at is not None and verb == "ask" and len(told.steps[at]["asks"]) < MOST_ASKS:
        told.steps[at]["asks"].append(_blank_ask())
    elif at is not None and verb == "drop":
        _drop(told.steps, at)
    elif at and verb == "up":
        told.steps[at - 1 : at + 1] = [told.steps[at], told.steps[at - 1]]
    return told


def _drop(steps: list[Step], at: int) -> None:
    """Take a step out; what came after it comes after what was before it."""
    gone = steps.pop(at)
    for step in steps:
        if gone["key"] in step["after"]:
            kept = [key for key in step["after"] if key != gone["key"]]
            step["after"] = list(dict.fromkeys([*kept, *(key for key in gone["after"] if key != step["key"])]))


def _blank_ask() -> dict[str, Any]:
    return {"key": "", "label": "", "kind": "text", "choices": [], "needed": False}


def _step(data: QueryDict, at: str, wrongs: list[str]) -> Step:
    name = _line(data, at + "name", 100)
    department = data.get(at + "department", "")
    return {
        "key": _line(data, at + "key", 60) or f"new-{at}",
        "name": name,
        "department": int(department) if department.isdecimal() and len(department) < 16 else None,
        "partner": _line(data, at + "partner", 254).strip(),
        "after": [key[:60] for key in data.getlist(at + "after")[:MOST_STEPS]],
        "asks": [_ask(data, f"{at}a{j}-") for j in range(_count(data, at + "asks", MOST_ASKS))],
        "is_follow_up": bool(data.get(at + "follow_up")),
        "told": _line(data, at + "told", 300),
        "minutes": _minutes(data.get(at + "minutes", "").strip(), name, wrongs),
    }


def _ask(data: QueryDict, at: str) -> dict[str, Any]:
    kind = data.get(at + "kind", "text")
    choices = [word.strip()[:100] for word in data.get(at + "choices", "").split(",")]
    return {
        "key": _line(data, at + "key", 60),
        "label": _line(data, at + "label", 100),
        "kind": kind if kind in dict(KINDS) else "text",
        "choices": [word for word in choices if word][:30] if kind == "choice" else [],
        "needed": bool(data.get(at + "needed")),
    }


def _minutes(text: str, name: str, wrongs: list[str]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 7 and int(text) > 0:
        return int(text)
    wrongs.append(f"“{text[:20]}” is no number of minutes, at the step {name or '(no name)'}. Write one like 240.")
    return None


def _line(data: QueryDict, name: str, most: int) -> str:
    return " ".join(data.get(name, "").split())[:most]


def _count(data: QueryDict, name: str, most: int) -> int:
    text = data.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
