"""Sweeps: every due row by itself."""

from datetime import timedelta

from pitcrew.jobs.models import Beat
from pitcrew.jobs.sweeping import set_aside, sweep, take_up_again
from pitcrew.people.models import Department


def test_a_row_that_raises_takes_back_what_it_did_and_the_others_go_on(cast, at):
    def act(department):
        Beat.objects.create(name=department.name)
        if department == cast.front:
            raise ValueError("closed today")

    assert sweep("test", Department.objects.order_by("id"), act, at) == 1
    assert [beat.name for beat in Beat.objects.all()] == ["Accounting"]


def test_a_row_that_raises_three_times_is_set_aside_until_somebody_takes_it_up_again(cast, at):
    tried = []

    def act(department):
        tried.append(department.pk)
        raise ValueError("closed today")

    rows = Department.objects.filter(pk=cast.front.pk)
    for minutes in (0, 0, 1, 2, 4, 60, 600):
        sweep("test", rows, act, at + timedelta(minutes=minutes))
    assert len(tried) == 3
    (stuck,) = set_aside("test")
    assert (stuck.row, stuck.failure) == (cast.front.pk, "ValueError: closed today")
    take_up_again(stuck)
    sweep("test", rows, act, at + timedelta(days=1))
    assert len(tried) == 4
    assert set_aside() == []


def test_one_sweep_does_not_hold_back_the_rows_of_another(cast, at):
    def raise_always(department):
        raise ValueError

    rows = Department.objects.all()
    sweep("one", rows, raise_always, at)
    assert sweep("two", rows, lambda department: None, at) == 2
