"""Calling the customer back: promised with a moment, and owed until the call is noted."""

from datetime import datetime

from pitcrew.conversations.actions.answering import keep_in_sight, note
from pitcrew.conversations.models import Conversation, Note
from pitcrew.history.actors import Actor
from pitcrew.history.writing import hold, operation
from pitcrew.people.models import Staff
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused
from pitcrew.promises import actions as promises
from pitcrew.promises.models import Kind, Promise
from pitcrew.promises.queries import open_of


@operation
def promise_call_back(
    conversation: Conversation,
    when: datetime,
    words: str = "",
    staff: Staff | None = None,
    *,
    by: Actor,
    at: datetime,
) -> Promise:
    """Tell the customer when they will be called. No answer erases it: only the call does, or a reason.

    Who calls (whoever promises, if nobody is named) keeps sight of the conversation.
    """
    if hold(conversation).merged_into_id or conversation.retired_at:
        raise Refused("This conversation is part of another one now. Promise it there.")
    caller = staff or as_staff(by)
    told = {"department": conversation.department, "conversation": conversation.pk, "staff": caller}
    owed = promises.promise(Kind.CALL_BACK, due_at=when, words=words.strip(), **told, by=by, at=at)
    if caller is not None:
        keep_in_sight(conversation, caller)
    return owed


@operation
def note_call(conversation: Conversation, words: str, *, by: Actor, at: datetime) -> Note:
    """The customer was called: what was said is noted, and the call that was due first is kept."""
    kept = note(conversation, words, by=by, at=at)
    promises.keep(_call(conversation), by=by, at=at)
    return kept


@operation
def release_call(conversation: Conversation, words: str, *, by: Actor, at: datetime) -> Note:
    """Nobody waits for the call any more; the note says why.

    Raises Refused without a reason.
    """
    if not words.strip():
        raise Refused("Say why nobody waits for the call any more.")
    kept = note(conversation, words, by=by, at=at)
    promises.release(_call(conversation), by=by, at=at)
    return kept


def _call(conversation: Conversation) -> Promise:
    owed = open_of([conversation.pk]).filter(kind=Kind.CALL_BACK).order_by("due_at", "pk").first()
    if owed is None:
        raise Refused("No call back is promised here. Write a note instead.")
    return owed
