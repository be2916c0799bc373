"""The queue on our own database, behind the django-tasks API: nothing else to install, nothing else to run.

A job is taken by a conditional UPDATE and a lease; the lease is renewed while the job runs and ends by itself when the
worker dies, whatever way. Works the same on SQLite and PostgreSQL.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import get_exception_traceback, get_module_path, normalize_json

from pitcrew.jobs.keys import once
from pitcrew.jobs.models import OPEN, Job, Key
from pitcrew.jobs.tasks import (
    FAILURES_TOLD,
    KEPT,
    DeadLetter,
    Hopeless,
    JobTask,
    Lag,
    pause_after,
    perform,
    task_at,
    told,
)
from pitcrew.jobs.worker import WAKE, Worker


class EmbeddedBackend(BaseTaskBackend):
    """Jobs as rows. ``OPTIONS: {"lease": seconds}`` is how long a killed worker's job waits."""

    task_class = JobTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    def __init__(self, alias: str, params: dict):
        super().__init__(alias, params)
        self.lease = timedelta(seconds=self.options.get("lease", 15))

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Ask for work in the transaction that is open: if that rolls back, nothing was asked for."""
        self.validate_task(task)
        now = timezone.now()
        job = Job(
            task=task.module_path,
            queue=task.queue_name,
            priority=task.priority,
            args=normalize_json(args),
            kwargs=normalize_json(kwargs),
            due_at=task.run_after or now,
            tries_allowed=getattr(task, "tries", 1),
            enqueued_at=now,
        )
        pk = once(getattr(task, "key", ""), lambda: _inserted(job), now)
        transaction.on_commit(WAKE.set)
        return self._result(job if job.pk == pk else Job.objects.get(pk=pk), task)

    def get_result(self, result_id: str) -> TaskResult:
        """How the job stands. Raises TaskResultDoesNotExist."""
        job = Job.objects.filter(pk=result_id).first() if result_id.isdigit() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return self._result(job, task_at(job.task))

    def _result(self, job: Job, task: Task) -> TaskResult:
        result: TaskResult = TaskResult(
            task=task,
            id=str(job.pk),
            status=_status(job),
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at or job.died_at,
            last_attempted_at=job.last_tried_at,
            args=job.args,
            kwargs=job.kwargs,
            backend=self.alias,
            errors=[TaskError(exception_class_path=path, traceback=trace) for path, trace in job.failures],
            worker_ids=[job.worker] * job.tries,
        )
        object.__setattr__(result, "_return_value", job.returned)
        return result

    def take(self, worker: str, at: datetime) -> Job | None:
        """The next job that is due, now leased to this worker; None when there is none.

        Two that reach for the same job both see it, and the condition in the UPDATE gives it to one.
        """
        while True:
            job = Job.objects.filter(OPEN, due_at__lte=at).order_by("-priority", "due_at", "id").first()
            if job is None:
                return None
            seen = Job.objects.filter(OPEN, pk=job.pk, due_at=job.due_at, worker=job.worker, tries=job.tries)
            job.worker, job.due_at, job.last_tried_at = worker, at + self.lease, at
            job.started_at, job.tries = job.started_at or at, job.tries + 1
            if seen.update(
                worker=job.worker,
                due_at=job.due_at,
                last_tried_at=at,
                started_at=job.started_at,
                tries=job.tries,
            ):
                return job

    def renew(self, workers: list[str], at: datetime) -> int:
        """These workers still live. Returns how many leases were theirs to renew."""
        return Job.objects.filter(OPEN, worker__in=workers).update(due_at=at + self.lease)

    def do(self, job: Job) -> bool:
        """Run a job that was taken, and note how it went. Returns whether it went well."""
        if job.tries > job.tries_allowed:  # its worker was killed on the last try
            self._note(job, died_at=timezone.now())
            return False
        try:
            returned = perform(self._result(job, task_at(job.task)))
        except Exception as error:
            self._note_failure(job, error, timezone.now())
            return False
        self._note(job, finished_at=timezone.now(), returned=returned)
        return True

    def _note_failure(self, job: Job, error: Exception, at: datetime) -> None:
        failure = [get_module_path(type(error)), get_exception_traceback(error)[-4000:]]
        failures = [*job.failures, failure][-FAILURES_TOLD:]
        if isinstance(error, Hopeless) or job.tries >= job.tries_allowed:
            self._note(job, died_at=at, failures=failures)
        else:
            self._note(job, due_at=at + pause_after(job.tries), worker="", failures=failures)

    def _note(self, job: Job, **fields: Any) -> None:
        """Only while it is still ours: a worker that slept past its lease has lost the job."""
        Job.objects.filter(OPEN, pk=job.pk, worker=job.worker).update(**fields)

    def work(self, stop: threading.Event, *, threads: int, now: Callable[[], datetime]) -> None:
        """Run jobs until `stop`."""
        Worker(self, threads=threads, now=now).run(stop)

    def work_off(self, at: datetime) -> int:
        """Run everything that is due at this moment, here and now. Returns how many jobs ran."""
        ran = 0
        while job := self.take(f"here-{ran}", at):
            self.do(job)
            ran += 1
        return ran

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """Jobs that failed for good, the latest first."""
        dead = Job.objects.filter(died_at__isnull=False).order_by("-died_at")[:limit]
        return [DeadLetter(str(j.pk), j.task, j.died_at, told(j.failures)) for j in dead if j.died_at]

    def try_again(self, result_id: str, at: datetime) -> str | None:
        """Give a dead letter all its tries once more. The id of the job that tries now, None if it is not dead."""
        dead = Job.objects.filter(pk=result_id, died_at__isnull=False)
        return result_id if dead.update(died_at=None, tries=0, worker="", due_at=at) else None

    def lag(self, at: datetime) -> Lag:
        """How far the workers are behind."""
        due = list(Job.objects.filter(OPEN, due_at__lte=at).order_by().values_list("due_at", flat=True)[:1000])
        return Lag(len(due), at - min(due) if due else timedelta())

    def tidy(self, at: datetime) -> None:
        """Forget what finished long ago; dead letters stay until somebody deals with them."""
        Job.objects.filter(finished_at__lt=at - KEPT).delete()
        Key.objects.filter(at__lt=at - KEPT).delete()


def _inserted(job: Job) -> int:
    job.save(force_insert=True)
    return job.pk


def _status(job: Job) -> TaskResultStatus:
    if job.died_at:
        return TaskResultStatus.FAILED
    if job.finished_at:
        return TaskResultStatus.SUCCESSFUL
    return TaskResultStatus.RUNNING if job.worker else TaskResultStatus.READY
