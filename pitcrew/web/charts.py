"""Charts as plain numbers: where each bar stands. The templates draw them (SVG), the sheets colour them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pitcrew.problems.queries import Day

LEAST = 3  # conversations that a full bar stands for: one alone is no tower


@dataclass(frozen=True)
class Bar:
    """One day: its place, its height, what it says, and whether the watch looks at it."""

    x: float
    y: float
    width: float
    height: float
    says: str
    is_watched: bool = False


@dataclass
class Bars:
    """A row of bars in a box of ``width`` by ``height``; ``line`` is where the baseline lies, if there is one."""

    width: int
    height: int
    bars: list[Bar] = field(default_factory=list)
    line: float | None = None
    most: int = 0
    total: int = 0


def bars(
    days: Sequence[Day],
    *,
    width: int,
    height: int,
    baseline: float | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Bars:
    """Lay out the days; those between `since` and `until` are watched."""
    most = max([day.count for day in days] or [0])
    scale = max(most, baseline or 0, LEAST)
    step = width / max(1, len(days))
    made = Bars(width, height, most=most, total=sum(day.count for day in days))
    for place, day in enumerate(days):
        tall = round(day.count / scale * (height - 2), 1)
        says = f"{day.day:%a %-d %b}: {day.count} conversation{'' if day.count == 1 else 's'}"
        watched = since is not None and since <= day.day and (until is None or day.day <= until)
        x, wide = round(place * step, 1), round(max(1.0, step - 1.5), 1)
        made.bars.append(Bar(x, round(height - tall, 1), wide, tall, says, watched))
    if baseline is not None:
        made.line = round(height - baseline / scale * (height - 2), 1)
    return made
