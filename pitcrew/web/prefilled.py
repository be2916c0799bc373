"""The brief as the conversation already says it, so that handing over is reading and not typing."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from pitcrew.conversations.models import Conversation
from pitcrew.promises.models import Promise
from pitcrew.relays.models import Leg
from pitcrew.relays.queries import prefill

AFTERNOON, SATURDAY = 16, 5


def prefilled(conversation: Conversation, at: datetime) -> dict[str, Any]:
    """What the four lines begin with. What the conversation does not say stays empty."""
    brief = prefill(conversation)
    return {
        "need": brief.need,
        "tried": brief.tried,
        "promised": brief.promised or _promised(conversation),
        "by_when": brief.by_when or _next_working_afternoon(at),
    }


def _promised(conversation: Conversation) -> str:
    """A call back that is owed, else what the brief before this one said."""
    open_ones = Promise.objects.filter(conversation=conversation.pk, kept_at=None, released_at=None)
    owed = open_ones.filter(allowed=None, due_at__isnull=False).order_by("due_at").first()
    if owed and owed.due_at:
        due = timezone.localtime(owed.due_at)
        return f"{owed.words or 'A call back'}, {due:%A} {due.day} {due:%B, %H:%M}"
    last = Leg.objects.filter(conversation=conversation).exclude(promised="").order_by("-pk").first()
    return last.promised if last else ""


def _next_working_afternoon(at: datetime) -> datetime:
    day = timezone.localtime(at) + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day.replace(hour=AFTERNOON, minute=0, second=0, microsecond=0)
