"""What comes next: legs are offered when all they wait for has ended, and a relay is finished when none is left."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pitcrew.conversations import events as told
from pitcrew.conversations import owing as what_it_owes
from pitcrew.conversations.models import Conversation, State
from pitcrew.history.writing import begin, change, hold, now_recording
from pitcrew.people.models import Department, Staff
from pitcrew.relays import events, owing
from pitcrew.relays.access import has_takers
from pitcrew.relays.baton import active, move
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import LIVE, Leg, Relay, Stage


def nobody_there(department: Department) -> str:
    """Why a leg cannot go there."""
    return f"{department} has nobody who could take it. Add a member or choose another department."


def plan(relay: Relay, **fields: Any) -> Leg:
    """A leg that comes later."""
    return begin(Leg, events.LEG_PLANNED, relay=relay, conversation_id=relay.conversation_id, **fields)


def offer_new(relay: Relay, brief: Brief, at: datetime, **fields: Any) -> Leg:
    """A leg that begins now."""
    how = {"stage": Stage.OFFERED, "baton_since": at, "offered_at": at}
    row = {"relay": relay, "conversation": relay.conversation, **brief.lines, **how, **fields}
    leg = begin(Leg, events.LEG_OFFERED, **row)
    owing.owe_acceptance(leg)
    return leg


def offer(leg: Leg, brief: Brief, sender: Staff | None, sent_from: Department, at: datetime) -> None:
    """A leg that was ahead begins. Where its department has nobody it is back with its sender at once."""
    fields: dict[str, Any] = {**brief.lines, "sender": sender, "sent_from": sent_from, "offered_at": at}
    if not leg.partner and not has_takers(leg.department):
        why = nobody_there(leg.department)
        move(leg, events.LEG_DECLINED, Stage.RETURNED, at, declined_why=why, **fields)
        return
    move(leg, events.LEG_OFFERED, Stage.OFFERED, at, **fields)
    owing.owe_acceptance(leg)


def latest(relay: Relay) -> dict[str, Leg]:
    """The newest leg of each step, in the order of the relay."""
    rows = Leg.objects.filter(relay=relay).order_by("order", "pk").select_related("department")
    newest: dict[str, Leg] = {}
    for leg in rows:
        if leg.step not in newest or newest[leg.step].pk < leg.pk:
            newest[leg.step] = leg
    return newest


def go_on(relay: Relay, at: datetime, sender: Staff | None, ended: Leg | None = None) -> None:
    """Offer what can come now, let fall what cannot come any more, and finish where nothing is left."""
    sender = active(sender) or active(relay.started_by)
    while leg := _next(relay, newest := latest(relay)):
        before = [newest[key] for key in leg.after if key in newest]
        if before and all(each.stage == Stage.WITHDRAWN for each in before):
            move(leg, events.LEG_WITHDRAWN, Stage.WITHDRAWN, at, ended_why="What it was to follow was withdrawn.")
            continue
        origin = ended.department if ended is not None and not ended.partner else relay.home
        offer(hold(leg), brief_after(before, newest, leg.partner), sender, origin, at)
    if not any(leg.stage in (Stage.AHEAD, *LIVE) for leg in newest.values()):
        _finish(relay, newest, at)


def _next(relay: Relay, newest: dict[str, Leg]) -> Leg | None:
    """A leg that waits for nothing. Of a problem the follow-up waits until its fix is claimed."""
    for leg in newest.values():
        waits = any(newest[key].stage in (Stage.AHEAD, *LIVE) for key in leg.after if key in newest)
        if leg.stage == Stage.AHEAD and not waits and not (leg.is_follow_up and relay.problem):
            return leg
    return None


def _finish(relay: Relay, legs: dict[str, Leg], at: datetime) -> None:
    if relay.finished_at is not None or relay.stopped_at is not None:
        return
    if not any(leg.stage == Stage.DONE for leg in legs.values()):
        why = next((leg.ended_why for leg in reversed(legs.values()) if leg.ended_why), "")
        change(relay, events.RELAY_STOPPED, finished_at=None, stopped_at=at, stopped_why=why, was_early=False)
        return
    was_early = relay.promised_by is not None and at <= relay.promised_by
    change(relay, events.RELAY_FINISHED, finished_at=at, stopped_at=None, stopped_why="", was_early=was_early)


def brief_after(before: Iterable[Leg], newest: dict[str, Leg], partner: str = "") -> Brief:
    """What the next department has to know: the need stays, what was done is what was tried.

    A partner outside reads what was written when the relay began, and nothing of what was done inside since.
    """
    legs = [leg for leg in before if leg.need] or list(before)
    if not legs:
        return Brief()
    first, lines = legs[0], dict.fromkeys(line for leg in legs for line in _tried(leg, newest, partner))
    return Brief(first.need, "\n".join(lines), first.promised, first.by_when)


def _tried(leg: Leg, newest: dict[str, Leg], partner: str) -> list[str]:
    """Up to this leg and with it. What a partner was not told is read from the legs before theirs."""
    earlier = [newest[key] for key in leg.after if key in newest and newest[key].order < leg.order]
    if partner and earlier:
        return [line for each in earlier for line in _tried(each, newest, partner)]
    lines = [line for each in earlier if leg.partner for line in _tried(each, newest, partner)]
    lines += [line for line in leg.tried.splitlines() if line.strip()]
    if partner or leg.stage == Stage.WITHDRAWN:
        return lines
    done = leg.outcome_words.strip() if leg.stage == Stage.DONE else "skipped" if leg.stage == Stage.SKIPPED else ""
    return [*lines, f"{leg.name}: {done or 'done'}"]


def follow(conversation: Conversation | None, *, wakes: bool = False) -> None:
    """Let the state of the conversation say whose move it is. What is done stays done unless this `wakes` it."""
    if conversation is None or (conversation.state == State.DONE and not wakes):
        return
    rows = Leg.objects.filter(conversation=conversation, stage__in=LIVE)
    home = conversation.department_id
    legs = list(rows.values_list("stage", "department_id", "sent_from_id", "partner"))
    was, now = conversation.state, now_recording()
    if any(is_at(home, *leg) for leg in legs) or not legs:
        change(conversation, told.REOPENED, state=State.OPEN, snoozed_until=None)
    else:
        change(conversation, told.WITH_DEPARTMENT, state=State.WAITING_ON_DEPARTMENT, snoozed_until=None)
    if conversation.state != was:
        what_it_owes.follow(conversation, was, by=now.by, at=now.at)


def is_at(home: int, stage: str, department: int, sent_from: int | None, partner: str) -> bool:
    """Whether the conversation's own department has the next move on this leg."""
    if stage in (Stage.ASKED, Stage.RETURNED):
        return sent_from in (home, None)
    return department == home and not partner
