"""Fills a data folder (PITCREW_DATA) with the demo: python -m scripts.demo.fill [NOW]"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pitcrew.settings")
django.setup()

from scripts.demo import company, day, handed, letters  # noqa: E402  (rooms can be loaded only now)

PITCREW = [sys.executable, "-c", "from pitcrew.cli import main; main()"]
MORNING = 7  # hours: what came before was dealt with before


def fill(now: datetime) -> None:
    """The company, its old mail, its mail of this week, and what was done with it."""
    folder = Path(os.environ["PITCREW_DATA"])
    pitcrew("sign-in-link")  # brings the database up to date, as every start does
    team = company.found(now)
    letters.write_old(folder / "old.mbox", now)
    pitcrew("import-mail", str(folder / "old.mbox"))
    day.settle_the_old(now, team)
    letters.write(folder / "week.mbox", now, until=MORNING)
    pitcrew("import-mail", str(folder / "week.mbox"))
    day.before(now, team)
    letters.write(folder / "morning.mbox", now, older_than=MORNING)
    pitcrew("import-mail", str(folder / "morning.mbox"))
    day.this_morning(now, team)
    handed.hand_over(now, team)
    letters.write_broken(folder / "broken.mbox", now)
    pitcrew("import-mail", str(folder / "broken.mbox"))


def pitcrew(*words: str) -> None:
    """Run a `pitcrew` command on the folder."""
    subprocess.run([*PITCREW, *words], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    fill(datetime.fromisoformat(sys.argv[1]) if sys.argv[1:] else datetime.now(UTC))
