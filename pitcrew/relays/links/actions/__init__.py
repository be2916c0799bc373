"""What is done about broken links: they are written down, told further up, and mended."""

from pitcrew.relays.links.actions.finding import settle
from pitcrew.relays.links.actions.mending import mend
from pitcrew.relays.links.actions.telling import escalate, escalate_due

__all__ = ["escalate", "escalate_due", "mend", "settle"]
