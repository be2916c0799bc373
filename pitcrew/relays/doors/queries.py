"""Which link opens what, and why one opens nothing any more: each time in a sentence for who holds it."""

from datetime import datetime, timedelta

from pitcrew.conversations.models import Conversation, Place, State
from pitcrew.people.models import Department
from pitcrew.relays.doors import tokens
from pitcrew.relays.doors.models import Door, ProgressPage
from pitcrew.relays.models import LIVE, Leg, Relay, Stage

LIFE = timedelta(days=30)  # of a link to a leg that nobody ends
AFTER_END = timedelta(days=14)  # so long it still shows what was said
PAGE_LIFE = timedelta(days=90)  # of a progress page, from the end of the matter

NOT_OURS = "This link is not whole, or it is not one of ours. Open it once more from the mail that you got."
TAKEN_BACK = "This link was taken back."
NOT_NEEDED = "This is no longer needed: we took it back. You do not have to do anything."
ELSEWHERE = "This has gone to somebody else meanwhile. You do not have to do anything."
LEFT = "This link belongs to nobody who works here now."
TOO_OLD = "This link is too old."
PAGE_TAKEN_BACK = "This page was taken down."
PAGE_TOO_OLD = "This page is too old: the matter ended more than 90 days ago."


class Shut(Exception):
    """A link that opens nothing. ``is_known``: it was one once; ``department``: who can tell more, if that is told."""

    def __init__(self, sentence: str, *, is_known: bool = True, department: Department | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.is_known, self.department = sentence, is_known, department


def door_at(word: str, at: datetime) -> Door:
    """The door that this word of a link opens now. Raises Shut."""
    pk = tokens.door_of(word)
    if pk is None:
        raise Shut(NOT_OURS, is_known=False)
    return open_now(pk, at)


def open_now(pk: int, at: datetime) -> Door:
    """The door with this id, if it is open. Raises Shut."""
    door = Door.everything.filter(pk=pk).select_related("staff").first()
    if door is None:
        raise Shut(NOT_OURS, is_known=False)
    if why := _why_shut(door, at):
        raise Shut(why, department=behind(door.leg))
    return door


def _why_shut(door: Door, at: datetime) -> str:
    leg = door.leg
    if door.revoked_at is not None:
        return TAKEN_BACK
    is_there = door.retired_at is None and leg.retired_at is None and leg.relay.retired_at is None
    if not is_there or leg.stage not in (*LIVE, Stage.DONE):
        return NOT_NEEDED
    if door.staff is None and leg.partner.lower() != door.address.lower():
        return ELSEWHERE
    if door.staff is not None and not door.staff.is_active:
        return LEFT
    return TOO_OLD if until(door) < at else ""


def behind(leg: Leg) -> Department:
    """Who handed it over, and so knows more about it."""
    return leg.sent_from or leg.relay.home


def until(door: Door) -> datetime:
    """Until when a link works: some days beyond the end of its leg, so that what was said can be read again."""
    leg = door.leg
    if leg.ended_at is not None:
        return leg.ended_at + AFTER_END
    return max(door.expires_at, leg.by_when + AFTER_END) if leg.by_when else door.expires_at


def page_at(word: str, at: datetime) -> tuple[Conversation, ProgressPage]:
    """The conversation whose progress this word shows, and what was decided about it. Raises Shut.

    A link made for one customer shows nothing when the conversation has become another's.
    """
    pk, number = tokens.page_named(word) or (0, 0)
    found = Conversation.everything.select_related("customer", "department", "merged_into").filter(pk=pk).first()
    if found is None or not tokens.is_page_link(word, pk, number, found.customer_id):
        raise Shut(NOT_OURS, is_known=False)
    row = ProgressPage.objects.filter(conversation_id=pk, number=number).first()
    if row is not None and row.revoked_at is not None:
        raise Shut(PAGE_TAKEN_BACK, department=found.department)
    conversation = found.standing
    is_theirs = conversation.customer_id == found.customer_id and conversation.place == Place.DESK
    if not is_theirs or conversation.retired_at is not None:
        raise Shut(PAGE_TAKEN_BACK, department=found.department)
    if _ended_at(conversation, at) + PAGE_LIFE < at:
        raise Shut(PAGE_TOO_OLD, department=conversation.department)
    if conversation.pk != found.pk:
        return conversation, page_of(conversation)
    return conversation, row or ProgressPage(conversation_id=found.pk, number=number)


def _ended_at(conversation: Conversation, at: datetime) -> datetime:
    """When the matter ended: with its last word or its last relay. What is not done has not ended."""
    if conversation.state != State.DONE:
        return at
    relays = Relay.objects.filter(conversation=conversation).values_list("finished_at", "stopped_at")
    ends = [moment for pair in relays for moment in pair if moment]
    return max([conversation.last_message_at or conversation.opened_at, *ends])


def page_of(conversation: Conversation) -> ProgressPage:
    """The progress page that is good now: the number after those that were withdrawn. It may have no row yet."""
    newest = ProgressPage.objects.filter(conversation_id=conversation.pk).order_by("-number").first()
    if newest is None:
        return ProgressPage(conversation_id=conversation.pk, number=1)
    if newest.revoked_at is None:
        return newest
    return ProgressPage(conversation_id=conversation.pk, number=newest.number + 1)


def page_word(conversation: Conversation) -> str:
    """The word of the link to a customer's progress page."""
    return tokens.page_link(conversation.pk, page_of(conversation).number, conversation.customer_id)


def follow_up_of(conversation: Conversation) -> Leg | None:
    """The follow-up that waits for the customer's word now."""
    legs = Leg.objects.filter(conversation=conversation, is_follow_up=True, stage__in=(Stage.OFFERED, Stage.ACCEPTED))
    return legs.order_by("id").first()
