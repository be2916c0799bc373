"""What is owed, by when: made, kept, paused, at risk, broken, released."""

from datetime import timedelta

import pytest

from pitcrew.people.refusals import Refused
from pitcrew.promises import actions
from pitcrew.promises.models import Kind, Promise
from pitcrew.promises.policies import Facts
from pitcrew.promises.queries import open_promises
from tests.verify import verify

HOUR = timedelta(hours=1)


@pytest.fixture
def owed(cast, at) -> Promise:
    return owe(cast, at)


def owe(cast, at, minutes: int = 240, kind: str = Kind.SOLUTION) -> Promise:
    told = {"department": cast.front, "conversation": cast.conversation.pk, "minutes": minutes}
    return actions.promise(kind, **told, by=cast.by, at=at)


def fresh(promise: Promise) -> Promise:
    return Promise.everything.get(pk=promise.pk)


def test_a_promise_has_its_moment(cast, at):
    owed = verify(lambda: actions.promise(Kind.SOLUTION, department=cast.front, minutes=60, by=cast.by, at=at))
    assert fresh(owed).due_at == at + HOUR
    assert actions.promise(Kind.SOLUTION, department=cast.front, by=cast.by, at=at) is None
    with pytest.raises(Refused, match="passed"):
        actions.promise(Kind.CALL_BACK, department=cast.front, due_at=at, by=cast.by, at=at)
    with pytest.raises(Refused, match="between"):
        actions.promise(Kind.SOLUTION, department=cast.front, minutes=0, by=cast.by, at=at)


def test_a_kept_promise_is_waited_for_no_more(cast, at, owed):
    verify(lambda: actions.keep(owed, by=cast.by, at=at + HOUR))
    assert not open_promises(conversation=cast.conversation.pk).exists()
    assert fresh(owed).broken_at is None
    assert actions.break_due(by=cast.by, at=at + 9 * HOUR) == 0


def test_one_kept_too_late_was_broken_even_if_no_clock_has_looked(cast, at, owed):
    verify(lambda: actions.keep(owed, by=cast.by, at=at + 5 * HOUR))
    assert fresh(owed).broken_at and fresh(owed).kept_at


def test_a_released_promise_is_waited_for_no_more(cast, at, owed):
    verify(lambda: actions.release(owed, by=cast.by, at=at))
    assert not open_promises(conversation=cast.conversation.pk).exists()


def test_a_paused_promise_has_the_time_left_that_it_had(cast, at, owed):
    verify(lambda: actions.pause(owed, by=cast.by, at=at + HOUR))
    assert fresh(owed).left == 3 * 3600 and fresh(owed).due_at is None
    assert actions.break_due(by=cast.by, at=at + 90 * HOUR) == 0
    verify(lambda: actions.resume(owed, by=cast.by, at=at + 100 * HOUR))
    assert fresh(owed).due_at == at + 103 * HOUR
    actions.pause(owed, by=cast.by, at=at + 101 * HOUR)
    actions.resume(owed, by=cast.by, at=at + 111 * HOUR)
    assert fresh(owed).due_at == at + 113 * HOUR


def test_what_was_ended_too_early_is_owed_again(cast, at, owed):
    actions.keep(owed, by=cast.by, at=at + HOUR)
    verify(lambda: actions.revive(owed, by=cast.by, at=at + 11 * HOUR))
    assert fresh(owed).due_at == at + 14 * HOUR and fresh(owed).is_open


def test_a_pause_saves_nothing_that_is_due_already(cast, at, owed):
    actions.pause(owed, by=cast.by, at=at + 4 * HOUR)
    assert fresh(owed).paused_at is None
    assert actions.break_due(by=cast.by, at=at + 4 * HOUR) == 1


def test_it_is_warned_of_before_and_broken_after_each_once(cast, at, owed):
    assert actions.warn_due(by=cast.by, at=at + 2 * HOUR) == 0
    assert verify(lambda: actions.warn_due(by=cast.by, at=at + 3 * HOUR)) == 1
    assert actions.warn_due(by=cast.by, at=at + 3 * HOUR) == 0
    assert actions.break_due(by=cast.by, at=at + 3 * HOUR) == 0
    assert verify(lambda: actions.break_due(by=cast.by, at=at + 4 * HOUR)) == 1
    assert actions.break_due(by=cast.by, at=at + 5 * HOUR) == 0


def test_sweeps_move_what_they_are_named(cast, at, owed):
    assert verify(lambda: actions.warn([owed.pk], by=cast.by, at=at + 3 * HOUR)) == 1
    assert verify(lambda: actions.break_overdue([owed.pk], by=cast.by, at=at + 4 * HOUR)) == 1


def test_a_clock_that_jumps_breaks_only_what_is_due_and_nothing_twice(cast, at, owed):
    later = owe(cast, at, minutes=60 * 24 * 30)
    jumped = at + timedelta(days=2)
    assert actions.break_due(by=cast.by, at=jumped) == 1
    for moment in (at, jumped, at - timedelta(days=400), jumped + HOUR):
        assert actions.break_due(by=cast.by, at=moment) == 0
    assert fresh(owed).broken_at == jumped and fresh(later).broken_at is None


def test_one_bad_row_holds_up_nobody_but_itself(cast, at, owed, monkeypatch):
    bad = owe(cast, at)
    move = actions.sweeping.move

    def stumble(promise, *args, **told):
        if promise.pk == bad.pk:
            raise ValueError("unreadable")
        move(promise, *args, **told)

    monkeypatch.setattr(actions.sweeping, "move", stumble)
    assert actions.break_due(by=cast.by, at=at + 4 * HOUR) == 1
    assert fresh(owed).broken_at and not fresh(bad).broken_at


def test_other_hours_fit_a_promise_anew_from_its_beginning(cast, at, owed):
    verify(lambda: actions.refit(owed, cast.accounting, None, by=cast.by, at=at + HOUR))
    assert fresh(owed).department == cast.accounting and fresh(owed).due_at == at + 4 * HOUR


def test_without_a_policy_a_leg_owes_nothing_unless_minutes_are_named(cast, at):
    facts = Facts(cast.front.pk)
    assert actions.owe_for_leg(7, Kind.ACCEPTANCE, facts, by=cast.by, at=at) is None
    owed = verify(lambda: actions.owe_for_leg(7, Kind.COMPLETION, facts, minutes=30, by=cast.by, at=at))
    assert list(open_promises(leg=7)) == [owed]
    assert owed.due_at == at + HOUR / 2
