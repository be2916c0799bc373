"""`pitcrew worker`: the jobs, and the clock."""

from argparse import Namespace
from collections.abc import Iterator
from threading import Event

from django.conf import settings
from django.utils import timezone
from django_tasks import default_task_backend

from pitcrew.cli.database import bring_up_to_date
from pitcrew.cli.threads import Work, run_together
from pitcrew.jobs import clock


def run(options: Namespace) -> None:
    bring_up_to_date(print)
    print("The worker and the clock run.", flush=True)
    run_together(works())


def works() -> Iterator[tuple[str, Work]]:
    """The threads that do what nobody waits for."""
    yield "worker", work
    yield "clock", lambda stop: clock.run(stop, now=timezone.now)


def work(stop: Event) -> None:
    """Run jobs until `stop`."""
    default_task_backend.work(stop, threads=settings.WORKER_THREADS, now=timezone.now)  # type: ignore[attr-defined]
