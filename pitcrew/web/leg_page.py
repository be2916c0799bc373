"""Everything the page of a leg shows to one person."""

from datetime import datetime
from typing import Any

from pitcrew.conversations.models import Message
from pitcrew.conversations.queries import timeline
from pitcrew.people.models import Membership, Staff
from pitcrew.relays.models import Leg
from pitcrew.relays.queries import asks_of
from pitcrew.web.batons import owed, standing
from pitcrew.web.handing_forms import places
from pitcrew.web.leg_acts import RESULTS, can, outcome_told
from pitcrew.web.tracks import track_of

MESSAGES = 6  # of the conversation, newest last; the rest is behind a link


def page_of(staff: Staff, leg: Leg, at: datetime) -> dict[str, Any]:
    """What `legs/screen.html` wants to know."""
    able = can(staff, leg)
    sees = leg.conversation is not None and leg.conversation.is_visible_to(staff)
    return {
        "leg": leg,
        "can": able,
        "told": standing(leg, owed([leg.pk]).get(leg.pk), at, staff.pk),
        "sees": sees,
        "messages": _messages(leg) if sees else [],
        "track": track_of(leg.conversation, at, staff.pk) if leg.conversation else None,
        "step_asks": asks_of(leg) if "done" in able.verbs else [],
        "outcome": outcome_told(leg),
        "results": RESULTS,
        "places": places() if "send-again" in able.verbs else [],
        "people": _people(leg) if "give" in able.verbs else [],
    }


def _messages(leg: Leg) -> list[Message]:
    assert leg.conversation is not None
    return [item.message for item in timeline(leg.conversation, limit=MESSAGES).items if item.message]


def _people(leg: Leg) -> list[Staff]:
    members = Membership.objects.active().filter(department=leg.department_id).select_related("staff")
    return [member.staff for member in members.order_by("staff__name")]
