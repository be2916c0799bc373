"""A worker of the embedded queue: some threads that take jobs, one that renews their leases."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol
from uuid import uuid4

from django.db import close_old_connections, connections

from pitcrew.jobs.models import Job
from pitcrew.jobs.tasks import told

LOOK = 0.5  # seconds between looks for work that another process asked for
WAKE = threading.Event()  # set when this process has asked for work
log = logging.getLogger("pitcrew.jobs")


class Queue(Protocol):
    """Where jobs come from."""

    lease: timedelta

    def take(self, worker: str, at: datetime) -> Job | None: ...
    def renew(self, workers: list[str], at: datetime) -> int: ...
    def do(self, job: Job) -> bool: ...


class Worker:
    """Runs jobs until it is told to stop; a job that has begun is finished first."""

    def __init__(self, queue: Queue, *, threads: int, now: Callable[[], datetime]):
        self.queue, self.threads, self.now = queue, threads, now
        self.name = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}"
        self.numbers = count()
        self.running: set[str] = set()

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`. Raises what the database raised if it cannot be reached."""
        fallen: list[Exception] = []
        done = threading.Event()
        keeper = threading.Thread(target=self._keep_leases, args=[done], name="leases", daemon=True)
        others = [
            threading.Thread(target=self._work, args=[stop, fallen], name=f"worker {n}", daemon=True)
            for n in range(1, self.threads)
        ]
        for thread in (keeper, *others):
            thread.start()
        self._work(stop, fallen)
        for thread in others:
            thread.join()
        done.set()
        keeper.join()
        if fallen:
            raise fallen[0]

    def _work(self, stop: threading.Event, fallen: list[Exception]) -> None:
        try:
            while not stop.is_set() and not fallen:
                if not self._one():
                    close_old_connections()
                    WAKE.wait(LOOK)
                    WAKE.clear()
        except Exception as error:
            fallen.append(error)
        finally:
            connections.close_all()

    def _one(self) -> bool:
        token = f"{self.name}:{next(self.numbers)}"
        job = self.queue.take(token, self.now())
        if job is None:
            return False
        self.running.add(token)
        try:
            if not self.queue.do(job):
                self._tell(job)
        finally:
            self.running.discard(token)
        return True

    def _tell(self, job: Job) -> None:
        job.refresh_from_db(fields=["died_at", "due_at", "failures"])
        last = told(job.failures)
        if job.died_at:
            log.error("%s failed for good after %s tries: %s", job, job.tries, last)
        else:
            log.warning("%s failed: %s. The next try is at %s.", job, last, f"{job.due_at:%H:%M:%S}")

    def _keep_leases(self, done: threading.Event) -> None:
        try:
            while not done.wait(self.queue.lease.total_seconds() / 3):
                if self.running:
                    self._renew()
        finally:
            connections.close_all()

    def _renew(self) -> None:
        try:
            close_old_connections()
            self.queue.renew(list(self.running), self.now())
        except Exception as error:
            log.error("The leases of running jobs could not be renewed: %s", error)
