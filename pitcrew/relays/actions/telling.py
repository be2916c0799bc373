"""The follow-up: the customer is told what became of it, and says whether it works."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.history.actors import Actor
from pitcrew.history.writing import change, hold, operation
from pitcrew.people.access import can_hold_work
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused
from pitcrew.relays import events, owing
from pitcrew.relays.actions.handing import begin_relay
from pitcrew.relays.actions.taking import end
from pitcrew.relays.baton import active, move, must_be, take_hold, words
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import LIVE, Leg, Stage
from pitcrew.relays.opening import brief_after, follow, latest, offer, offer_new, plan

ARRIVED, WORKS, NOT_YET, NO_ANSWER = RESULTS = ("arrived", "works", "not_yet", "no_answer")
CALL_AGAIN = timedelta(days=1)
STEP = "follow-up"


@operation
def follow_up(
    leg: Leg, result: str, text: str = "", *, call_again_at: datetime | None = None, by: Actor, at: datetime
) -> Leg:
    """What the customer said. Returns the leg that has the baton now: this one, or the link that is opened again.

    It arrived, or works: done. Not yet: the leg before is offered again, and another follow-up comes after it.
    No answer: it stays, and another call is promised for `call_again_at`, a day later where none is named.
    """
    if result not in RESULTS:
        raise Refused("Say whether it arrived, works, works not yet, or whether nobody answered.")
    take_hold(leg)
    must_be(leg, Stage.OFFERED, Stage.ACCEPTED)
    if not leg.is_follow_up:
        raise Refused(f"{leg.name} is no follow-up. Mark it as done instead.")
    if result == NO_ANSWER:
        return _call_again(leg, text, call_again_at or at + CALL_AGAIN, at)
    again = _reopen(leg, text, by, at) if result == NOT_YET else None
    change(leg, events.FOLLOW_UP, outcome={"result": result}, outcome_words=text.strip()[:5_000])
    if again is None:
        if by.kind == "customer":
            change(leg.relay, events.RELAY_THANKED, thanked_at=at)
        end(leg, {"result": result}, text, by, at)
        return leg
    return again


def _call_again(leg: Leg, text: str, call_at: datetime, at: datetime) -> Leg:
    if call_at <= at:
        raise Refused("That moment has passed. Choose a later one to call again.")
    said = text.strip() or "No answer"
    change(leg, events.FOLLOW_UP, outcome={"result": NO_ANSWER}, outcome_words=f"{at:%Y-%m-%d %H:%M}: {said}"[:5_000])
    owing.owe_call(leg, call_at)
    return leg


def _reopen(leg: Leg, text: str, by: Actor, at: datetime) -> Leg | None:
    """The link that was said to be done is offered again, and a new follow-up waits for it."""
    newest = latest(leg.relay)
    ended = [newest[key] for key in leg.after if key in newest and newest[key].ended_at]
    link = max(ended, key=lambda each: (each.stage == Stage.DONE, each.ended_at or at, each.pk), default=None)
    sender, said = as_staff(by), text.strip() or "The customer says: not yet."
    _close_follow_up(leg, sender, at)
    origin = link or leg
    said = "The customer says: not yet." if origin.partner else said
    brief = brief_after([origin], newest, origin.partner)
    brief = Brief(brief.need, f"{brief.tried}\n{at:%Y-%m-%d}: {said}".strip(), brief.promised, brief.by_when)
    again = ("step", "branch", "order", "name", "department_id", "partner", "after", "minutes")
    kept = {name: getattr(origin, name) for name in again}
    new = plan(leg.relay, again_of=origin, is_follow_up=link is None, **kept)
    offer(new, brief, active(sender) or active(leg.relay.started_by), leg.department, at)
    if link is not None:
        kept = {name: getattr(leg, name) for name in again}
        plan(leg.relay, again_of=leg, is_follow_up=True, **kept)
    follow(leg.conversation, wakes=True)
    return new


def _close_follow_up(leg: Leg, sender: object, at: datetime) -> None:
    """It did its part: it found out that the link is not mended."""
    holder = getattr(sender, "pk", None) or leg.holder_id
    move(leg, events.LEG_DONE, Stage.DONE, at, accepted_at=leg.accepted_at or at, holder_id=holder)
    owing.keep(leg)


@operation
def open_follow_up(conversation: Conversation, text: str, *, by: Actor, at: datetime) -> Leg:
    """A fix is live: the customer has to hear of it. Opens the follow-up that waits, or makes one."""
    text = words(text, "What happened")
    hold(conversation)
    rows = Leg.objects.filter(conversation=conversation, is_follow_up=True, stage__in=(Stage.AHEAD, *LIVE))
    waiting = rows.order_by("stage", "-pk").first()
    if waiting is None:
        return _new_follow_up(conversation, text, by, at)
    take_hold(waiting)
    if waiting.stage != Stage.AHEAD:
        change(waiting, events.LEG_REPLANNED, tried=f"{waiting.tried}\n{text}".strip())
        return waiting
    newest = latest(waiting.relay)
    if any(newest[key].stage in (Stage.AHEAD, *LIVE) for key in waiting.after if key in newest):
        return _new_follow_up(conversation, text, by, at)
    brief = brief_after([newest[key] for key in waiting.after if key in newest], newest)
    brief = Brief(brief.need, f"{brief.tried}\n{text}".strip(), brief.promised, brief.by_when)
    offer(waiting, brief, active(as_staff(by)) or active(waiting.relay.started_by), waiting.relay.home, at)
    follow(conversation, wakes=True)
    return waiting


def _new_follow_up(conversation: Conversation, text: str, by: Actor, at: datetime) -> Leg:
    sender, holder = as_staff(by), active(conversation.assignee)
    need = f"Tell the customer and ask whether it works: {conversation.subject}".strip()
    brief = Brief(need, text, "To be told when it works", None)
    relay = begin_relay("Follow-up", conversation.department, sender, brief, at, conversation=conversation)
    where = {"step": STEP, "branch": STEP, "order": 1, "name": "Follow-up", "department": conversation.department}
    if holder is not None and not can_hold_work(holder, conversation.department):
        holder = None
    who = {"sender": sender, "sent_from": conversation.department, "holder": holder}
    leg = offer_new(relay, brief, at, is_follow_up=True, **where, **who)
    follow(conversation, wakes=True)
    return leg


@operation
def customer_asked_first(conversation: int, message: int, *, by: Actor, at: datetime) -> None:
    """A message of the customer (id) came before our follow-up: that is what should never happen."""
    ours = Message.objects.filter(conversation=conversation, direction=Direction.OUT, at__gt=OuterRef("offered_at"))
    open_ones = Leg.objects.filter(conversation=conversation, is_follow_up=True, asked_first_at=None)
    waiting = open_ones.filter(stage__in=(Stage.OFFERED, Stage.ACCEPTED)).exclude(Exists(ours)).order_by("pk").first()
    said = Message.objects.filter(pk=message, direction=Direction.IN, is_automatic=False).first()
    if waiting is None or said is None or waiting.offered_at is None or said.at < waiting.offered_at:
        return
    if waiting.outcome.get("result") is None:
        change(waiting, events.ASKED_FIRST, asked_first_at=said.at)
