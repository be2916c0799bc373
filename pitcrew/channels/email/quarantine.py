"""Mail that could not be taken in: kept as it came, shown with the reason, to be downloaded or tried again."""

import zlib
from datetime import datetime

from pitcrew.channels.email.models import Arrival, RawMail


def set_aside(arrival: Arrival, why: str, *, at: datetime) -> bool:
    """Put a mail where everybody sees that it needs a look. False when somebody else has dealt with it meanwhile."""
    still = Arrival.objects.filter(pk=arrival.pk, message=None, letter=None, quarantined_at=None)
    why = why.replace("\0", "").encode("utf-8", "replace").decode()
    return bool(still.update(quarantined_at=at, quarantined_why=why[:500], tries=arrival.tries + 1))


def try_again(arrival: Arrival) -> bool:
    """Let the intake have another look at it, with all the time it may use."""
    return bool(
        Arrival.objects.filter(pk=arrival.pk, message=None, letter=None, quarantined_at__isnull=False).update(
            quarantined_at=None, quarantined_why="", tries=1
        )
    )


def raw(arrival: Arrival) -> bytes:
    """The mail exactly as it arrived."""
    return zlib.decompress(RawMail.objects.get(pk=arrival.pk).deflated)
