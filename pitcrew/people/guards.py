"""What no undo may do to people."""

from pitcrew.history.undoing import Line, guard
from pitcrew.people.models import Staff
from pitcrew.people.refusals import Refused


@guard
def an_administrator_stays(lines: list[Line]) -> None:
    """Somebody must be able to see everything and let people in."""
    if not any(line.subject[0] == Staff._meta.label_lower for line in lines):
        return
    if not Staff.objects.filter(is_administrator=True, deactivated_at=None).exists():
        raise Refused("That would leave nobody who administrates. Make somebody else an administrator first.")
