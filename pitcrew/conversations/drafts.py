"""What somebody has begun to write. A draft is nobody else's, so the log does not tell it."""

from datetime import datetime
from html import escape

from django.db import transaction
from django.db.models import Q

from pitcrew.conversations.models import Conversation, Draft, Message
from pitcrew.conversations.queries.ready import Ready
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import undo
from pitcrew.people.models import Staff
from pitcrew.people.refusals import Refused


def save(conversation: Conversation, staff: Staff, html: str, *, is_note: bool = False, at: datetime) -> None:
    """Keep what somebody has written so far; nothing written is no draft."""
    if not html.strip():
        drop(conversation, staff, is_note=is_note)
        return
    Draft.objects.update_or_create(
        conversation=conversation, staff=staff, is_note=is_note, defaults={"html": html, "saved_at": at}
    )


def load(conversation: Conversation, staff: Staff, *, is_note: bool = False) -> Draft | None:
    """The newest draft here, or in what was merged into this conversation."""
    here = Q(conversation=conversation) | Q(conversation__merged_into=conversation)
    return Draft.objects.filter(here, staff=staff, is_note=is_note).order_by("-saved_at").first()


def begun(conversation: Conversation, staff: Staff) -> dict[str, str]:
    """What somebody has begun to write here: the HTML of the newest ``reply`` and of the newest ``note``."""
    kept = {"reply": "", "note": ""}
    return kept | {("note" if is_note else "reply"): html for is_note, html in _begun(conversation.pk, staff.pk)}


@Ready
def _begun(conversation, staff):
    here = Q(conversation=conversation) | Q(conversation__merged_into=conversation)
    return Draft.objects.filter(here, staff=staff).order_by("saved_at").values_list("is_note", "html")


def drop(conversation: Conversation, staff: Staff, *, is_note: bool = False) -> None:
    """Throw a draft away: it was sent, or is not wanted any more."""
    here = Q(conversation=conversation) | Q(conversation__merged_into=conversation)
    Draft.objects.filter(here, staff=staff, is_note=is_note).delete()


@transaction.atomic
def take_back(message: Message, *, by: Actor, at: datetime) -> Draft | None:
    """Keep an answer from leaving; its words are a draft of its author again (None where nobody wrote it).

    Raises Refused when it has left.
    """
    births = Event.objects.filter(subject_type=Message._meta.label_lower, subject_id=message.pk, is_birth=True)
    undo(Operation.objects.filter(pk__in=births.values("operation")), by=by, at=at)
    row = Message.everything.get(pk=message.pk)
    if row.retired_at is None:
        raise Refused("The answer has left already. Write another one to correct it.")
    if row.author is None:
        return None
    html = row.html or "<div>" + escape(row.text).replace("\n", "<br>") + "</div>"
    save(row.conversation, row.author, html, at=at)
    return load(row.conversation, row.author)
