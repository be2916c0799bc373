"""The backends under test, each with what a test must be able to do to it."""

from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task_backends

from pitcrew.jobs.models import OPEN, Job, Key

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


class Queue:
    """A backend by its alias."""

    alias = "default"

    @property
    def backend(self):
        return task_backends[self.alias]

    def ask(self, task, *args, **terms):
        return task.using(backend=self.alias, **terms).enqueue(*args)

    def work(self) -> int:
        return self.backend.work_off(timezone.now())

    def result(self, one):
        return self.backend.get_result(one.id)

    def let_time_pass(self) -> None:
        """Every pause and every lease is over."""
        Job.objects.filter(OPEN).update(due_at=LONG_AGO)

    def let_a_week_pass(self) -> None:
        self.backend.tidy(timezone.now() + timedelta(days=8))

    def empty(self) -> None:
        Job.objects.all().delete()
        Key.objects.all().delete()


class Procrastinate(Queue):
    alias = "procrastinate"

    def let_time_pass(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = %s WHERE status = 'todo'", [LONG_AGO])
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = %s", [LONG_AGO])

    def empty(self) -> None:
        QuerySet(apps.get_model("procrastinate", "ProcrastinateJob")).delete()
        Key.objects.all().delete()


QUEUES = [Queue()] + ([Procrastinate()] if "procrastinate" in settings.TASKS else [])
