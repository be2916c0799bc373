"""What the clock does for the log: tells its readers."""

from datetime import datetime

from pitcrew.history.followers import tell_followers
from pitcrew.jobs.clock import every


@every(1)
def tell(at: datetime) -> None:
    """Tell every follower what is new."""
    tell_followers(at)
