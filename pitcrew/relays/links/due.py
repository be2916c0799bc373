"""When to look at a conversation again: one row for each that may break, looked up by its moment."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from pitcrew.conversations.models import Conversation, Link, State
from pitcrew.relays.links.models import LinkCheck
from pitcrew.relays.models import LIVE, Leg

CHUNK = 500


def look_soon(conversations: Iterable[int], at: datetime) -> None:
    """Something happened there: look at these with the next sweep."""
    ids = sorted({pk for pk in conversations if pk is not None})
    for start in range(0, len(ids), CHUNK):
        checks = [LinkCheck(conversation_id=pk, look_at=at) for pk in ids[start : start + CHUNK]]
        LinkCheck.objects.bulk_create(
            checks, update_conflicts=True, unique_fields=["conversation"], update_fields=["look_at"]
        )


def due(at: datetime, most: int) -> dict[int, datetime]:
    """The conversations to look at now, the longest due first, each with the moment that stands in its row."""
    rows = LinkCheck.objects.filter(look_at__lte=at).order_by("look_at")[:most]
    return dict(rows.values_list("conversation_id", "look_at"))


def look_later(seen: dict[int, datetime], following: dict[int, datetime | None]) -> None:
    """What was looked at is looked at again at its next moment, if it has any; what was touched meanwhile stands."""
    gone = [pk for pk in seen if following.get(pk) is None]
    later = [(pk, moment) for pk, moment in following.items() if moment is not None and pk in seen]
    newest = max(seen.values(), default=None)
    for start in range(0, len(gone), CHUNK):
        LinkCheck.objects.filter(conversation__in=gone[start : start + CHUNK], look_at__lte=newest).delete()
    for start in range(0, len(later), CHUNK):
        some = dict(later[start : start + CHUNK])
        rows = LinkCheck.objects.filter(conversation__in=some, look_at__lte=newest)
        checks = [LinkCheck(conversation_id=pk, look_at=some[pk]) for pk in rows.values_list("pk", flat=True)]
        LinkCheck.objects.bulk_create(
            checks, update_conflicts=True, unique_fields=["conversation"], update_fields=["look_at"]
        )


def touched_by(staff: int | None, department: int | None = None) -> set[int]:
    """The conversations in which this person, or this department, has or gets the next move."""
    mine = Q(holder=staff) | Q(sender=staff) if staff is not None else Q(department=department)
    legs = Leg.objects.filter(mine, stage__in=LIVE, conversation__isnull=False)
    found = set(legs.values_list("conversation", flat=True))
    if staff is not None:
        owned = Conversation.objects.filter(assignee=staff, state=State.OPEN)
        found |= set(owned.values_list("pk", flat=True))
    return found


def linked_with(conversation: int) -> set[int]:
    """The conversations that were ever linked with this one."""
    links = Link.everything.filter(Q(conversation=conversation) | Q(other=conversation))
    return {pk for pair in links.values_list("conversation", "other") for pk in pair} - {conversation}
