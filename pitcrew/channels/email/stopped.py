"""Mailboxes that have stopped, told to whoever looks for broken links."""

from collections.abc import Iterator

from pitcrew.channels.email.models import Mailbox
from pitcrew.relays.links import judging
from pitcrew.relays.links.sources import register_mailboxes


@register_mailboxes
def stopped() -> Iterator[tuple[judging.Mailbox, int]]:
    """Every mailbox that cannot take mail now, with its department."""
    for box in Mailbox.objects.filter(stopped_at__isnull=False):
        yield judging.Mailbox(box.pk, box.address, box.stopped_at, box.stopped_why), box.department_id
