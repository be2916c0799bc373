"""Takes the pictures of the documentation: python scripts/screenshots.py

A made-up bank is set up in a temporary folder, its mail is imported, its people answer, and a browser looks at it.
"""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))
PICTURES = HOUSE / "docs" / "screenshots"
PITCREW = [sys.executable, "-c", "from pitcrew.cli import main; main()"]
MORNING = 10  # the hour that the pictures show


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pitcrew-pictures-") as folder:
        now = datetime.now(UTC)
        os.environ |= {"PITCREW_DATA": folder, "PITCREW_TIME_ZONE": _zone(now), "PYTHONPATH": str(HOUSE)}
        subprocess.run([sys.executable, "-m", "scripts.demo.fill", now.isoformat()], cwd=HOUSE, check=True)
        subprocess.run([sys.executable, "-m", "scripts.demo.look", str(PICTURES), *sys.argv[1:]], cwd=HOUSE, check=True)


def _zone(now: datetime) -> str:
    """A time zone in which it is morning now, so that the pictures do not depend on when they are taken."""
    ahead = (MORNING - now.hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"


if __name__ == "__main__":
    main()
