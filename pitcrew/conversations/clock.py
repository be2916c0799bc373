"""What the clock does for conversations: wakes what was snoozed."""

from datetime import datetime

from pitcrew.conversations.actions.sorting import wake_due
from pitcrew.history.actors import pitcrew
from pitcrew.jobs.clock import every


@every(5)
def wake(at: datetime) -> None:
    """Open again what was snoozed until now."""
    wake_due(by=pitcrew("clock"), at=at)
