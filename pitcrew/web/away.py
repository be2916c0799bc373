"""What the part about being away shows of somebody."""

from typing import Any

from django.utils import timezone

from pitcrew.people.models import Staff
from pitcrew.people.queries import absence_of


def being_away(staff: Staff) -> dict[str, Any]:
    """Their absence that goes on or comes next, and who could do their work meanwhile."""
    others = Staff.objects.filter(deactivated_at=None).exclude(pk=staff.pk).order_by("name", "pk")
    return {"absence": absence_of(staff, timezone.now()), "substitutes": others}
