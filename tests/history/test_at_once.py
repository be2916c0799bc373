"""What two do at the same moment: once where it is the same, one after the other where it is not."""

import pytest

from pitcrew.conversations import actions
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Following, State, Tag, Tagging
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import undo
from pitcrew.people import actions as people
from pitcrew.people.models import Customer, Identity, Staff
from pitcrew.people.refusals import Refused
from tests.threads import at_once
from tests.verify import assert_log_tells_all

pytestmark = pytest.mark.django_db(transaction=True)


def agent(n):
    return Actor("agent", n)


def test_a_stranger_who_writes_twice_at_once_is_one_customer(cast, at):
    letter = Incoming(channel="email", address="twin@customer.test", text="Hello")
    done = at_once(*[lambda: actions.receive(letter, by=Actor("customer", "twin"), at=at)] * 4)
    assert not [failure for failure in done if isinstance(failure, Exception)]
    assert Identity.objects.filter(value="twin@customer.test").count() == 1
    assert Customer.objects.count() == 2
    assert_log_tells_all()


def test_one_tag_and_one_follower_however_many_add_them(cast, at):
    one = lambda: Conversation.objects.get(pk=cast.conversation.pk)  # noqa: E731
    works = [lambda: actions.tag(one(), "card", by=cast.by, at=at)] * 3
    works += [lambda: actions.follow(one(), cast.ben, by=cast.by, at=at)] * 3
    assert at_once(*works) == [None] * 6
    assert (Tag.objects.count(), Tagging.objects.count(), Following.objects.count()) == (1, 1, 1)
    assert_log_tells_all()


def test_two_who_undo_the_same_undo_it_once(cast, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    closing = Operation.objects.filter(pk=cast.by.did[-1])
    told = at_once(*[lambda: undo(closing.all(), by=agent(9), at=at)] * 3)
    assert sorted(len(t.comes_back) for t in told) == [0, 0, 1]
    assert Operation.objects.filter(is_undo=True).count() == 1
    assert Conversation.objects.get().state == State.OPEN


def test_two_administrators_cannot_dismiss_each_other_at_once(cast, at):
    eve = people.hire("eve@company.test", "Eve", is_administrator=True, by=cast.by, at=at)
    done = at_once(
        lambda: people.deactivate(Staff.objects.get(pk=cast.ada.pk), by=agent(eve.pk), at=at),
        lambda: people.deactivate(Staff.objects.get(pk=eve.pk), by=agent(cast.ada.pk), at=at),
    )
    assert len([failure for failure in done if isinstance(failure, Refused)]) == 1
    assert Staff.objects.filter(is_administrator=True, deactivated_at=None).count() == 1


def test_changes_of_one_row_at_once_are_all_told_in_their_order(cast, at):
    def rename(n):
        actions.rename(Conversation.objects.get(pk=cast.conversation.pk), f"Name {n}", by=agent(n), at=at)

    assert at_once(*[lambda n=n: rename(n) for n in range(8)]) == [None] * 8
    told = Event.objects.filter(kind="conversation.renamed").order_by("id")
    steps = [event.changes["subject"] for event in told]
    assert len(steps) == 8
    assert all(earlier[1] == later[0] for earlier, later in zip(steps, steps[1:], strict=False))
    assert_log_tells_all()


def test_bulk_acts_and_undos_on_the_same_rows_do_not_deadlock(cast, at):
    for n in range(12):
        letter = Incoming(channel="email", address=f"c{n}@customer.test", text="Hello")
        actions.receive(letter, by=Actor("customer", n), at=at)
    ids = list(Conversation.objects.values_list("pk", flat=True))
    actions.tag_many(ids, "one", by=cast.by, at=at)
    tagging = Operation.objects.filter(pk=cast.by.did[-1])
    done = at_once(
        lambda: actions.close_many(ids, by=agent(1), at=at),
        lambda: actions.assign_many(ids[::-1], cast.ben, by=agent(2), at=at),
        lambda: actions.tag_many(ids, "two", by=agent(3), at=at),
        lambda: actions.transfer_many(ids[::2], cast.accounting, by=agent(4), at=at),
        lambda: undo(tagging, by=agent(5), at=at),
    )
    assert not [failure for failure in done if isinstance(failure, Exception) and not isinstance(failure, Refused)]
    assert_log_tells_all()
