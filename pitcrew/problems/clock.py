"""What the clock does for problems: a watch that stayed quiet makes the fix permanent."""

from datetime import datetime

from pitcrew.history.actors import pitcrew
from pitcrew.jobs.clock import every
from pitcrew.problems import followers, upstream  # noqa: F401  (they listen from their import on)
from pitcrew.problems.actions.fixing import settle_due


@every(60)
def settle(at: datetime) -> None:
    """Make permanent what stayed quiet until now."""
    settle_due(by=pitcrew("clock"), at=at)
