"""Measuring: CPU of this process and of its database together, medians, and ratios to a floor in the same run."""

import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

TICK = 0.01  # seconds in one tick of /proc/PID/stat


def backends() -> list[int]:
    """The server processes of our database (SQLite has none: it works in our own process)."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return [row[0] for row in cursor.fetchall()]


def spent(pid: int) -> float:
    """CPU seconds that a process has used."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * TICK


@dataclass
class Times:
    """Milliseconds of some runs of one act: CPU (ours and the database's) and on the clock."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """The median CPU."""
        return median(self.cpu)

    @property
    def wall_ms(self) -> float:
        """The median on the clock."""
        return median(self.wall)


def measured(act: Callable[[], object], times: int = 30, warm: int = 3) -> Times:
    """Run an act some times, after warming up."""
    for _ in range(warm):
        act()
    pids, found = backends(), Times()
    for _ in range(times):
        _run(act, pids, found)
    return found


def measured_each(acts: list[Callable[[], object]], warm: int = 0) -> Times:
    """Run each of these once; the first `warm` of them do not count."""
    for act in acts[:warm]:
        act()
    pids, found = backends(), Times()
    for act in acts[warm:]:
        _run(act, pids, found)
    return found


def _run(act: Callable[[], object], pids: list[int], found: Times) -> None:
    theirs, ours, start = sum(map(spent, pids)), time.process_time(), time.perf_counter()
    act()
    end, mine = time.perf_counter(), time.process_time()
    found.wall.append(1000 * (end - start))
    found.cpu.append(1000 * (mine - ours + sum(map(spent, pids)) - theirs))


def median(times: list[float]) -> float:
    return statistics.median(times)


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)]


def say(
    what: str, value: float, unit: str, *, most: float | None = None, floor: float | None = None, **more: object
) -> None:
    """One line of result, the same on every bench; `python -m bench` gathers them into its table.

    ``most`` is what is wanted, ``floor`` what the least possible way costs in the same run, in the same unit.
    """
    line = {"database": connection.vendor, "what": what, "value": round(value, 3), "unit": unit, "most": most}
    line |= {"floor": round(floor, 3) if floor else None, "more": {k: _short(v) for k, v in more.items()}}
    if path := os.environ.get("PITCREW_BENCH_RESULTS"):
        with open(path, "a") as file:
            file.write(json.dumps(line) + "\n")
    print(told(line), flush=True)


def told(line: dict) -> str:
    """A result as people read it."""
    words = f"{line['database']:10s} {line['what']:52s} {line['value']:9.2f} {line['unit']:7s}"
    if line["most"] is not None:
        words += f" wanted <= {line['most']:g}{'' if line['value'] <= line['most'] else ' (MISSED)'}"
    if line["floor"]:
        words += f"  floor {line['floor']:.2f}, {line['value'] / line['floor']:.1f} times that"
    return words + "".join(f"  {name} {value}" for name, value in line["more"].items())


def _short(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value
