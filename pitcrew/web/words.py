"""Words of people on a screen. The one module that makes markup: everything it is given is escaped first."""

import re

from markupsafe import Markup, escape

from pitcrew.web.addresses import url

LONGEST = 200_000  # characters of one message that a page shows; the whole of it is in the mail itself
_LINKS = re.compile(r"https?://[^\s<>\"'\u200e\u200f\u202a-\u202e\u2066-\u2069]{3,1000}|(?<![\w&])#\d{1,12}\b")
_TAIL = re.compile(r"[.,;:!?)\]}»”’]+\Z")


def linked(text: str, *, numbers: bool = False) -> Markup:
    """Plain text with its web addresses (and, in notes, #numbers of conversations) as links."""
    pieces, last = [], 0
    text = text[:LONGEST]
    for found in _LINKS.finditer(text):
        link = _number(found[0]) if found[0][0] == "#" else _address(found[0])
        if link is None or (found[0][0] == "#" and not numbers):
            continue
        pieces += [escape(text[last : found.start()]), link]
        last = found.end()
    return Markup("").join([*pieces, escape(text[last:])])


def _address(found: str) -> Markup:
    tail = _TAIL.search(found)
    address = found[: tail.start()] if tail else found
    rest = found[len(address) :]
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>{}').format(
        address, address, rest
    )


def _number(found: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url("conversation", int(found[1:])), found)


def spoken(message) -> str:
    """The new words of a message; all of it where it quotes nothing."""
    return (message.reply or message.text).strip()


def has_more(message) -> bool:
    """Whether the mail holds more than its new words: what it quotes, its signature."""
    return bool(message.reply) and len(message.text.strip()) > len(message.reply.strip())
