"""Handing around and putting away: assign, transfer, snooze, close, tag, follow, trash."""

from datetime import datetime

from pitcrew.conversations import events, guards, owing
from pitcrew.conversations.actions.answering import keep_in_sight
from pitcrew.conversations.models import Conversation, Following, Place, Priority, State, Tag, Tagging
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, begin_once, change, hold, operation, retire
from pitcrew.people.access import can_hold_work
from pitcrew.people.models import Customer, Department, Staff
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused


@operation
def close(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """The matter is done. Refused while a leg is out, unless the caller says why (``why``)."""
    guards.may_close([conversation.pk])
    change(conversation, events.CLOSED, state=State.DONE, snoozed_until=None)
    owing.follow(conversation, by=by, at=at)


@operation
def reopen(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """It is our move again."""
    was = hold(conversation).state
    change(conversation, events.REOPENED, state=State.OPEN, snoozed_until=None)
    owing.follow(conversation, was, by=by, at=at)


@operation
def wait_for_customer(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """The customer has the next move."""
    was = hold(conversation).state
    change(conversation, events.WAITING, state=State.WAITING_ON_CUSTOMER, snoozed_until=None)
    owing.follow(conversation, was, by=by, at=at)


@operation
def snooze(conversation: Conversation, until: datetime, *, by: Actor, at: datetime) -> None:
    """Put it out of sight until a moment; a message of the customer brings it back earlier."""
    if until <= at:
        raise Refused("That moment has passed. Choose a later one.")
    was = hold(conversation).state
    change(conversation, events.SNOOZED, state=State.SNOOZED, snoozed_until=until)
    owing.follow(conversation, was, by=by, at=at)


def wake_due(*, by: Actor, at: datetime) -> int:
    """Open again what was snoozed until now. The clock calls this."""
    due = Conversation.objects.filter(snoozed_until__lte=at, state=State.SNOOZED, merged_into=None)[:500]
    for conversation in due:
        wake(conversation, by=by, at=at)
    return len(due)


@operation
def wake(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """Open a snoozed conversation again, if it is still due."""
    hold(conversation)
    if conversation.snoozed_until and conversation.snoozed_until <= at:
        change(conversation, events.WOKEN, state=State.OPEN, snoozed_until=None)
        owing.follow(conversation, by=by, at=at)


@operation
def assign(conversation: Conversation, staff: Staff | None, *, by: Actor, at: datetime) -> None:
    """Give it to somebody of its department, or to nobody in particular."""
    hold(conversation)
    if staff is not None and not can_hold_work(staff, conversation.department):
        raise Refused(f"{staff} does not work in {conversation.department}. Choose somebody who does, or move it.")
    change(conversation, events.ASSIGNED, assignee=staff)


@operation
def transfer(conversation: Conversation, department: Department, *, by: Actor, at: datetime) -> None:
    """Move it to another department. Who moved it keeps sight of it; who held it stays only if they work there."""
    hold(conversation)
    change(conversation, events.TRANSFERRED, department=department)
    assignee = conversation.assignee
    if assignee is not None and not can_hold_work(assignee, department):
        change(conversation, events.ASSIGNED, assignee=None)
    mover = as_staff(by)
    if mover is not None:
        keep_in_sight(conversation, mover)
    owing.fit([conversation.pk], by=by, at=at)


@operation
def prioritise(conversation: Conversation, priority: str, *, by: Actor, at: datetime) -> None:
    """Say how much it presses. What it owes is due by what is promised for that."""
    if change(conversation, events.PRIORITISED, priority=known_priority(priority)):
        owing.fit([conversation.pk], by=by, at=at)


def known_priority(priority: str) -> Priority:
    """One of the four. Raises Refused."""
    if priority not in Priority.values:
        raise Refused("There is no such priority. Choose low, normal, high or urgent.")
    return Priority(priority)


@operation
def set_customer(conversation: Conversation, customer: Customer, *, by: Actor, at: datetime) -> None:
    """Say whose matter it is, where the channel guessed wrong. Each message keeps who wrote it."""
    if change(conversation, events.GIVEN, customer=customer):
        owing.fit([conversation.pk], by=by, at=at)


@operation
def rename(conversation: Conversation, subject: str, *, by: Actor, at: datetime) -> None:
    """Give it a subject that says what it is about."""
    change(conversation, events.RENAMED, subject=" ".join(subject.split())[:500])


@operation
def place(conversation: Conversation, where: str, *, by: Actor, at: datetime) -> None:
    """Put it on the desk, into spam or into the trash."""
    change(conversation, events.PLACED, place=Place(where))
    owing.follow(conversation, by=by, at=at)


@operation
def tag(conversation: Conversation, name: str, *, by: Actor, at: datetime) -> None:
    """Put a word on it by which it can be found."""
    hold(conversation)
    word = the_tag(name)
    if not Tagging.objects.filter(conversation=conversation, tag=word).exists():
        begin(Tagging, events.TAGGED, conversation=conversation, tag=word)
        owing.fit([conversation.pk], by=by, at=at)


def the_tag(name: str) -> Tag:
    """The tag of this name, made where there is none yet; inside an operation."""
    name = " ".join(name.split()).lower()[:60]
    if not name:
        raise Refused("A tag needs at least one letter.")
    return begin_once(Tag, events.TAG_ADDED, name=name)


@operation
def untag(conversation: Conversation, name: str, *, by: Actor, at: datetime) -> None:
    """Take a word off it."""
    for tagging in Tagging.objects.filter(conversation=conversation, tag__name=" ".join(name.split()).lower()):
        retire(tagging, events.UNTAGGED)
        owing.fit([conversation.pk], by=by, at=at)


@operation
def follow(conversation: Conversation, staff: Staff, *, by: Actor, at: datetime) -> None:
    """Keep sight of it."""
    keep_in_sight(conversation, staff)


@operation
def unfollow(conversation: Conversation, staff: Staff, *, by: Actor, at: datetime) -> None:
    """Let go of it."""
    for following in Following.objects.filter(conversation=conversation, staff=staff):
        retire(following, events.UNFOLLOWED)
