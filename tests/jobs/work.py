"""Tasks for the tests of the queues."""

import os
import time
from pathlib import Path

from pitcrew.jobs.tasks import Hopeless, task

DONE: list[str] = []


@task
def note(text: str) -> str:
    DONE.append(text)
    return text.upper()


@task(tries=3)
def fail(text: str) -> None:
    DONE.append(text)
    raise ValueError(f"no {text} today")


@task
def give_up() -> None:
    DONE.append("gave up")
    raise Hopeless("that address does not exist")


@task(takes_context=True)
def say_which_try(context) -> None:
    DONE.append(f"try {context.attempt}")
    if context.attempt < 2:
        raise ValueError("not yet")


@task
async def note_later(text: str) -> None:
    DONE.append(text)


@task(tries=2)
def hang_once(folder: str) -> None:
    """The first run writes down who runs it and hangs; a later one says that it came."""
    first = Path(folder, "first")
    if first.exists():
        Path(folder, "again").write_text("ran again")
        return
    first.with_suffix(".part").write_text(str(os.getpid()))
    first.with_suffix(".part").rename(first)
    time.sleep(600)
