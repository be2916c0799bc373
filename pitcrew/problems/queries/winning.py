"""Victories, the newest first, and the rows behind their numbers."""

from django.db.models import Prefetch

from pitcrew.conversations.models import Conversation
from pitcrew.people.models import Staff
from pitcrew.problems.models import Victory, VictoryPart

SHOWN = 100


def victories(limit: int = SHOWN) -> list[Victory]:
    """The newest victories, each with its people."""
    parts = Prefetch("parts", VictoryPart.objects.select_related("staff").order_by("pk"), to_attr="people")
    return list(Victory.objects.select_related("problem").prefetch_related(parts).order_by("-at", "-pk")[:limit])


def rows_behind(victory: Victory, side: str, staff: Staff) -> tuple[list[Conversation], int]:
    """The conversations that a number of a victory counts, as far as this person may see them, and how many are not."""
    ids = (victory.before if side == "before" else victory.after).get("ids", [])
    rows = Conversation.objects.visible_to(staff).filter(pk__in=ids).select_related("customer", "department")
    found = list(rows.order_by("-pk"))
    return found, len(set(ids)) - len(found)
