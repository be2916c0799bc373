"""The queue on our own database: who has a job, and for how long."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks import default_task_backend as queue

from pitcrew.jobs.models import Job
from tests.cli.conftest import until
from tests.jobs import work

LEASE = timedelta(seconds=15)


@pytest.fixture
def asked(db):
    """One job that waits, and the moment it was asked for."""
    work.DONE.clear()
    return Job.objects.get(pk=work.note.enqueue("hello").id)


def test_a_job_is_given_to_one_worker(asked):
    now = timezone.now()
    assert queue.take("a", now).pk == asked.pk
    assert queue.take("b", now) is None


def test_of_two_that_saw_the_same_job_one_gets_it(asked, monkeypatch):
    now = timezone.now()
    seen = Job.objects.get(pk=asked.pk)
    assert queue.take("a", now)
    first = type(Job.objects.all()).first
    stale = iter([seen])
    monkeypatch.setattr("django.db.models.QuerySet.first", lambda rows: next(stale, None) or first(rows))
    assert queue.take("b", now) is None


def test_a_lease_that_ends_gives_the_job_to_the_next(asked):
    now = timezone.now()
    queue.take("a", now)
    assert queue.take("b", now + LEASE - timedelta(seconds=1)) is None
    assert queue.take("b", now + LEASE).tries == 2


def test_a_lease_that_is_renewed_does_not_end(asked):
    now = timezone.now()
    queue.take("a", now)
    assert queue.renew(["a"], now + timedelta(seconds=10)) == 1
    assert queue.take("b", now + LEASE) is None


def test_a_worker_that_slept_past_its_lease_changes_nothing_any_more(asked):
    now = timezone.now()
    slow = queue.take("slow", now)
    quick = queue.take("quick", now + LEASE)
    queue.do(slow)
    asked.refresh_from_db()
    assert (asked.finished_at, asked.worker) == (None, "quick")
    queue.do(quick)
    asked.refresh_from_db()
    assert asked.finished_at


def test_a_task_that_kills_its_worker_every_time_becomes_a_dead_letter(db):
    work.fail.enqueue("bread")
    now = timezone.now()
    for tries in range(3):
        assert queue.take("doomed", now + tries * LEASE)
    assert queue.work_off(now + 3 * LEASE) == 1
    assert queue.dead_letters()[0].why == "Its worker was killed every time it ran."


def test_a_task_that_no_longer_exists_fails_with_its_name(asked):
    Job.objects.update(task="pitcrew.gone.vanished", tries_allowed=1)
    queue.work_off(timezone.now())
    assert "pitcrew.gone" in queue.dead_letters()[0].why


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_work_and_stop_when_told():
    work.DONE.clear()
    for number in range(20):
        work.note.enqueue(str(number))
    stop = threading.Event()
    threads = 2 if connection.vendor == "postgresql" else 1
    worker = threading.Thread(target=lambda: queue.work(stop, threads=threads, now=timezone.now))
    if connection.vendor == "sqlite":
        connection.inc_thread_sharing()
    worker.start()
    until(lambda: len(work.DONE) == 20, "all jobs")
    stop.set()
    worker.join(30)
    assert not worker.is_alive()
    assert sorted(work.DONE, key=int) == [str(n) for n in range(20)]
