"""The fields that a step asks for when it is done."""

from typing import Any

from pitcrew.people.refusals import Refused

KINDS = ("text", "choice", "date", "yes")
FIELDS = {"key", "label", "kind", "choices", "needed"}
MOST = 20


def checked_asks(asks: Any, name: str) -> list[dict[str, Any]]:
    """The fields of one step as they are kept."""
    if asks in (None, ""):
        return []
    if not isinstance(asks, list) or len(asks) > MOST:
        raise Refused(f"What {name} asks for is a list of at most {MOST} fields. Correct it.")
    found = [_ask(ask, name) for ask in asks]
    if len({ask["key"] for ask in found}) < len(found):
        raise Refused(f"{name} asks for two fields with one key. Give each one of its own.")
    return found


def _ask(ask: Any, name: str) -> dict[str, Any]:
    if not isinstance(ask, dict) or set(ask) - FIELDS:
        raise Refused(f"A field of {name} is not written as {', '.join(sorted(FIELDS))}. Correct it.")
    key, label = text_of(ask.get("key"), f"A key of {name}", 60), text_of(ask.get("label"), f"A label of {name}", 100)
    if not key:
        raise Refused(f"A field that {name} asks for has no key. Give it one.")
    kind = text_of(ask.get("kind"), f"The kind of {label or key}", 20) or "text"
    if kind not in KINDS:
        raise Refused(f"{label or key} cannot be a {kind}. Choose one of: {', '.join(KINDS)}.")
    choices = ask.get("choices") or []
    if not isinstance(choices, list):
        raise Refused(f"The choices of {label or key} are not a list. Write one on each line.")
    choices = [text_of(choice, f"A choice of {label or key}", 100) for choice in choices]
    if kind == "choice" and len(set(filter(None, choices))) < 2:
        raise Refused(f"{label or key} has nothing to choose from. Give it at least two choices.")
    needed = flag(ask.get("needed"), f"needed of {label or key}")
    return {"key": key, "label": label or key, "kind": kind, "choices": choices, "needed": needed}


def text_of(value: Any, what: str, most: int) -> str:
    """A short text as it is kept."""
    if value is None:
        return ""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Refused(f"{what} is no text. Write it in quotes.")
    text = " ".join(str(value).split())
    if len(text) > most:
        raise Refused(f"{what} is too long. Use at most {most} characters.")
    return text


def flag(value: Any, what: str) -> bool:
    """Yes or no."""
    if value in (None, "", False, "false", "no"):
        return False
    if value in (True, "true", "yes", "on"):
        return True
    raise Refused(f"{what} is yes or no. Choose one of them.")


def listed(names: list[str]) -> str:
    """Names in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
