"""A template as a picture: its steps from left to right, each below those that go side by side with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

WIDTH, HEIGHT = 168, 52  # of one step
ACROSS, DOWN = 56, 24  # between two steps
EDGE = 6  # of the picture
LONGEST = 19  # letters of a name that fit


@dataclass(frozen=True)
class Node:
    """One step. ``hue`` is its department's, None for a partner outside."""

    key: str
    name: str
    where: str
    hue: int | None
    x: int
    y: int


@dataclass(frozen=True)
class Edge:
    path: str


@dataclass(frozen=True)
class Graph:
    width: int = 0
    height: int = 0
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    @property
    def told(self) -> str:
        """The picture in words, for who does not see it."""
        return ", then ".join(f"{node.name} ({node.where})" for node in self.nodes)


def drawn(steps: list[dict[str, Any]], departments: Mapping[int, Any]) -> Graph:
    """The picture of these steps, also of steps that are not right yet. ``departments`` by number."""
    if not steps:
        return Graph()
    columns = _columns(steps)
    tallest = max(len(keys) for keys in columns)
    places: dict[str, tuple[int, int]] = {}
    for number, keys in enumerate(columns):
        top = EDGE + (tallest - len(keys)) * (HEIGHT + DOWN) // 2
        for row, key in enumerate(keys):
            places[key] = (EDGE + number * (WIDTH + ACROSS), top + row * (HEIGHT + DOWN))
    nodes = [_node(step, departments, places[step["key"]]) for step in _once(steps)]
    edges = [
        Edge(_path(places[before], places[step["key"]]))
        for step in _once(steps)
        for before in step["after"]
        if before in places and before != step["key"]
    ]
    width = 2 * EDGE + len(columns) * (WIDTH + ACROSS) - ACROSS
    return Graph(width, 2 * EDGE + tallest * (HEIGHT + DOWN) - DOWN, nodes, edges)


def _once(steps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each key once; of two that are equal the later is told by an error, not by the picture."""
    return list({step["key"]: step for step in reversed(list(steps))}.values())[::-1]


def _columns(steps: list[dict[str, Any]]) -> list[list[str]]:
    """Keys by column: a step stands right of all it comes after. A circle ends after as many rounds as steps."""
    column = {step["key"]: 0 for step in steps}
    for _ in steps:
        for step in steps:
            before = [column[key] for key in step["after"] if key in column and key != step["key"]]
            column[step["key"]] = min(max(before, default=-1) + 1, len(steps) - 1)
    used = sorted(set(column.values()))
    return [[key for key in column if column[key] == number] for number in used]


def _node(step: dict[str, Any], departments: Mapping[int, Any], place: tuple[int, int]) -> Node:
    department = departments.get(step["department"] or 0)
    is_outside = bool(step["partner"])
    where = step["partner"] if is_outside else department.name if department else "no department yet"
    where = f"{_short(where, 13)}, follow-up" if step["is_follow_up"] else _short(where, 24)
    hue = department.hue % 10 if department and not is_outside else None
    name = step["name"] or "(no name)"
    return Node(step["key"], _short(name), where, hue, *place)


def _short(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _path(start: tuple[int, int], end: tuple[int, int]) -> str:
    """A line that leaves to the right and arrives from the left; back where it goes back."""
    x, y = start[0] + WIDTH, start[1] + HEIGHT // 2
    to_x, to_y = end[0] - 5, end[1] + HEIGHT // 2
    bend = max((to_x - x) // 2, 24)
    return f"M{x} {y} C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
