"""A second opinion on suspects whose notice names nobody: flufl.bounce, which knows many old servers."""

import logging
from email.message import Message

from flufl.bounce import all_failures

MAX_CHARS = 100_000
MAX_LINES = 3_000
MAX_PARTS = 40

# It logs a traceback for every mail it cannot read; such mail is expected here.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


def addresses(message: Message) -> list[str]:
    """Addresses the library believes failed, sorted; empty where it fails itself or the mail is large."""
    if not _small(message):
        return []
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # the library raises whatever its parsers raise on hostile mail
        return []
    found = {_text(address) for address in (*temporary, *permanent)}
    return sorted(address for address in found if "@" in address.strip("@"))


def _small(message: Message) -> bool:
    chars = lines = 0
    for count, part in enumerate(message.walk()):
        payload = part.get_payload()
        if isinstance(payload, str):
            chars, lines = chars + len(payload), lines + payload.count("\n")
        if chars > MAX_CHARS or lines > MAX_LINES or count > MAX_PARTS:
            return False
    return True


def _text(address: object) -> str:
    said = address.decode("ascii", "replace") if isinstance(address, bytes) else str(address)
    return said.strip().lower()
