"""What is stored, one line per message, for a check from outside."""

import hashlib
from collections.abc import Iterator

from pitcrew.channels.email.models import Arrival
from pitcrew.channels.email.queries import quarantined
from pitcrew.conversations.models import Direction, Message


def lines() -> Iterator[str]:
    """One line per mail that is stored or set aside: its Message-ID, and for a stored one the SHA-256 of its text.

    A mail that were stored twice would be listed twice. A bounce is listed once, by the answer it belongs to;
    what answers a letter of ours, or brings one back, once too.
    """
    stored = Message.objects.filter(direction=Direction.IN, channel="email").order_by("id")
    for mail_id, words in stored.values_list("external_id", "words").iterator(500):
        yield f"<{mail_id}>\t{_hash(words.text)}"
    returned = Arrival.objects.filter(message__direction=Direction.OUT).order_by("id")
    for mail_id in returned.values_list("mail_id", flat=True).iterator(500):
        yield f"<{mail_id}>"
    for mail_id in Arrival.objects.filter(letter__isnull=False).order_by("id").values_list("mail_id", flat=True):
        yield f"<{mail_id}>"
    for mail_id in quarantined().values_list("mail_id", flat=True).iterator(500):
        yield f"<{mail_id}>"


def _hash(text: str) -> str:
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()
