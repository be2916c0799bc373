"""Answering the customer, and leaving notes for colleagues."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from pitcrew.conversations import events, guards, owing, search
from pitcrew.conversations.actions.receiving import attach, show_last
from pitcrew.conversations.deflated import Words
from pitcrew.conversations.incoming import File
from pitcrew.conversations.models import Conversation, Direction, Following, Message, Note, State
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, change, hold, operation
from pitcrew.people.models import Staff
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import NeedsConfirmation, Refused

_THEN: dict[str, str] = {
    State.DONE: events.CLOSED,
    State.OPEN: events.REOPENED,
    State.WAITING_ON_DEPARTMENT: events.WITH_DEPARTMENT,
}
UNDO_WINDOW = timedelta(seconds=15)
FEW = 10  # recipients that one answer may have without being asked about


@operation
def reply(
    conversation: Conversation,
    text: str,
    *,
    to: list[str],
    cc: list[str] | None = None,
    html: str = "",
    files: list[File] | None = None,
    then: str = State.WAITING_ON_CUSTOMER,
    window: timedelta = UNDO_WINDOW,
    confirmed: bool = False,
    by: Actor,
    at: datetime,
) -> Message:
    """Answer the customer. The message waits in the outbox for its undo window before it leaves.

    Raises Refused when there is nothing to say or nobody to say it to; NeedsConfirmation, unless `confirmed`, when
    it would go to more than `FEW` addresses.
    """
    if not (text.strip() or files):
        raise Refused("The answer is empty. Write something, or attach a file.")
    _check_recipients(to, cc or [], confirmed)
    _stands(hold(conversation))
    author = as_staff(by)
    written = {"words": Words(text, html=html), "has_html": bool(html), "to": to, "cc": cc or [], "author": author}
    message = _write(conversation, at=at, leaves_at=at + window, **written)
    attach(files or [], message=message)
    was = conversation.state
    _take_up(conversation, author, then)
    show_last(conversation, message)
    search.remember([message])
    if author is not None:
        owing.answered(conversation, by=by, at=at)
    owing.follow(conversation, was, by=by, at=at)
    return message


def _write(conversation: Conversation, **written: Any) -> Message:
    return begin(
        Message,
        events.MESSAGE_WRITTEN,
        conversation=conversation,
        direction=Direction.OUT,
        channel=conversation.channel,
        name=str(written["author"] or ""),
        subject=conversation.subject,
        external_id=secrets.token_hex(10),  # 80 bits: nobody guesses it
        **written,
    )


def _take_up(conversation: Conversation, author: Staff | None, then: str) -> None:
    """Who answers an unassigned conversation holds it. While a leg is out it goes on waiting for the department."""
    if then == State.DONE:
        guards.may_close([conversation.pk])
    elif then == State.WAITING_ON_CUSTOMER and guards.is_out(conversation.pk):
        then = State.WAITING_ON_DEPARTMENT
    change(conversation, _THEN.get(then, events.WAITING), state=State(then), snoozed_until=None)
    if author is not None and conversation.assignee_id is None:
        change(conversation, events.ASSIGNED, assignee=author)


def _check_recipients(to: list[str], cc: list[str], confirmed: bool) -> None:
    if not to:
        raise Refused("There is no address to answer to. Add one to the customer first.")
    many = len({*to, *cc})
    if many > FEW and not confirmed:
        raise NeedsConfirmation(f"This goes to {many} addresses. Send it to all of them?")


def _stands(conversation: Conversation) -> None:
    if conversation.merged_into_id:
        raise Refused(f"#{conversation.pk} is part of #{conversation.merged_into_id} now. Answer there.")


@operation
def note(
    conversation: Conversation,
    text: str,
    *,
    html: str = "",
    files: list[File] | None = None,
    mentions: list[Staff] | None = None,
    by: Actor,
    at: datetime,
) -> Note:
    """Leave words that only staff may read. Whoever is mentioned follows the conversation from now on."""
    if not (text.strip() or files):
        raise Refused("The note is empty. Write something, or attach a file.")
    _stands(hold(conversation))
    written = {"words": Words(text, html=html), "author": as_staff(by)}
    kept = begin(Note, events.NOTE_WRITTEN, conversation=conversation, at=at, **written)
    attach(files or [], note=kept)
    search.remember([kept])
    for staff in mentions or []:
        keep_in_sight(conversation, staff)
    return kept


def keep_in_sight(conversation: Conversation, staff: Staff) -> None:
    """Let somebody follow the conversation, once."""
    hold(conversation)
    if not Following.objects.filter(conversation=conversation, staff=staff).exists():
        begin(Following, events.FOLLOWED, conversation=conversation, staff=staff)
