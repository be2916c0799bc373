"""The place in a text where the words stand."""

import re

from pitcrew.kit.words import folded, places

LENGTH = 180
LEAD = 50
FARTHEST = 20_000  # characters that are looked through for the words

Piece = tuple[str, bool]  # a stretch of text, and whether it is one of the words


def _first(text: str, wanted: set[str]) -> int:
    """Where the first of these words stands; in plain letters one search finds it, fifty times a page."""
    if text.isascii() and wanted:
        words = "|".join(map(re.escape, wanted))
        found = re.search(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])", text.lower())
        return found.start() if found else 0
    return next((m.start() for m in places(text) if folded(m[0]) in wanted), 0)


def snippet(text: str, wanted: set[str]) -> list[Piece]:
    """The first stretch of the text with a wanted word in it, the words marked."""
    text = " ".join(text[:FARTHEST].split())
    first = _first(text, wanted)
    start = text.rfind(" ", 0, first - LEAD) + 1 if first > LEAD else 0
    shown = text[start : start + LENGTH]
    pieces: list[Piece] = [("… ", False)] if start else []
    last = 0
    for match in places(shown):
        if folded(match[0]) in wanted:
            pieces += [(shown[last : match.start()], False), (match[0], True)]
            last = match.end()
    tail = shown[last:] + (" …" if start + LENGTH < len(text) else "")
    return [piece for piece in [*pieces, (tail, False)] if piece[0]]
