"""From rows to cases: what the detectors have to know about some conversations, in a fixed number of questions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from pitcrew.conversations import events
from pitcrew.conversations.models import Conversation, Direction, Link, Message, Note, Place, State
from pitcrew.history.models import Event
from pitcrew.promises.models import Promise
from pitcrew.promises.queries import OPEN
from pitcrew.relays.links.company import Company
from pitcrew.relays.links.judging import Case, LegFacts, MessageFacts, Pass, PromiseFacts, RelayFacts, StepFacts
from pitcrew.relays.links.sources import upstream_of
from pitcrew.relays.models import Leg, Relay, Stage

TURNS = (events.CLOSED, events.REOPENED, events.WOKEN, events.ASSIGNED, events.TRANSFERRED)
LONG = 120  # characters from which an answer says more than thanks


@dataclass
class Rows:
    """Everything read about some conversations, by conversation."""

    legs: dict[int, list[Leg]] = field(default_factory=lambda: defaultdict(list))
    relays: dict[int, list[Relay]] = field(default_factory=lambda: defaultdict(list))
    messages: dict[int, list[Message]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[int, list[tuple[int, datetime]]] = field(default_factory=lambda: defaultdict(list))
    promises: dict[int, list[Promise]] = field(default_factory=lambda: defaultdict(list))
    turns: dict[int, list[tuple[str, datetime, dict]]] = field(default_factory=lambda: defaultdict(list))
    twins: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def cases(ids: Iterable[int], company: Company) -> list[Case]:
    """The cases of these conversations. What was merged, and what lies in spam or in the trash, is none."""
    ids = list(ids)
    found = Conversation.objects.filter(pk__in=ids, merged_into=None, place=Place.DESK)
    conversations = list(found.only(*_NEEDED))
    rows = _read([conversation.pk for conversation in conversations])
    upstream = upstream_of([conversation.pk for conversation in conversations])
    return [_case(one, rows, company, upstream.get(one.pk, [])) for one in conversations]


_NEEDED: tuple[str, ...] = ("department_id", "assignee_id", "state", "opened_at", "customer_wrote_last", "customer_id")
_NEEDED += ("last_message_at", "maybe_part_of_id")


def _read(ids: list[int]) -> Rows:
    rows = Rows()
    for leg in Leg.objects.filter(conversation__in=ids).defer("need", "tried", "promised", "question", "answer"):
        rows.legs[leg.conversation_id].append(leg)  # type: ignore[index]
    for relay in Relay.objects.filter(conversation__in=ids).select_related("edition"):
        rows.relays[relay.conversation_id].append(relay)  # type: ignore[index]
    for message in Message.objects.filter(conversation__in=ids).order_by("pk"):
        rows.messages[message.conversation_id].append(message)
    notes = Note.objects.filter(conversation__in=list(rows.legs), author__isnull=False)
    for conversation, author, at in notes.values_list("conversation_id", "author_id", "at"):
        rows.notes[conversation].append((author, at))
    for promise in Promise.objects.filter(OPEN, conversation__in=ids):
        rows.promises[promise.conversation].append(promise)  # type: ignore[index]
    turns = Event.objects.filter(about__in=ids, kind__in=TURNS).filter(Q(undone_by=None) | Q(redone_by__isnull=False))
    for about, kind, at, changes in turns.order_by("pk").values_list("about", "kind", "operation__at", "changes"):
        rows.turns[about].append((kind, at, changes))  # type: ignore[index]
    _read_twins(ids, rows)
    return rows


def _read_twins(ids: list[int], rows: Rows) -> None:
    """Open conversations of the same customer that somebody linked with these, and whose they are."""
    links = Link.objects.filter(Q(conversation__in=ids) | Q(other__in=ids)).select_related("conversation", "other")
    for link in links:
        for one, other in ((link.conversation, link.other), (link.other, link.conversation)):
            if one.customer_id == other.customer_id and other.state == State.OPEN and other.assignee_id:
                rows.twins[one.pk].append(other.assignee_id)


def _case(one: Conversation, rows: Rows, company: Company, upstream: list) -> Case:
    messages, turns = rows.messages[one.pk], rows.turns[one.pk]
    promises = rows.promises[one.pk]
    legs = [_leg(leg, rows, company, promises) for leg in rows.legs[one.pk]]
    done_at = _last(turns, events.CLOSED) or one.last_message_at or one.opened_at if one.state == State.DONE else None
    return Case(
        key=one.pk,
        department=one.department_id,
        desks=company.desks,  # type: ignore[arg-type]
        people=company.people,  # type: ignore[arg-type]
        owners=_owners(one, rows.twins[one.pk]),
        owned_since=_last(turns, events.ASSIGNED, events.TRANSFERRED),
        our_move_since=_our_move(one, messages, turns) if one.state == State.OPEN else None,
        done_at=done_at,
        legs=legs,
        relays=[_relay(relay) for relay in rows.relays[one.pk]],
        messages=_said(messages, one, done_at),
        told_at=[m.left_at or m.at for m in messages if _tells(m)],
        promises=[_promise(promise) for promise in promises],
        passes=[*_handed(rows.legs[one.pk]), *_transfers(turns)],
        upstream=upstream,
    )


def _owners(one: Conversation, twins: list[int]) -> list[int]:
    own = [one.assignee_id] if one.assignee_id else []
    others = [who for who in dict.fromkeys(twins) if who != one.assignee_id]
    return own + (others if own and one.state == State.OPEN else [])


def _last(turns: list, *kinds: str) -> datetime | None:
    return max((at for kind, at, _ in turns if kind in kinds), default=None)


def _our_move(one: Conversation, messages: list[Message], turns: list) -> datetime:
    """Since when: the first message of the customer that nobody answered, or when it was opened again, if later."""
    answered = max((m.at for m in messages if _tells(m)), default=None)
    waiting = [
        m.at
        for m in messages
        if m.direction == Direction.IN and not m.is_automatic and (not answered or m.at > answered)
    ]
    moments = [min(waiting, default=one.opened_at), _last(turns, events.REOPENED, events.WOKEN) or one.opened_at]
    return max(moments)


def _tells(message: Message) -> bool:
    return message.direction == Direction.OUT and not message.is_automatic and message.undelivered_at is None


def _said(messages: list[Message], one: Conversation, done_at: datetime | None) -> list[MessageFacts]:
    """What was said; of a conversation that may be part of another, its first message is the one astray."""
    facts = [_message(message, one, done_at) for message in messages]
    first = next((fact for fact in facts if fact.is_in), None)
    if first is not None and one.maybe_part_of_id is not None:
        first.is_foreign = True
    return facts


def _message(message: Message, one: Conversation, done_at: datetime | None) -> MessageFacts:
    is_in = message.direction == Direction.IN
    is_late = is_in and done_at is not None and message.at > done_at
    return MessageFacts(
        message.pk,
        is_in,
        message.at,
        left_at=message.left_at,
        undelivered_at=message.undelivered_at,
        why=message.undelivered_why,
        is_automatic=message.is_automatic,
        is_only_thanks=is_late and len(message.opening) < LONG,
        to=frozenset() if is_in else frozenset(address.casefold() for address in message.to),
    )


def _leg(leg: Leg, rows: Rows, company: Company, promises: list[Promise]) -> LegFacts:
    owed = next((p for p in promises if p.leg == leg.pk and p.kind == "acceptance"), None)
    return LegFacts(
        key=leg.pk,
        department=leg.department_id,
        stage=leg.stage,
        name=leg.name,
        since=leg.baton_since or leg.ended_at,
        offered_at=leg.offered_at,
        accepted_at=leg.accepted_at,
        last_word_at=_last_word(leg, rows, company) if leg.is_live else None,
        ended_at=leg.ended_at,
        ended_why=leg.ended_why,
        holder=leg.holder_id,
        holder_since=leg.baton_since,
        sender=leg.sender_id,
        sent_from=leg.sent_from_id,
        partner=leg.partner,
        step=leg.step,
        relay=leg.relay_id,
        is_follow_up=leg.is_follow_up,
        result=str(leg.outcome.get("result", "")),
        accept_by=owed.due_at if owed else None,
        is_paused=owed is not None and owed.paused_at is not None,
    )


def _last_word(leg: Leg, rows: Rows, company: Company) -> datetime | None:
    """When the party that has the baton last did, wrote or noted anything."""
    desk = leg.department_id if leg.stage in (Stage.OFFERED, Stage.ACCEPTED) else leg.sent_from_id
    members = set(company.desks[desk].members or ()) if desk in company.desks else set()
    notes = rows.notes[leg.conversation_id]  # type: ignore[index]
    said = [at for author, at in notes if author in members or author == leg.holder_id]
    written = rows.messages[leg.conversation_id]  # type: ignore[index]
    said += [m.at for m in written if m.author_id is not None and m.author_id in members]
    return max([at for at in said if leg.baton_since and at > leg.baton_since], default=leg.baton_since)


def _relay(relay: Relay) -> RelayFacts:
    steps = relay.edition.steps if relay.edition else []
    plan = [StepFacts(s["key"], s["name"], s.get("after") or [], bool(s.get("is_follow_up"))) for s in steps]
    return RelayFacts(relay.pk, plan, relay.home_id, finished_at=relay.finished_at, stopped_at=relay.stopped_at)


def _promise(promise: Promise) -> PromiseFacts:
    due = promise.due_at if promise.paused_at is None else None
    words = promise.words or promise.get_kind_display().lower()
    return PromiseFacts(
        promise.pk, promise.kind, due, promise.department_id, promise.staff_id, promise.leg, words, promise.is_open
    )


def _handed(legs: list[Leg]) -> list[Pass]:
    """Every leg that was handed to a department, and every one that came back."""
    found = []
    for leg in legs:
        if leg.offered_at and leg.sent_from_id:
            found.append(Pass(leg.offered_at, leg.sent_from_id, leg.department_id))
            back = leg.baton_since if leg.stage == Stage.RETURNED else leg.ended_at
            if leg.declined_why and back:
                found.append(Pass(back, leg.department_id, leg.sent_from_id))
    return found


def _transfers(turns: list[tuple[str, datetime, dict[str, Any]]]) -> list[Pass]:
    moved = [(at, changes["department_id"]) for _, at, changes in turns if "department_id" in changes]
    return [Pass(at, before, after) for at, (before, after) in moved if before and after]
