"""What is owed for a leg: to be accepted in time, then to be completed in time. Nobody else keeps or releases it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pitcrew.conversations.models import Tagging
from pitcrew.history.writing import now_recording
from pitcrew.promises import actions
from pitcrew.promises.models import Kind
from pitcrew.promises.policies import Facts
from pitcrew.promises.queries import open_promises
from pitcrew.relays.models import Leg


def owe_acceptance(leg: Leg) -> None:
    """The department has to accept it by a moment."""
    _owe(leg, Kind.ACCEPTANCE)


def owe_completion(leg: Leg) -> None:
    """It was accepted: that promise is kept, and the next one runs.

    It has the minutes of its step, else the policy's, else until the moment that the brief names.
    """
    keep(leg)
    at = now_recording().at
    owed = _owe(leg, Kind.COMPLETION, minutes=leg.minutes)
    if owed is None and leg.by_when is not None and leg.by_when > at:
        about = {"conversation": leg.conversation_id, "leg": leg.pk, "staff": leg.holder}
        actions.promise(Kind.COMPLETION, department=leg.department, due_at=leg.by_when, **about, **_how())


def pause(leg: Leg) -> None:
    """The baton is back with the sender: its clocks stand still."""
    _each(leg, actions.pause)


def resume(leg: Leg) -> None:
    """The sender has answered: the clocks run on."""
    _each(leg, actions.resume)


def keep(leg: Leg) -> None:
    """What was owed until now is done."""
    _each(leg, actions.keep)


def release(leg: Leg) -> None:
    """Nobody waits for it any more."""
    _each(leg, actions.release)


def owe_call(leg: Leg, call_at: datetime) -> None:
    """The customer is called again at a moment; an earlier call that nobody answered is kept."""
    how = _how()
    for owed in open_promises(leg=leg.pk).filter(kind=Kind.CALL_BACK):
        actions.keep(owed, **how)
    about = {"conversation": leg.conversation_id, "leg": leg.pk, "staff": leg.holder, "words": "Call again"}
    actions.promise(Kind.CALL_BACK, department=leg.department, due_at=call_at, **about, **how)


def _owe(leg: Leg, kind: str, **told: Any) -> Any:
    about = {"conversation": leg.conversation_id, "staff": leg.holder, "department": leg.department}
    return actions.owe_for_leg(leg.pk, kind, _facts(leg), **about, **told, **_how())


def _facts(leg: Leg) -> Facts:
    conversation = leg.conversation
    if conversation is None:
        return Facts(leg.department_id)
    tags = Tagging.objects.filter(conversation=conversation).values_list("tag__name", flat=True)
    organization = conversation.customer.organization_id
    return Facts(leg.department_id, conversation.priority, organization, frozenset(tags))


def _each(leg: Leg, act: Callable[..., None]) -> None:
    for owed in open_promises(leg=leg.pk):
        act(owed, **_how())


def _how() -> dict[str, Any]:
    now = now_recording()
    return {"by": now.by, "at": now.at}
