"""The clock: what it calls, when, and what happens when something raises."""

from datetime import timedelta

import pytest

from pitcrew.jobs import clock, lease
from pitcrew.jobs.models import Beat, Lease

SECOND = timedelta(seconds=1)


@pytest.fixture
def calls(monkeypatch, db):
    """An empty clock; what was called is written down here."""
    monkeypatch.setattr(clock, "CALLINGS", {})
    return []


def test_what_is_due_is_called_with_the_moment(calls, at):
    clock.every(10)(lambda at: calls.append(at))
    assert clock.tick(at) == 1
    assert clock.tick(at + 9 * SECOND) == 0
    assert clock.tick(at + 10 * SECOND) == 1
    assert calls == [at, at + 10 * SECOND]


def test_one_that_raises_is_kept_visible_called_later_and_does_not_hold_up_the_others(calls, at):
    @clock.every(1)
    def broken(at):
        raise ValueError("no room")

    clock.every(1)(lambda at: calls.append(at))
    clock.tick(at)
    assert calls == [at]
    beat = Beat.objects.get()
    assert (beat.failures, beat.failure) == (1, "ValueError: no room")
    assert clock.tick(at + 4 * SECOND) == 1, "the broken one waits longer than its interval"
    clock.tick(at + 5 * SECOND)
    beat.refresh_from_db()
    assert beat.failures == 2


def test_one_that_works_again_is_no_longer_told(calls, at):
    @clock.every(1)
    def mending(at):
        if not calls:
            calls.append(at)
            raise ValueError

    clock.tick(at)
    clock.tick(at + 5 * SECOND)
    beat = Beat.objects.get()
    assert (beat.failures, beat.failure) == (0, "")


def test_a_restart_does_not_call_rare_things_early_nor_late(calls, at):
    clock.every(86400)(lambda at: calls.append(at))
    clock.tick(at)
    for calling in clock.CALLINGS.values():
        calling.next_at = None  # the process ended here
    clock.remember()
    assert clock.tick(at + timedelta(hours=23)) == 0
    assert clock.tick(at + timedelta(hours=25)) == 1


def test_one_holder_at_a_time(db, at):
    assert lease.hold("clock", "there:1:a", at)
    assert not lease.hold("clock", "there:2:b", at + 29 * SECOND)
    assert lease.hold("clock", "there:1:a", at + 29 * SECOND), "renewed"
    assert not lease.hold("clock", "there:2:b", at + 31 * SECOND)
    assert lease.hold("clock", "there:2:b", at + 60 * SECOND), "not heard of any more"


def test_a_lease_that_was_let_go_is_free_at_once(db, at):
    lease.hold("clock", "there:1:a", at)
    lease.let_go("clock", "there:1:a")
    assert lease.hold("clock", "there:2:b", at)


def test_nobody_waits_for_a_process_of_this_machine_that_is_gone(db, at):
    gone = lease.me().split(":")[0] + ":999999999:x"
    lease.hold("clock", gone, at)
    assert lease.hold("clock", lease.me(), at + SECOND)


def test_a_process_of_this_machine_that_lives_keeps_its_lease(db, at):
    lease.hold("clock", lease.me(), at)
    assert not lease.hold("clock", lease.me(), at + SECOND)
    assert Lease.objects.count() == 1
