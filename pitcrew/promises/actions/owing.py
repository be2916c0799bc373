"""Making promises and what becomes of each: kept, paused, resumed, fitted anew, released."""

from datetime import datetime
from typing import Any

from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin_many, change, hold, operation
from pitcrew.people.models import Department, Staff
from pitcrew.people.refusals import Refused
from pitcrew.promises import events
from pitcrew.promises.models import Kind, Policy, Promise
from pitcrew.promises.policies import LONGEST, Facts, policy_for
from pitcrew.promises.queries import due, passed

WARN_AT = 3, 4  # a promise is at risk when three quarters of its time have passed


@operation
def promise(
    kind: str,
    *,
    department: Department,
    conversation: int | None = None,
    leg: int | None = None,
    staff: Staff | None = None,
    policy: Policy | None = None,
    minutes: int | None = None,
    due_at: datetime | None = None,
    words: str = "",
    by: Actor,
    at: datetime,
) -> Promise | None:
    """Owe something: within minutes of the department's business hours, or by a moment that was named.

    Returns None where neither is said: then nothing is promised.
    """
    if minutes is None and due_at is None:
        return None
    if due_at is not None and due_at <= at:
        raise Refused("That moment has passed. Choose a later one.")
    if minutes is not None and not 0 < minutes <= LONGEST:
        raise Refused("A promise needs between one minute and a year. Choose another time.")
    if due_at is None and minutes is not None:
        told = counted(department.pk, at, minutes * 60)
    else:
        told = {"due_at": due_at, "look_at": _risky(at, due_at)}
    words = " ".join(filter(None, [words, told.pop("words", "")]))[:300]
    about: dict[str, Any] = {
        "conversation": number_of(conversation),
        "leg": number_of(leg),
        "staff": staff,
        "policy": policy,
    }
    about |= {"kind": Kind(kind), "department": department, "made_at": at, "words": words}
    [owed] = begin_many([Promise(**about, **told)], events.PROMISE_MADE)
    return owed


def number_of(row: Any) -> int | None:
    """The number of a conversation or a leg, which this room knows by nothing else."""
    return getattr(row, "pk", row)


@operation
def owe_for_leg(leg: int, kind: str, facts: Facts, *, by: Actor, at: datetime, **told: Any) -> Promise | None:
    """Owe the acceptance or the completion of a leg as the policies say; None where none fits.

    `told` may name ``conversation``, ``staff``, ``minutes`` (instead of the policy's) and ``words``, and the
    ``department`` of the facts where its row is at hand.
    """
    policy = policy_for(kind, facts)
    told.setdefault("minutes", None)
    if told["minutes"] is None:
        told["minutes"] = getattr(policy, kind) if policy else None
    if "department" not in told:
        told["department"] = Department.everything.get(pk=facts.department)
    return promise(kind, leg=leg, policy=policy, **told, by=by, at=at)


@operation
def keep(owed: Promise, *, by: Actor, at: datetime) -> None:
    """It was done. What was due before that is broken first, whether the clock has looked or not."""
    if hold(owed).is_open:
        if owed.due_at is not None and owed.due_at < at and owed.broken_at is None:
            move(owed, events.PROMISE_BROKEN, broken_at=at, look_at=None)
        move(owed, events.PROMISE_KEPT, kept_at=at, look_at=None)


@operation
def release(owed: Promise, *, by: Actor, at: datetime) -> None:
    """Nobody waits for it any more. Say why as the operation's ``why``."""
    if hold(owed).is_open:
        move(owed, events.PROMISE_RELEASED, released_at=at, look_at=None)


@operation
def pause(owed: Promise, *, by: Actor, at: datetime) -> None:
    """Its clock stands still. A moment that was named stands; what is due already is not saved by a pause."""
    hold(owed)
    runs = owed.is_open and owed.paused_at is None and owed.broken_at is None
    if not runs or owed.allowed is None or owed.due_at is None or owed.due_at <= at:
        return
    left = passed(owed.department_id, at, owed.due_at)
    move(owed, events.PROMISE_PAUSED, paused_at=at, left=left, due_at=None, look_at=None)


@operation
def resume(owed: Promise, *, by: Actor, at: datetime) -> None:
    """Its clock goes on with the time it had left."""
    if hold(owed).is_open and owed.paused_at is not None:
        _go_on(owed, owed.paused_at, at)


@operation
def revive(owed: Promise, *, by: Actor, at: datetime) -> None:
    """It was kept or released too early: it is owed again, with the time it had left then."""
    since = hold(owed).kept_at or owed.released_at
    if since is not None and owed.retired_at is None:
        _go_on(owed, min(owed.paused_at or since, since), at)


def _go_on(owed: Promise, since: datetime, at: datetime) -> None:
    """It runs from `at` on as if the time since had not been."""
    told: dict[str, Any] = {"kept_at": None, "released_at": None, "paused_at": None, "left": None}
    if owed.broken_at is None and owed.allowed is not None:
        told["idle"] = owed.idle + passed(owed.department_id, since, at)
        told |= counted(owed.department_id, owed.made_at, owed.allowed, told["idle"])
    elif owed.broken_at is None:
        told["look_at"] = _risky(owed.made_at, owed.due_at)
    if owed.warned_at is not None and owed.broken_at is None:
        told["look_at"] = told.get("due_at", owed.due_at)
    move(owed, events.PROMISE_RESUMED, **told)


@operation
def refit(owed: Promise, department: Department, policy: Policy | None, *, by: Actor, at: datetime) -> None:
    """What decides it has changed: it is due by this department's hours and this policy, counted from its beginning.

    Without a policy what was promised stays promised. One that is broken stays broken.
    """
    hold(owed)
    if not owed.is_open or owed.broken_at is not None or owed.allowed is None:
        return
    minutes = getattr(policy, owed.kind, None) if policy else None
    allowed = owed.allowed if minutes is None else minutes * 60
    told: dict[str, Any] = {
        "allowed": allowed,
        "department_id": department.pk,
        "policy_id": policy.pk if policy else owed.policy_id,
    }
    if owed.paused_at is not None:
        used = owed.allowed - (owed.left or 0)
        move(owed, events.PROMISE_REFITTED, **told, left=max(allowed - used, 0))
        return
    told |= counted(department.pk, owed.made_at, allowed, owed.idle)
    if told["due_at"] == owed.due_at:
        told["look_at"] = owed.look_at
    elif told["look_at"] > at:
        told["warned_at"] = None
    elif owed.warned_at is not None:
        told["look_at"] = told["due_at"]
    move(owed, events.PROMISE_REFITTED, **told)


def counted(department: int, made_at: datetime, allowed: int, idle: int = 0) -> dict[str, Any]:
    """When it is due, and when the clock has to look at it first; with words where its calendar is impossible."""
    (due_at, risky), words = due(department, made_at, allowed + idle, allowed * WARN_AT[0] // WARN_AT[1] + idle)
    told = {"allowed": allowed, "due_at": due_at, "look_at": risky}
    return {**told, "words": words} if words else told


def _risky(made_at: datetime, due_at: datetime | None) -> datetime | None:
    """When a moment that was named is at risk."""
    return due_at and made_at + (due_at - made_at) * WARN_AT[0] // WARN_AT[1]


def move(owed: Promise, kind: str, **told: Any) -> None:
    """Save it and tell its whole standing, so that no undo of another act can tear it apart."""
    now = {name: getattr(owed, name) for name in Promise.standing}
    change(owed, kind, **{**now, **told})
