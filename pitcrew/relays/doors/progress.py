"""A relay as its customer sees it: a few steps in plain words. No department, no name, no note, no brief."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from pitcrew.conversations.models import Conversation, State
from pitcrew.promises.models import Kind, Promise
from pitcrew.relays.models import Leg, Stage

DONE, NOW, NEXT = "done", "now", "next"
_STATES = {Stage.DONE: DONE, Stage.SKIPPED: DONE, Stage.AHEAD: NEXT}
UNDERSTOOD = "We have your message"
OURS = {DONE: "We did our part", NOW: "We are working on it", NEXT: "Then we go on with it"}
ASKING = {DONE: "You told us how it went", NOW: "Tell us whether it worked", NEXT: "We ask you whether it worked"}
WORDS_BY_STATE = {
    State.OPEN: "We are working on it",
    State.WAITING_ON_DEPARTMENT: "We are working on it",
    State.SNOOZED: "We come back to you",
    State.WAITING_ON_CUSTOMER: "We wait for your answer",
}


@dataclass(frozen=True)
class Step:
    """One step: what it is in words for the customer, where it stands, since or until when.

    ``is_late``: the moment that we meant to keep has passed. ``is_call``: we call at ``at``.
    """

    words: str
    state: str
    at: datetime | None = None
    is_late: bool = False
    is_call: bool = False
    is_told: bool = True


def steps(conversation: Conversation, at: datetime) -> list[Step]:
    """What the customer's page shows, first to last."""
    legs = [*_legs(conversation)]
    shown = [Step(UNDERSTOOD, DONE, conversation.opened_at), *_without_internals(_step(leg, at) for leg in legs)]
    if any(leg["is_follow_up"] for leg in legs):
        shown = _with_call(shown, conversation)
    if conversation.state == State.DONE:
        return [*(s for s in shown if s.state == DONE), Step("Done", DONE, conversation.last_message_at)]
    if all(step.state == DONE for step in shown):
        shown.append(Step(WORDS_BY_STATE[State(conversation.state)], NOW))
    return shown


def told_when_done(leg: Leg) -> str:
    """What the customer hears when this leg is done; empty where its step has no words for them."""
    return _words(leg.step, leg.relay.edition.steps if leg.relay.edition else None)


_READ = ("pk", "step", "stage", "is_follow_up", "by_when", "offered_at", "ended_at", "again_of_id")


def _legs(conversation: Conversation) -> list[dict[str, Any]]:
    rows = Leg.objects.filter(conversation=conversation, relay__retired_at=None).exclude(stage=Stage.WITHDRAWN)
    found = list(rows.order_by("relay_id", "order", "id").values(*_READ, "relay__stopped_at", "relay__edition__steps"))
    again = {leg["again_of_id"] for leg in found}
    gone = (Stage.AHEAD, *Leg.live_stages)
    return [leg for leg in found if leg["pk"] not in again and not (leg["relay__stopped_at"] and leg["stage"] in gone)]


def _step(leg: dict[str, Any], at: datetime) -> Step:
    state = _STATES.get(leg["stage"], NOW)
    told = _words(leg["step"], leg["relay__edition__steps"])
    words = told or (ASKING if leg["is_follow_up"] else OURS)[state]
    due = leg["by_when"] if state == NOW and not leg["is_follow_up"] else None
    moment = leg["ended_at"] if state == DONE else due
    is_late = state == NOW and moment is not None and moment < at
    return Step(words, state, moment, is_late, is_told=bool(told) or leg["is_follow_up"])


def _words(step: str, planned: list[dict[str, Any]] | None) -> str:
    return next((str(one.get("told") or "") for one in planned or [] if one.get("key") == step), "").strip()


def _without_internals(found: Iterable[Step]) -> Iterator[Step]:
    """Steps that nobody gave words for the customer are one: how many hands it goes through is ours to know."""
    for is_told, some in groupby(found, key=lambda step: step.is_told):
        alike = list(some)
        yield from alike if is_told else [_as_one(alike)]


def _as_one(some: list[Step]) -> Step:
    states = {step.state for step in some}
    state = states.pop() if len(states) == 1 else NOW
    same = [step for step in some if step.state == state]
    return replace(same[-1], words=OURS[state]) if same else Step(OURS[NOW], NOW, is_told=False)


def _with_call(shown: list[Step], conversation: Conversation) -> list[Step]:
    """The last step says when we call, where a moment was promised."""
    called = Promise.objects.filter(conversation=conversation.pk, kind=Kind.CALL_BACK, kept_at=None, released_at=None)
    due = called.order_by("due_at").values_list("due_at", flat=True).first()
    if due is None or shown[-1].state == DONE:
        return shown
    return [*shown[:-1], replace(shown[-1], at=due, is_late=False, is_call=True)]
