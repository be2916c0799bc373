"""A house whose clock the test holds: the moment lies in a file, and every process of the house reads it there.

It goes on by itself, second by second, and `pass_on` lets hours or days go by at once.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from tests.cli.conftest import Running
from tests.whole.house import House

COMMAND = [sys.executable, "-c", "from tests.whole.clock import run; run()"]
WHERE = "CLOCK_OF_THE_TEST"


class Clock:
    """What time it is for a house."""

    def __init__(self, path: Path, start: datetime):
        self.path, self.distance = path, timedelta()
        self.set(start)

    def set(self, moment: datetime) -> None:
        """Let it be this moment now."""
        self.distance = moment - datetime.now(UTC)
        written = self.path.with_suffix(".new")
        written.write_text(str(self.distance.total_seconds()))
        written.replace(self.path)

    def pass_on(self, **duration: float) -> None:
        """Let so much time go by: ``pass_on(days=3)``."""
        self.set(self.now() + timedelta(**duration))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.distance


def run() -> None:
    """`pitcrew`, where what time it is stands in the file that the environment names."""
    path = os.environ[WHERE]

    def now() -> datetime:
        return datetime.fromtimestamp(time.time() + float(Path(path).read_text()), UTC)

    timezone.now = now
    from pitcrew.cli import main  # noqa: PLC0415  (only now, so that nobody has kept the clock on the wall)

    main()


class Clocked(Running):
    """One `pitcrew` process that reads the clock of the test."""

    command = COMMAND


class ClockedHouse(House):
    """`pitcrew up` where it is what time the test says."""

    program = Clocked

    def __init__(self, folder: Path, clock: Clock, **environment: str):
        self.clock = clock
        super().__init__(folder, **{WHERE: str(clock.path)}, **environment)
