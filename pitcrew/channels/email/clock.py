"""What the clock does for mail: lets answers leave when their undo window is over."""

from datetime import datetime

from pitcrew.channels.email import followers, outbox, stopped  # noqa: F401  (they listen from their import on)
from pitcrew.jobs.clock import every


@every(1)
def leave(at: datetime) -> None:
    """Ask for every answer that may leave by now to be sent."""
    outbox.send_due(at)
