"""What the clock does for broken links: looks at what is due, tells further up, and learns the usual paces."""

from datetime import datetime

from pitcrew.history.actors import pitcrew
from pitcrew.jobs.clock import every
from pitcrew.relays.links.actions import escalate_due
from pitcrew.relays.links.looking import look_at_mailboxes, look_due
from pitcrew.relays.links.pacing import learn

US = "links"


@every(10)
def look(at: datetime) -> None:
    """Look at every conversation whose moment has come."""
    look_due(by=pitcrew(US), at=at)


@every(60)
def look_further(at: datetime) -> None:
    """Look at the mailboxes, and tell one further up what nobody mended."""
    look_at_mailboxes(pitcrew(US), at)
    escalate_due(by=pitcrew(US), at=at)


@every(3600)
def learn_the_paces(at: datetime) -> None:
    """How long each department is usually silent."""
    learn(at)
