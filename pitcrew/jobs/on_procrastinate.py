"""The second backend: Procrastinate, for many workers on PostgreSQL. The same promises, under the same tests.

Every task of ours runs inside one task of theirs. What Procrastinate does not keep (why a try failed, what a task
returned) is an Outcome of ours. Sources: procrastinate.readthedocs.io, "Retry stalled jobs" and "Django".
"""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.db import connections, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import get_exception_traceback, get_module_path, normalize_json
from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.jobs import Job, Status

from pitcrew.jobs.keys import once
from pitcrew.jobs.models import Key, Outcome
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

NAME = "pitcrew.perform"
JOBS: QuerySet[ProcrastinateJob] = QuerySet(ProcrastinateJob)
EVENTS: QuerySet[ProcrastinateEvent] = QuerySet(ProcrastinateEvent)
STATUS = {"todo": TaskResultStatus.READY, "doing": TaskResultStatus.RUNNING, "succeeded": TaskResultStatus.SUCCESSFUL}


def _tries_allowed(job: Job) -> int:
    return cast(int, job.task_kwargs["tries"])


class Patience(BaseRetryStrategy):
    """The same pauses and the same end as the embedded queue's."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None when that was the last try."""
        tries = job.attempts + 1
        if isinstance(exception, Hopeless) or tries >= _tries_allowed(job):
            return None
        return RetryDecision(retry_at=timezone.now() + pause_after(tries))


async def run_ours(context: JobContext, **terms: Any) -> None:
    """Run one task of ours in a thread that may use the database."""
    await sync_to_async(_run, thread_sensitive=False)(cast(int, context.job.id), terms["backend"])


app.task(name=NAME, pass_context=True, retry=Patience())(run_ours)


def _run(job_id: int, alias: str) -> None:
    try:
        returned = perform(_result(JOBS.get(pk=job_id), alias))
        Outcome.objects.update_or_create(job=job_id, defaults={"returned": returned})
    except Exception as error:
        _keep(job_id, [get_module_path(type(error)), get_exception_traceback(error)[-4000:]])
        raise
    finally:
        connections.close_all()  # the thread is the event loop's; nobody else would close it


def _keep(job_id: int, failure: list[str]) -> None:
    outcome, _ = Outcome.objects.get_or_create(job=job_id)
    outcome.failures = [*outcome.failures, failure][-FAILURES_TOLD:]
    outcome.save()


class ProcrastinateBackend(BaseTaskBackend):
    """Jobs in Procrastinate's tables. ``OPTIONS: {"lease": seconds}`` is how long a killed worker's job waits."""

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
        terms = {
            "task": task.module_path,
            "args": normalize_json(args),
            "kwargs": normalize_json(kwargs),
            "tries": getattr(task, "tries", 1),
            "backend": self.alias,
        }
        job = app.configure_task(
            NAME, schedule_at=task.run_after, priority=task.priority, queue=f"{self.alias}.{task.queue_name}"
        )
        pk = once(getattr(task, "key", ""), lambda: job.defer(**terms), timezone.now())
        return self.get_result(str(pk))

    def get_result(self, result_id: str) -> TaskResult:
        """How the job stands. Raises TaskResultDoesNotExist."""
        job = JOBS.filter(pk=result_id, task_name=NAME).first() if result_id.isdigit() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return _result(job, self.alias)

    def work(self, stop: threading.Event, *, threads: int, now: Callable[[], datetime]) -> None:
        """Run jobs until `stop`; also bring back those of workers that died."""
        asyncio.run(self._work(stop, threads))

    def work_off(self, at: datetime) -> int:
        """Run everything that is due now, here. Returns how many tries were made."""
        before = _tries()
        asyncio.run(self._work_off())
        return _tries() - before

    async def _work(self, stop: threading.Event, threads: int) -> None:
        async with self._hands().open_async() as hands:
            works = [
                asyncio.create_task(self._worker(hands, wait=True, concurrency=threads)),
                asyncio.create_task(self._keep_rescuing(hands)),
                asyncio.create_task(_stopped(stop)),
            ]
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            for one in works:
                one.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            for one in done:
                one.result()

    async def _work_off(self) -> None:
        async with self._hands().open_async() as hands:
            await self._rescue(hands)
            await self._worker(hands, wait=False, listen_notify=False)

    def _hands(self) -> App:
        """The worker's own app: its connections are not Django's, so no transaction of ours runs into them."""
        hands = App(connector=cast(DjangoConnector, app.connector).get_worker_connector())
        hands.task(name=NAME, pass_context=True, retry=Patience())(run_ours)
        return hands

    async def _worker(self, hands: App, **terms: Any) -> None:
        seconds = self.lease.total_seconds()
        await hands.run_worker_async(
            queues=[f"{self.alias}.{name}" for name in sorted(self.queues)],
            install_signal_handlers=False,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=seconds / 3,
            stalled_worker_timeout=seconds,
            **terms,
        )

    async def _keep_rescuing(self, hands: App) -> None:
        while True:
            await self._rescue(hands)
            await asyncio.sleep(self.lease.total_seconds() / 2)

    async def _rescue(self, hands: App) -> None:
        """Jobs whose worker no longer says that it lives run again, unless that was their last try."""
        seconds = self.lease.total_seconds()
        for job in await hands.job_manager.get_stalled_jobs(task_name=NAME, seconds_since_heartbeat=seconds):
            if job.attempts + 1 >= _tries_allowed(job):
                await hands.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            else:
                await hands.job_manager.retry_job(job)

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """Jobs that failed for good, the latest first."""
        died = Max("procrastinateevent__at", filter=Q(procrastinateevent__type="failed"))
        jobs = JOBS.filter(task_name=NAME, status="failed").annotate(died=died)
        return [
            DeadLetter(str(j.pk), j.args["task"], j.died, told(_failures(j.pk))) for j in jobs.order_by("-died")[:limit]
        ]

    def try_again(self, result_id: str, at: datetime) -> str | None:
        """Give a dead letter all its tries once more. The id of the job that tries now, None if it is not dead.

        Procrastinate counts the tries of a job for ever, so the dead one makes place for a new one.
        """
        with transaction.atomic():
            dead = JOBS.select_for_update().filter(pk=result_id, status="failed").first()
            if dead is None:
                return None
            pk = app.configure_task(NAME, priority=dead.priority, queue=dead.queue_name).defer(**dead.args)
            Key.objects.filter(job=dead.pk).update(job=pk)
            JOBS.filter(pk=dead.pk).delete()
        return str(pk)

    def lag(self, at: datetime) -> Lag:
        """How far the workers are behind."""
        due = Q(scheduled_at=None) | Q(scheduled_at__lte=at)
        waiting = JOBS.filter(due, task_name=NAME, status="todo")
        since = waiting.annotate(asked=Max("procrastinateevent__at")).values_list("asked", "scheduled_at")[:1000]
        moments = [max(asked, scheduled or asked) for asked, scheduled in since]
        return Lag(len(moments), max(at - min(moments), timedelta()) if moments else timedelta())

    def tidy(self, at: datetime) -> None:
        """Forget what finished long ago; dead letters stay until somebody deals with them."""
        old = Q(procrastinateevent__type="succeeded", procrastinateevent__at__lt=at - KEPT)
        done = list(JOBS.filter(old, task_name=NAME).values_list("pk", flat=True))
        JOBS.filter(pk__in=done).delete()
        Outcome.objects.filter(job__in=done).delete()
        Key.objects.filter(at__lt=at - KEPT).delete()


async def _stopped(stop: threading.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.3)


def _tries() -> int:
    return EVENTS.filter(type="started").count()


def _failures(job: int) -> list[list[str]]:
    return next(iter(Outcome.objects.filter(job=job).values_list("failures", flat=True)), [])


def _result(job: ProcrastinateJob, alias: str) -> TaskResult:
    moments = dict(EVENTS.filter(job=job).order_by("id").values_list("type", "at"))
    outcome = Outcome.objects.filter(job=job.pk).first() or Outcome(job=job.pk)
    result: TaskResult = TaskResult(
        task=task_at(job.args["task"]),
        id=str(job.pk),
        status=STATUS.get(job.status, TaskResultStatus.FAILED),
        enqueued_at=moments.get("deferred"),
        started_at=moments.get("started"),
        finished_at=moments.get("succeeded") or moments.get("failed"),
        last_attempted_at=moments.get("started"),
        args=job.args["args"],
        kwargs=job.args["kwargs"],
        backend=alias,
        errors=[TaskError(exception_class_path=path, traceback=trace) for path, trace in outcome.failures],
        worker_ids=["procrastinate"] * (job.attempts + (job.status != "todo")),
    )
    object.__setattr__(result, "_return_value", outcome.returned)
    return result
