"""What a task may rely on, whichever queue runs it."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist

from tests.cli.conftest import until
from tests.jobs import work
from tests.jobs.queues import QUEUES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=QUEUES, ids=lambda queue: queue.alias)
def queue(request, transactional_db):
    request.param.empty()
    work.DONE.clear()
    yield request.param
    request.param.empty()


def test_what_was_asked_for_runs_once_and_its_result_is_kept(queue):
    asked = queue.ask(work.note, "hello")
    assert asked.status == TaskResultStatus.READY
    assert queue.work() == 1
    assert queue.work() == 0
    assert work.DONE == ["hello"]
    result = queue.result(asked)
    assert (result.status, result.return_value) == (TaskResultStatus.SUCCESSFUL, "HELLO")
    assert result.finished_at >= result.started_at >= result.enqueued_at


def test_a_transaction_that_rolls_back_asked_for_nothing(queue):
    with pytest.raises(RuntimeError), transaction.atomic():
        queue.ask(work.note, "never")
        queue.ask(work.note, "never", key="once")
        raise RuntimeError
    assert queue.work() == 0
    queue.ask(work.note, "now", key="once")
    assert queue.work() == 1


def test_the_same_key_is_the_same_job_even_after_it_has_finished(queue):
    first = queue.ask(work.note, "one", key="welcome:7")
    assert queue.ask(work.note, "one", key="welcome:7").id == first.id
    queue.work()
    assert queue.ask(work.note, "one", key="welcome:7").id == first.id
    queue.work()
    assert work.DONE == ["one"]
    assert queue.ask(work.note, "two", key="welcome:8").id != first.id


def test_of_many_that_ask_at_the_same_moment_under_one_key_one_is_heard(queue):
    if connection.vendor == "sqlite":  # there one writer at a time decides; asking in turn is all that can happen
        ids = {queue.ask(work.note, "x", key="race").id for _ in range(8)}
    else:
        ids = asked_in_threads(queue, 8)
    assert len(ids) == 1
    queue.work()
    assert work.DONE == ["x"]


def asked_in_threads(queue, many: int) -> set[str]:
    ids, gate = set(), threading.Barrier(many)

    def ask() -> None:
        gate.wait(30)
        ids.add(queue.ask(work.note, "x", key="race").id)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ids


def test_what_is_more_urgent_runs_first_and_equals_in_turn(queue):
    for text, priority in (("later", -5), ("first", 10), ("a", 0), ("b", 0)):
        queue.ask(work.note, text, priority=priority)
    queue.work()
    assert work.DONE == ["first", "a", "b", "later"]


def test_what_has_a_moment_waits_for_it(queue):
    queue.ask(work.note, "tomorrow", run_after=timezone.now() + timedelta(days=1))
    assert queue.work() == 0
    queue.let_time_pass()
    assert queue.work() == 1


def test_what_fails_is_tried_again_later_and_at_last_lies_where_people_see_it(queue):
    asked = queue.ask(work.fail, "bread")
    for tries in (1, 2, 3):
        assert queue.work() == 1
        assert queue.work() == 0, "the next try comes after a pause"
        assert len(work.DONE) == tries
        queue.let_time_pass()
    assert queue.work() == 0
    (letter,) = queue.backend.dead_letters()
    assert (letter.id, letter.task) == (asked.id, "tests.jobs.work.fail")
    assert letter.why == "ValueError: no bread today"
    result = queue.result(asked)
    assert result.status == TaskResultStatus.FAILED
    assert [error.exception_class for error in result.errors] == [ValueError] * 3


def test_a_dead_letter_can_be_given_all_its_tries_again(queue):
    asked = queue.ask(work.fail, "bread", tries=1, key="bread")
    queue.work()
    again = queue.backend.try_again(asked.id, timezone.now())
    assert queue.backend.dead_letters() == []
    assert queue.ask(work.fail, "bread", key="bread").id == again
    assert queue.work() == 1
    assert len(queue.backend.dead_letters()) == 1
    assert queue.backend.try_again("999999", timezone.now()) is None


def test_what_is_hopeless_is_not_tried_again(queue):
    queue.ask(work.give_up)
    queue.work()
    queue.let_time_pass()
    assert queue.work() == 0
    assert work.DONE == ["gave up"]
    assert "that address does not exist" in queue.backend.dead_letters()[0].why


def test_a_task_knows_which_try_it_is(queue):
    queue.ask(work.say_which_try)
    queue.work()
    queue.let_time_pass()
    queue.work()
    assert work.DONE == ["try 1", "try 2"]


def test_a_coroutine_is_a_task_too(queue):
    queue.ask(work.note_later, "async")
    queue.work()
    assert work.DONE == ["async"]


def test_one_that_fails_does_not_hold_up_the_next(queue):
    queue.ask(work.fail, "first")
    queue.ask(work.note, "second")
    queue.work()
    assert work.DONE == ["first", "second"]


def test_the_lag_says_how_much_is_due_and_since_when(queue):
    now = timezone.now()
    assert queue.backend.lag(now).due == 0
    queue.ask(work.note, "now")
    queue.ask(work.note, "tomorrow", run_after=now + timedelta(days=1))
    lag = queue.backend.lag(now + timedelta(minutes=5))
    assert lag.due == 1
    assert timedelta(minutes=4) < lag.oldest <= timedelta(minutes=5)


def test_what_finished_is_forgotten_after_a_week_and_dead_letters_are_not(queue):
    asked, dead = queue.ask(work.note, "old", key="old"), queue.ask(work.fail, "x", tries=1)
    queue.work()
    queue.let_a_week_pass()
    with pytest.raises(TaskResultDoesNotExist):
        queue.result(asked)
    assert queue.result(dead).status == TaskResultStatus.FAILED
    assert queue.ask(work.note, "new", key="old").id != asked.id


def test_an_impossible_priority_is_refused_when_asking(queue):
    with pytest.raises(InvalidTaskError):
        queue.ask(work.note, "x", priority=1000)


def test_a_task_whose_worker_was_killed_runs_again(queue, tmp_path):
    """The real thing: a worker process, kill -9 in the middle of a task, another worker."""
    start = starter(queue.alias, tmp_path)
    assert start("prepare").wait(120) == 0
    assert start("ask", str(tmp_path)).wait(60) == 0
    worker = start("work")
    try:
        until((tmp_path / "first").exists, "the task to begin")
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(60)
        worker = start("work")
        until((tmp_path / "again").exists, "the task to run again")
    finally:
        worker.kill()
        worker.wait(60)


def starter(alias: str, folder: Path):
    environment = os.environ | {
        "PITCREW_DATA": str(folder),
        "PITCREW_JOBS_LEASE": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    if connection.vendor == "postgresql":
        at = connection.settings_dict
        secret = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
        environment["DATABASE_URL"] = f"postgres://{at['USER']}{secret}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"

    def start(*words: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "-m", "tests.jobs.worker_process", alias, *words], env=environment)

    return start
