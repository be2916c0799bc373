"""What a background task promises: how often it is tried, and the name under which it is done once.

    @task(tries=5)
    def send(message_id: int) -> None: ...

    send.using(key=f"send:{message.pk}", run_after=message.leaves_at).enqueue(message.pk)

A task runs at least once: it may have done its work when its worker was killed, so it must bear being run again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Self, cast

import django_tasks
from django_tasks import TaskContext, TaskResult
from django_tasks.base import Task
from django_tasks.utils import normalize_json

__all__ = ["Hopeless", "JobTask", "pause_after", "perform", "task", "task_at"]

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
KEPT = timedelta(days=7)  # finished jobs and keys
FAILURES_TOLD = 5


class Hopeless(Exception):
    """Raised by a task that knows another try would fail the same way. The text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task):
    """A task of either backend.

    ``tries``: how often it runs before it is a dead letter. ``key``: asked for again under the same key, it is the
    same job, even after it has finished (keys are kept for a week).
    """

    tries: int = 8
    key: str = ""

    def using(self, *, tries: int | None = None, key: str | None = None, **known: Any) -> Self:
        """The same task with other terms."""
        terms = {"tries": tries, "key": key, **known}
        return replace(self, **{name: value for name, value in terms.items() if value is not None})


# What the library makes of a function here is a task of ours: the backend says so (its `task_class`).
task = cast("Callable[..., Callable[[Callable], JobTask]]", django_tasks.task)


def pause_after(tries: int) -> timedelta:
    """How long to wait after this many failed tries: 5 s, 15 s, 45 s ... one hour."""
    return min(FIRST_PAUSE * 3 ** min(tries - 1, 10), LONGEST_PAUSE)


def task_at(path: str) -> Task:
    """The task that is called this."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def perform(result: TaskResult) -> Any:
    """Run the task of this result; what it returns, as JSON keeps it."""
    context = [TaskContext(task_result=result)] if result.task.takes_context else []
    return normalize_json(result.task.call(*context, *result.args, **result.kwargs))


def told(failures: list[list[str]]) -> str:
    """The last failure in one line."""
    return failures[-1][1].strip().splitlines()[-1] if failures else "Its worker was killed every time it ran."


@dataclass(frozen=True)
class DeadLetter:
    """A job that failed for good, for people to see."""

    id: str
    task: str
    died_at: datetime
    why: str


@dataclass(frozen=True)
class Lag:
    """How far the workers are behind: jobs that are due and not taken (counted up to 1,000), the oldest one's wait."""

    due: int
    oldest: timedelta
