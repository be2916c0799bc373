"""Everything the page of a leg shows to one person."""

from datetime import datetime
from typing import Any

from pitcrew.channels.email.letters.queries import undelivered
from pitcrew.conversations.models import Attachment, Message
from pitcrew.conversations.queries import seen
from pitcrew.conversations.queries.ready import Ready
from pitcrew.conversations.queries.timeline import FILE, MESSAGE
from pitcrew.people.models import Membership, Staff
from pitcrew.relays.models import Leg
from pitcrew.relays.queries import asks_of, follow_up_draft
from pitcrew.web.batons import owed, standing
from pitcrew.web.handing_forms import places
from pitcrew.web.leg_acts import RESULTS, can, outcome_told
from pitcrew.web.tracks import track_of

MESSAGES = 6  # of the conversation, newest last; the rest is behind a link


def page_of(staff: Staff, leg: Leg, at: datetime) -> dict[str, Any]:
    """What `legs/screen.html` wants to know."""
    able = can(staff, leg)
    conversation = seen(staff, leg.conversation_id) if leg.conversation_id else None
    return {
        "leg": leg,
        "can": able,
        "told": standing(leg, owed([leg.pk]).get(leg.pk), at, staff.pk),
        "conversation": conversation,
        "messages": _messages(conversation.pk) if conversation else [],
        "track": track_of(conversation, at, staff.pk) if conversation else None,
        "step_asks": asks_of(leg) if "done" in able.verbs else [],
        "outcome": outcome_told(leg),
        "results": RESULTS,
        "draft": follow_up_draft(leg) if "follow-up" in able.verbs else "",
        "lost": undelivered([leg.pk]).get(leg.pk, []) if "withdraw" in able.verbs else [],
        "places": places() if "send-again" in able.verbs else [],
        "people": _people(leg) if "give" in able.verbs else [],
    }


@Ready
def _newest(conversation):
    rows = Message.objects.filter(conversation=conversation).order_by("-at", "-pk")
    return rows.values_list(*MESSAGE.names)[:MESSAGES]


@Ready
def _files(messages):
    return Attachment.objects.filter(message__in=messages).order_by("pk").values_list(*FILE.names)


def _messages(conversation: int) -> list[Message]:
    """The newest, oldest first, each with its ``files``."""
    rows: list[Message] = MESSAGE.rows(_newest(conversation))[::-1]
    files = FILE.rows(_files.of_many([row.pk for row in rows]))
    for row in rows:
        row.files = [file for file in files if file.message_id == row.pk]  # type: ignore[attr-defined]
    return rows


def _people(leg: Leg) -> list[Staff]:
    members = Membership.objects.active().filter(department=leg.department_id).select_related("staff")
    return [member.staff for member in members.order_by("staff__name")]
