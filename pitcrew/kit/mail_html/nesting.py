"""How deep are we? Two answers for the scan: one that trusts the mail's nesting, one that rewrites it.

`Trusting` leaves the tags as they are and keeps an upper bound of how deep a tree builder would nest them and
how many elements it would invent; above its limits it raises `TooTangled`. `Balanced` writes every end tag
itself, so its depth is true by construction; tags beyond it are left out, their text stays.

Source: HTML Living Standard, 13.2.4.2 (stack of open elements) and 13.2.6 (tree construction).
"""

from collections import Counter
from itertools import takewhile

from pitcrew.kit.mail_html.words import BLOCKS, FORMATTING, HEADINGS, TABLE_PARTS, VOID

DEEPEST = 250
MOST_INVENTED = 30_000

_CELLS = frozenset(["td", "th", "caption"])
_WALLS = _CELLS | {"table"}
_SPECIAL = (BLOCKS | TABLE_PARTS) - {"a"}
_LIST_WALLS = _SPECIAL - {"address", "div", "p"}
_ROW_GROUPS = frozenset(["tbody", "thead", "tfoot"])
_CLOSE_A_PARAGRAPH = BLOCKS | {"hr"}
_REPLACES = {
    "td": frozenset(["td", "th", "caption"]),
    "th": frozenset(["td", "th", "caption"]),
    "tr": frozenset(["tr", "caption"]),
    "caption": _ROW_GROUPS | {"caption", "tr"},
} | dict.fromkeys(_ROW_GROUPS, _ROW_GROUPS | {"caption"})
_TABLE_WALL = frozenset(["table"])


class TooTangled(Exception):
    """The nesting of this HTML cannot be trusted to stay cheap: write it anew, balanced."""


class _Open:
    """The names of the open elements, outermost first."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find(self, wanted: frozenset[str], walls: frozenset[str]) -> int:
        """Place of the innermost open element that is `wanted`, or -1 when a wall stands before it."""
        for at in range(len(self.names) - 1, -1, -1):
            if self.names[at] in wanted:
                return at
            if self.names[at] in walls:
                return -1
        return -1

    def ended_by(self, name: str) -> int:
        """Place of the element that an end tag of this name closes, or -1."""
        if name in HEADINGS:
            return self.find(HEADINGS, _WALLS)
        one = frozenset([name])
        if name == "table" or name in TABLE_PARTS:
            return self.find(one, _TABLE_WALL if name != "caption" else _WALLS | _ROW_GROUPS | {"tr"})
        if name == "li":
            return self.find(one, _WALLS | {"ol", "ul"})
        return self.find(one, _WALLS if name in BLOCKS or name in FORMATTING else _SPECIAL)

    def replaced_by(self, name: str) -> int:
        """Place of the element that a start tag of this name closes first, or -1."""
        if name in _REPLACES:
            return self.find(_REPLACES[name], _TABLE_WALL)
        if name == "a":
            return self.find(frozenset(["a"]), _WALLS)
        if name == "li":
            return self.find(frozenset(["li"]), _LIST_WALLS)
        if name in ("dd", "dt"):
            return self.find(frozenset(["dd", "dt"]), _LIST_WALLS)
        if name in HEADINGS and self.names and self.names[-1] in HEADINGS:
            return len(self.names) - 1
        if name == "table" and self.names:
            return self._table_without_a_cell()
        return -1

    def _table_without_a_cell(self) -> int:
        at = self.find(_WALLS, frozenset())
        return at if at >= 0 and self.names[at] == "table" else -1


class Trusting(_Open):
    """Leaves every tag in its place and counts, never less than a tree builder would."""

    def __init__(self) -> None:
        super().__init__()
        self.invented = 0

    def start(self, name: str, attributes: str) -> str:
        """The start tag as it was; raises TooTangled when too much is open."""
        if name in TABLE_PARTS and "table" not in self.names:
            return ""
        self._close(self.replaced_by(name))
        if name in _CLOSE_A_PARAGRAPH:
            self._close(self.find(frozenset(["p"]), _WALLS))
        if name not in VOID:
            self.names.append(name)
            if len(self.names) > DEEPEST:
                raise TooTangled
        return f"<{name}{attributes}>"

    def end(self, name: str) -> str:
        """The end tag as it was."""
        if self.names and self.names[-1] == name:
            self.names.pop()  # by far the most of them
        else:
            self._close(self.ended_by(name))
        return f"</{name}>"

    def rest(self) -> str:
        """Nothing: a tree builder closes what is open at the end."""
        return ""

    def _close(self, at: int) -> None:
        if at < 0:
            return
        if self.names[at] in FORMATTING:
            self._close_formatting(at)
            return
        left = self._still_formatting(at)
        self.invented += len(left)
        if self.invented > MOST_INVENTED:
            raise TooTangled
        self.names[at:] = left

    def _still_formatting(self, at: int) -> list[str]:
        """Formatting left open inside a closing element goes on after it, unless a table cell held it."""
        left = []
        for name in self.names[at:]:
            if name in _CELLS:
                break
            if name in FORMATTING:
                left.append(name)
        return left

    def _close_formatting(self, at: int) -> None:
        """The standard repairs crossed tags only so far; beyond that the element stays open, and counts."""
        above = self.names[at + 1 :]
        self.invented += len(above)
        crossed = sum(name in _SPECIAL for name in above)
        if not above or (crossed <= 6 and self._alike(self.names[at]) <= 3):
            del self.names[at]

    def _alike(self, wanted: str) -> int:
        """Of more than three alike the standard forgets the first ones: their end tags do nothing."""
        inside = takewhile(lambda name: name not in _WALLS, reversed(self.names))
        return sum(name == wanted for name in inside)


class Balanced(_Open):
    """Writes every end tag itself and opens nothing beyond a depth."""

    def __init__(self, deepest: int) -> None:
        super().__init__()
        self.deepest = deepest
        self.left_out: Counter[str] = Counter()

    def start(self, name: str, attributes: str) -> str:
        """The start tag with the end tags that must stand before it; only those when it would be too deep."""
        if name in TABLE_PARTS and "table" not in self.names:
            return ""
        before = self._close(self.replaced_by(name))
        if name in _CLOSE_A_PARAGRAPH:
            before += self._close(self.find(frozenset(["p"]), _WALLS))
        if name in VOID:
            return f"{before}<{name}{attributes}>"
        if len(self.names) >= self.deepest - (name != "a"):
            self.left_out[name] += 1
            return before + (" " if name in BLOCKS or name in TABLE_PARTS else "")
        self.names.append(name)
        return f"{before}<{name}{attributes}>"

    def end(self, name: str) -> str:
        """The end tags of this element and all it holds, or nothing when it is not open."""
        if self.left_out[name]:
            self.left_out[name] -= 1
            return ""
        return self._close(self.ended_by(name))

    def rest(self) -> str:
        """The end tags of all that is still open."""
        return self._close(0 if self.names else -1)

    def _close(self, at: int) -> str:
        if at < 0:
            return ""
        written = "".join(f"</{name}>" for name in reversed(self.names[at:]))
        del self.names[at:]
        return written
