"""What belongs together, and what does not: merge, split, link, and settling where a new conversation belongs.

A merge moves rows and says of each where it came from, so its undo puts back exactly those, whatever was said later.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from pitcrew.conversations import events, guards, owing
from pitcrew.conversations.models import (
    Conversation,
    Direction,
    Following,
    Link,
    Message,
    Note,
    Place,
    State,
    Tagging,
)
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, begin_many, change, change_by_id, change_many, hold, operation, retire
from pitcrew.people.access import can_hold_work
from pitcrew.people.refusals import Refused

ASLEEP = (State.DONE, State.SNOOZED, State.WAITING_ON_CUSTOMER)


@operation
def merge(kept: Conversation, other: Conversation, *, by: Actor, at: datetime) -> None:
    """Two conversations are about one matter: everything of the other moves into the one that is kept.

    Raises Refused when they are the same, or when either is already part of a third.
    """
    merge_many(kept, [other.pk], by=by, at=at)


@operation
def merge_many(kept: Conversation, ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """Merge many into one: one operation, one undo. Returns how many went in."""
    ids = sorted({int(pk) for pk in ids} - {kept.pk})
    if not ids:
        raise Refused("That is the same conversation. Choose two different ones.")
    locked = Conversation.objects.select_for_update().filter(pk__in=[kept.pk, *ids]).order_by("pk")
    others = [c for c in locked if c.pk != kept.pk]
    hold(kept)
    for conversation in (kept, *others):
        if conversation.merged_into_id:
            raise Refused(f"#{conversation.pk} is already part of #{conversation.merged_into_id}. Merge that one.")
    ids = [c.pk for c in others]
    _move_what_was_said(kept, ids)
    _move_what_is_tied(kept, ids)
    change_by_id(Conversation, ids, events.MERGED, merged_into=kept, maybe_part_of=None)
    _take_over(kept, others)
    guards.carry_along(kept, ids)
    Conversation.show_newest([kept.pk, *ids])
    owing.take_over(kept, ids, by=by, at=at)
    kept.refresh_from_db(fields=sorted(Conversation.derived_fields))
    return len(ids)


def _move_what_was_said(kept: Conversation, ids: list[int]) -> None:
    """Also what was taken back: its redo must find it in the conversation that is still looked at."""
    change_many(Message.everything.filter(conversation__in=ids), events.MESSAGE_MOVED, conversation=kept)
    change_many(Note.everything.filter(conversation__in=ids), events.NOTE_MOVED, conversation=kept)


def _move_what_is_tied(kept: Conversation, ids: list[int]) -> None:
    seen = set(Following.objects.filter(conversation=kept).values_list("staff_id", flat=True))
    moving = []
    for pk, staff in Following.objects.filter(conversation__in=ids).order_by("pk").values_list("pk", "staff_id"):
        if staff not in seen:
            seen.add(staff)
            moving.append(pk)
    change_by_id(Following, moving, events.FOLLOWING_MOVED, conversation=kept)
    known = set(Tagging.objects.filter(conversation=kept).values_list("tag_id", flat=True))
    tags = set(Tagging.objects.filter(conversation__in=ids).values_list("tag_id", flat=True)) - known
    begin_many([Tagging(conversation=kept, tag_id=tag) for tag in sorted(tags)], events.TAGGED)


def _take_over(kept: Conversation, others: list[Conversation]) -> None:
    """What was to be done in any of them is to be done in the one that is kept."""
    on_desk = [c for c in others if c.place == Place.DESK]
    if on_desk and kept.place != Place.DESK:
        change(kept, events.PLACED, place=Place.DESK)
    if kept.state in ASLEEP and any(c.state == State.OPEN for c in on_desk):
        change(kept, events.REOPENED, state=State.OPEN, snoozed_until=None)
    if kept.maybe_part_of_id in {c.pk for c in others}:
        change(kept, events.RELATED, maybe_part_of=None)
    for other in others:
        if kept.assignee_id is None and other.assignee and can_hold_work(other.assignee, kept.department):
            change(kept, events.ASSIGNED, assignee=other.assignee)


@operation
def split(
    conversation: Conversation, messages: Iterable[int], subject: str = "", *, by: Actor, at: datetime
) -> Conversation:
    """Two matters in one conversation: these messages (ids) become a conversation of their own, linked to this one.

    Raises Refused when nothing would move, or nothing would stay.
    """
    hold(conversation)
    own = list(Message.objects.filter(conversation=conversation).order_by("at", "pk").defer("words"))
    chosen = {int(pk) for pk in messages}
    moving = [m for m in own if m.pk in chosen]
    if not moving:
        raise Refused("Choose at least one message of this conversation.")
    if len(moving) == len(own):
        raise Refused("That is all of it. Leave at least one message, or change the subject instead.")
    asked = next((m for m in moving if m.direction == Direction.IN), moving[0])
    new = begin(
        Conversation,
        events.SPLIT,
        subject=(" ".join(subject.split()) or asked.subject or conversation.subject)[:500],
        customer_id=asked.customer_id or conversation.customer_id,
        department=conversation.department,
        assignee=conversation.assignee,
        channel=conversation.channel,
        opened_at=moving[0].at,
    )
    change_by_id(Message, [m.pk for m in moving], events.MESSAGE_MOVED, conversation=new)
    begin(Link, events.LINKED, conversation=conversation, other=new)
    Conversation.show_newest([conversation.pk, new.pk])
    for row in (conversation, new):
        row.refresh_from_db(fields=sorted(Conversation.derived_fields))
    if asked.direction == Direction.IN:
        owing.owe_opening(new, by=by, at=at)
    return new


@operation
def link(conversation: Conversation, other: Conversation, *, by: Actor, at: datetime) -> None:
    """Say that two conversations have to do with each other. Twice is once, and either way round is the same."""
    if conversation.pk == other.pk:
        raise Refused("A conversation cannot be linked with itself. Choose another one.")
    hold(conversation)
    if not _links(conversation, other).exists():
        begin(Link, events.LINKED, conversation=conversation, other=other)


@operation
def unlink(conversation: Conversation, other: Conversation, *, by: Actor, at: datetime) -> None:
    """They have nothing to do with each other after all."""
    for each in _links(conversation, other):
        retire(each, events.UNLINKED)


def _links(one: Conversation, other: Conversation):
    return Link.objects.filter(Q(conversation=one, other=other) | Q(conversation=other, other=one))


@operation
def join(conversation: Conversation, *, by: Actor, at: datetime) -> Conversation:
    """A new conversation that seemed to belong to another does: merge it there. Returns the one that is kept.

    Raises Refused when it does not seem to belong anywhere.
    """
    kept = hold(conversation).maybe_part_of
    if kept is None:
        raise Refused("It does not seem to belong to another conversation. Use merge to choose one.")
    kept = kept.standing
    merge(kept, conversation, by=by, at=at)
    return kept


@operation
def stand_alone(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """A new conversation that seemed to belong to another does not."""
    change(conversation, events.RELATED, maybe_part_of=None)
