"""A mail that could not be read, as far as it can be shown without reading it: its head as plain text, and who sent it.

Nothing here parses: whatever stopped the reader must not stop the page that shows it.
"""

import re
import zlib

from pitcrew.channels.email.models import Arrival, RawMail

MOST = 16 * 1024  # bytes of a head that a page shows
_END = re.compile(rb"\r?\n\r?\n")
_FROM = re.compile(r"^from:[ \t]*(.{1,200})", re.IGNORECASE | re.MULTILINE)
_HIDDEN = (*range(9), 11, 12, *range(14, 32), *range(127, 160))  # control characters, but tab and line ends
_TURNING = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # that turn the writing around
_SHOWN = dict.fromkeys((*_HIDDEN, *_TURNING), "\N{REPLACEMENT CHARACTER}")


def head_of(raw: bytes) -> str:
    """The first lines of a mail up to the empty one, at most 16 KB, with nothing in them that turns or hides text."""
    start = raw[:MOST]
    found = _END.search(start)
    text = start[: found.start() if found else MOST].decode("utf-8", "replace")
    return text.translate(_SHOWN).replace("\r\n", "\n").replace("\r", "\n")


def shown_sender(arrival: Arrival) -> str:
    """Whom it says it is from, as far as that is readable; else who handed it over; else nothing."""
    found = _FROM.search(head_of(_start_of(arrival)))
    return (found[1].strip() if found else "") or arrival.envelope_from


def _start_of(arrival: Arrival) -> bytes:
    """As much of the mail as is needed, without unpacking a large one whole."""
    packed = RawMail.objects.filter(pk=arrival.pk).values_list("deflated", flat=True).first()
    return zlib.decompressobj().decompress(bytes(packed), MOST) if packed else b""
