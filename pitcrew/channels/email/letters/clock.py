"""What the clock does for letters: lets them leave."""

from datetime import datetime

from pitcrew.channels.email.letters import followers, sending  # noqa: F401  (followers listen from their import on)
from pitcrew.jobs.clock import every


@every(1)
def leave(at: datetime) -> None:
    """Ask for every letter that may leave by now to be sent."""
    sending.send_due(at)
