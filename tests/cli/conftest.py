"""Real processes on free ports, stopped by their own id; waiting is polling, with an end."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE = 60.0
COMMAND = [sys.executable, "-c", "from pitcrew.cli import main; main()"]


def until(true: Callable[[], object], what: str) -> object:
    """What `true` returns once it is true; fails when that takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE:.0f} s in vain for {what}")


def answers(port: int) -> int:
    """The HTTP status of the first page, 0 when nobody answers."""
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def perform(folder: Path, stage: str, *words: str, **environment: str) -> dict:
    """Let a stage (a module with ``run``) act in an installation, in a process of its own. Returns what it printed."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PITCREW_", "DJANGO_", "DATABASE_"))}
    clean |= {"PITCREW_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "pitcrew.settings", **environment}
    command = [sys.executable, "-c", f"import django; django.setup(); from {stage} import run; run()", *words]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Running:
    """One `pitcrew` process of a test."""

    command = COMMAND

    def __init__(self, place: Path, folder: Path, *words: str, **environment: str):
        self.said_in = place / f"{time.monotonic_ns()}.said"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PITCREW_", "DJANGO_"))}
        clean.pop("DATABASE_URL", None)
        with self.said_in.open("w") as file:
            self.process = subprocess.Popen(
                [*self.command, *words, "--data", str(folder)],
                stdout=file,
                stderr=subprocess.STDOUT,
                env=clean | {"PYTHONUNBUFFERED": "1"} | environment,
            )

    @property
    def said(self) -> str:
        return self.said_in.read_text()

    def ended(self) -> int:
        """Its exit code, once it ends by itself."""
        return self.process.wait(PATIENCE)

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def pitcrew(tmp_path) -> Iterator[Callable[..., Running]]:
    """Start `pitcrew WORDS --data <a folder of this test>`; whatever still runs at the end is killed."""
    started: list[Running] = []

    def start(*words: str, folder: Path = tmp_path / "data", **environment: str) -> Running:
        started.append(Running(tmp_path, folder, *words, **environment))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait(PATIENCE)
