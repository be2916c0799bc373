"""`pitcrew doctor`: what is whole, what lives, and the mend for what is not."""

import sqlite3
from datetime import timedelta

import pytest
from django.utils import timezone

from pitcrew.cli import liveliness, wholeness
from pitcrew.cli.findings import Finding, examine
from pitcrew.history.models import Follower
from pitcrew.jobs.models import Beat, Lease
from tests.cli.conftest import answers, until
from tests.jobs import work
from tests.ports import free_port


def test_what_cannot_be_looked_at_is_a_finding_and_the_next_part_is_looked_at():
    def broken():
        raise RuntimeError("no disk")

    found = list(examine([("disk", broken), ("rest", lambda: Finding("rest", "fine."))]))
    assert "no disk" in str(found[0]) and found[0].mend
    assert str(found[1]) == "well  rest: fine."


def test_a_clock_that_nobody_holds_is_found(db):
    assert "does not run" in liveliness.clock().says
    Lease.objects.create(name="clock", holder="here:1:x", until=timezone.now() + timedelta(seconds=9))
    assert liveliness.clock().mend == ""


def test_something_the_clock_calls_in_vain_is_found(db):
    Lease.objects.create(name="clock", holder="here:1:x", until=timezone.now() + timedelta(seconds=9))
    Beat.objects.create(name="email.send", failures=4, failure="OSError: no route")
    assert "email.send has failed 4 times in a row (OSError: no route)" in liveliness.clock().says


@pytest.mark.django_db(transaction=True)
def test_jobs_that_nobody_takes_and_jobs_that_failed_are_found():
    work.give_up.enqueue()
    assert liveliness.worker().mend == ""
    work.give_up.get_backend().work_off(timezone.now())
    assert "that address does not exist" in liveliness.dead_letters().says
    work.note.using(run_after=timezone.now() - timedelta(hours=1)).enqueue("late")
    assert "1 jobs are due, the oldest for 60 minutes" in liveliness.worker().says


def test_a_follower_that_cannot_digest_an_event_is_found(db):
    Follower.objects.create(name="promises.start", failures=1, failure="KeyError('x')")
    assert "promises.start cannot digest" in liveliness.followers().says


def test_little_room_on_the_disk_is_found(monkeypatch):
    assert liveliness.disk().part == "disk"
    monkeypatch.setattr(liveliness, "LITTLE", 10**18)
    assert "Make room" in liveliness.disk().mend


def test_another_program_on_the_mail_port_is_found(monkeypatch):
    monkeypatch.setattr(liveliness, "mail_remembered", lambda: ("127.0.0.1", free_port()))
    assert "nothing answers" in liveliness.mail_port().says


def test_a_running_pitcrew_is_well_and_a_quick_look_does_not_disturb_it(pitcrew):
    port = free_port()
    up = pitcrew("up", "--port", str(port), "--smtp-port", str(free_port()))
    until(lambda: answers(port), "the first page")
    quick = pitcrew("doctor", "--quick")
    assert quick.ended() == 0, quick.said
    until(lambda: pitcrew("doctor").ended() == 0, "everything to be well")
    assert answers(port)
    assert up.stop() == 0
    after = pitcrew("doctor")
    assert after.ended() == 1
    assert "pitcrew up" in after.said and "Traceback" not in after.said


def test_a_damaged_database_is_found_and_the_mend_is_said(pitcrew, tmp_path):
    folder = tmp_path / "data"
    assert pitcrew("sign-in-link").ended() == 0
    path = folder / "pitcrew.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    for start in range(4096 * 3, len(content) - 4096, 8192):
        content[start : start + 2000] = b"\xff" * 2000
    path.write_bytes(content)
    quick = pitcrew("doctor", "--quick")
    assert quick.ended() == 1
    assert "backup" in quick.said and "Traceback" not in quick.said


def test_a_file_that_is_gone_is_found(cast, monkeypatch, settings, tmp_path):
    settings.DATA = tmp_path
    rows = [("ab" * 32, 5, "scan.pdf")]
    assert "0 kept" in wholeness.kept_files().says

    class Rows:
        def iterator(self, many):
            return iter(rows)

    monkeypatch.setattr("django.db.models.QuerySet.distinct", lambda self: Rows())
    found = wholeness.kept_files()
    assert "scan.pdf" in found.says and found.mend
    path = wholeness.files().path("ab" * 32)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"12345")
    assert wholeness.kept_files().mend == ""
