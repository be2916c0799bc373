"""Takes the pictures of the pages for people outside: python scripts/screenshots_outside.py

Martin's card is with the courier, in a temporary folder; a browser without a session looks at both pages.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

from scripts.screenshots import PICTURES, PITCREW, _zone  # noqa: E402

STAGE = [sys.executable, "-c", "import django; django.setup(); from tests.outside import stage; stage.run()"]
PORT = 8979
SEEN = {"leg": "offered", "leg-done": "done", "progress": "progress-offered"}
WAYS = {"": ("light", 1000), "-dark": ("dark", 1000), "-phone": ("light", 360)}


def main() -> None:
    """Set it up, let it answer, and take each picture in light, dark and on a phone."""
    with tempfile.TemporaryDirectory(prefix="pitcrew-pictures-") as folder:
        os.environ |= {"PITCREW_DATA": folder, "DJANGO_SETTINGS_MODULE": "pitcrew.settings", "PYTHONPATH": str(HOUSE)}
        os.environ["PITCREW_TIME_ZONE"] = _zone(datetime.now(UTC))
        told = subprocess.run(STAGE, cwd=HOUSE, check=True, capture_output=True, text=True).stdout
        paths = json.loads(told.splitlines()[-1])
        server = subprocess.Popen([*PITCREW, "web", "--port", str(PORT)], cwd=HOUSE)
        try:
            look(paths)
        finally:
            server.terminate()
            server.wait()


def look(paths: dict[str, str]) -> None:
    """Take the pictures."""
    chromium = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for ending, (scheme, width) in WAYS.items():
            page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 760})
            for name, path in SEEN.items():
                answer = None
                while answer is None:
                    answer = _opened(page, f"http://127.0.0.1:{PORT}{paths[path]}")
                page.screenshot(path=PICTURES / f"outside-{name}{ending}.png", full_page=True)


def _opened(page, address: str):
    """The page, None while nobody answers yet."""
    try:
        return page.goto(address)
    except Exception as failure:
        if "ERR_CONNECTION_REFUSED" not in str(failure):
            raise
        page.wait_for_timeout(200)
        return None


if __name__ == "__main__":
    main()
