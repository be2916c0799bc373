"""What this person can do with a leg now, in the order in which the page offers it."""

from dataclasses import dataclass, field
from typing import Any

from pitcrew.people.models import Staff
from pitcrew.relays import access
from pitcrew.relays.models import Leg, Stage
from pitcrew.relays.queries import asks_of

# What the receiving side can do, then the sending side, by stage.
TAKES = {
    Stage.OFFERED: ["accept", "ask", "decline", "give"],
    Stage.ACCEPTED: ["done", "ask", "decline", "give"],
    Stage.ASKED: ["decline"],
}
ENDS = ["skip", "withdraw", "stop"]
ANSWERS = {
    Stage.AHEAD: ["skip", "withdraw"],
    Stage.OFFERED: ENDS,
    Stage.ACCEPTED: ENDS,
    Stage.ASKED: ["answer", *ENDS],
    Stage.RETURNED: ["send-again", *ENDS],
}
RESULTS = [("works", "It works"), ("arrived", "It arrived"), ("not_yet", "Not yet"), ("no_answer", "No answer")]


@dataclass(frozen=True)
class Can:
    """``takes``: works where the leg lies. ``answers``: stands for who sent it. ``verbs``: what either can do now."""

    takes: bool
    answers: bool
    verbs: list[str] = field(default_factory=list)


def can(staff: Staff, leg: Leg) -> Can:
    """What this person may do now."""
    takes, answers = access.may_take(staff, leg), access.may_answer(staff, leg)
    stage = Stage(leg.stage)
    verbs = TAKES.get(stage, []) if takes else []
    verbs = verbs + (ANSWERS.get(stage, []) if answers else [])
    if leg.is_follow_up:
        verbs = _called(verbs)
    if leg.relay.edition_id is None:
        verbs = [verb for verb in verbs if verb != "stop"]  # it is no more than its legs
    return Can(takes, answers, sorted(verbs, key=_order))


def _called(verbs: list[str]) -> list[str]:
    """A follow-up ends with what the customer said; who calls at once need not take it first."""
    kept = [verb for verb in verbs if verb != "done"]
    return [*kept, "follow-up"] if {"accept", "done"} & set(verbs) else kept


def _order(verb: str) -> int:
    """First the next move, then what else the side that has it can do, last what ends it."""
    return ORDER.index(verb)


ORDER = ["answer", "send-again", "accept", "done", "follow-up", "ask", "decline", "give", "skip", "withdraw", "stop"]


def outcome_told(leg: Leg) -> list[tuple[str, str]]:
    """What was answered, under the words it was asked with."""
    labels = {ask["key"]: ask["label"] for ask in asks_of(leg)}
    return [(labels.get(key, key), _word(value)) for key, value in leg.outcome.items() if value not in ("", None)]


def _word(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
