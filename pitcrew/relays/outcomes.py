"""What a leg answers when it is done: the fields that its step asks for."""

from datetime import date
from typing import Any

from pitcrew.people.refusals import Refused
from pitcrew.relays.models import Leg

MOST = 2_000  # characters of an answer
YES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "": False}


def step_of(leg: Leg) -> dict[str, Any]:
    """The step of the template that this leg walks; empty for one that was made as one goes."""
    edition = leg.relay.edition
    steps = edition.steps if edition is not None else []
    return next((step for step in steps if step["key"] == leg.step), {})


def asks_of(leg: Leg) -> list[dict[str, Any]]:
    """The fields that have to be filled in when it is done."""
    return list(step_of(leg).get("asks") or [])


def checked(leg: Leg, outcome: dict[str, Any]) -> dict[str, Any]:
    """The outcome as it is kept. Refuses what is missing and what does not fit, by the label of the field."""
    asks = {ask["key"]: ask for ask in asks_of(leg)}
    strangers = sorted(set(outcome) - set(asks))
    if strangers:
        raise Refused(f"{leg.name} does not ask for {', '.join(strangers)}. Leave it out.")
    kept = {}
    for key, ask in asks.items():
        value = _READERS[ask.get("kind", "text")](ask, outcome.get(key))
        if value in (None, "") and ask.get("needed"):
            raise Refused(f"{ask['label']} is not filled in. {leg.name} is done only with it.")
        if value not in (None, ""):
            kept[key] = value
    return kept


def _text(ask: dict[str, Any], value: Any) -> str:
    text = "" if value is None else str(value).strip()
    if len(text) > MOST:
        raise Refused(f"{ask['label']} is too long. Use at most {MOST:,} characters.")
    return text


def _choice(ask: dict[str, Any], value: Any) -> str:
    text = _text(ask, value)
    if text and text not in ask.get("choices", []):
        raise Refused(f"{ask['label']} cannot be {text[:50]}. Choose one of: {', '.join(ask.get('choices', []))}.")
    return text


def _date(ask: dict[str, Any], value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else _text(ask, value)
    try:
        return date.fromisoformat(text[:10]).isoformat() if text else ""
    except ValueError:
        raise Refused(f"{ask['label']} is no date. Write it like 2026-03-31.")


def _yes(ask: dict[str, Any], value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    text = _text(ask, value).lower()
    if text not in YES:
        raise Refused(f"{ask['label']} is yes or no. Choose one of them.")
    return YES[text]


_READERS = {"text": _text, "choice": _choice, "date": _date, "yes": _yes}
