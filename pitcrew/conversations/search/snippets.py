"""The place in a text where the words stand."""

import re
from collections.abc import Iterator

from pitcrew.kit.words import folded, places

LENGTH = 180
LEAD = 50
FARTHEST = 20_000  # characters that are looked through for the words

Piece = tuple[str, bool]  # a stretch of text, and whether it is one of the words


def _wanted(text: str, wanted: set[str]) -> Iterator[tuple[int, int]]:
    """Where these words stand, from and to; in plain letters one search finds each, fifty times a page."""
    if text.isascii():
        words = "|".join(map(re.escape, wanted))
        found = re.finditer(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])", text.lower()) if wanted else iter(())
    else:
        found = (match for match in places(text) if folded(match[0]) in wanted)
    return (match.span() for match in found)


def snippet(text: str, wanted: set[str]) -> list[Piece]:
    """The first stretch of the text with a wanted word in it, the words marked."""
    text = " ".join(text[:FARTHEST].split())
    first, _ = next(_wanted(text, wanted), (0, 0))
    start = text.rfind(" ", 0, first - LEAD) + 1 if first > LEAD else 0
    shown = text[start : start + LENGTH]
    pieces: list[Piece] = [("… ", False)] if start else []
    last = 0
    for begins, ends in _wanted(shown, wanted):
        pieces += [(shown[last:begins], False), (shown[begins:ends], True)]
        last = ends
    tail = shown[last:] + (" …" if start + LENGTH < len(text) else "")
    return [piece for piece in [*pieces, (tail, False)] if piece[0]]
