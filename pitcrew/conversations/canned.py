"""Canned replies: which there are for somebody, and their gaps filled in."""

import re
from collections.abc import Callable

from django.db.models import Q

from pitcrew.conversations.models import CannedReply, Conversation
from pitcrew.people.access import departments_seen
from pitcrew.people.models import Staff

_GAP = re.compile(r"\{\s*([a-z_.]+)\s*\}")

GAPS: dict[str, Callable[[Conversation, Staff], str]] = {
    "customer.name": lambda conversation, _: conversation.customer.name,
    "customer.first_name": lambda conversation, _: conversation.customer.name.split(" ")[0],
    "agent.name": lambda _, staff: staff.name,
    "agent.first_name": lambda _, staff: staff.get_short_name(),
    "conversation.number": lambda conversation, _: f"#{conversation.pk}",
    "conversation.subject": lambda conversation, _: conversation.subject,
    "department.name": lambda conversation, _: conversation.department.name,
}


def filled(text: str, conversation: Conversation, staff: Staff) -> str:
    """The text with its gaps filled in, as plain text; a gap nobody knows stays, so that it is seen before sending.

    What is filled in is not read again: a customer whose name looks like a gap stays a name.
    """

    def word(gap: re.Match[str]) -> str:
        known = GAPS.get(gap[1])
        return known(conversation, staff) if known else gap[0]

    return _GAP.sub(word, text)


def canned_for(staff: Staff, conversation: Conversation) -> list[CannedReply]:
    """The kept texts for this conversation: its department's, as far as this person works there, and everybody's."""
    where = Q(department=None)
    if conversation.department_id in departments_seen(staff):
        where |= Q(department=conversation.department_id)
    return list(CannedReply.objects.filter(where).order_by("name", "pk"))
