"""What the clock does for promises: warns before, breaks after."""

from datetime import datetime

from pitcrew.history.actors import pitcrew
from pitcrew.jobs.clock import every
from pitcrew.promises.actions import break_due, warn_due


@every(5)
def look_at_what_is_due(at: datetime) -> None:
    """Break what is overdue, then warn of what is at risk."""
    break_due(by=pitcrew("promises"), at=at)
    warn_due(by=pitcrew("promises"), at=at)
