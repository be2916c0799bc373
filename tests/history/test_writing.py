"""Saving rows: what may change, and what may not."""

import pytest

from pitcrew.conversations import events
from pitcrew.conversations.models import Message
from pitcrew.history.batches import Unwritten, write_later
from pitcrew.history.models import Event, Operation
from pitcrew.history.reading import rebuilt
from pitcrew.history.writing import begin, change, change_by_id, in_one, recording, settle
from pitcrew.people import events as people
from pitcrew.people.models import Customer


def test_what_is_written_once_does_not_change(cast, at):
    with recording("test.edit", by=cast.by, at=at):
        with pytest.raises(TypeError, match="subject of a Message is written once"):
            change(cast.message, events.MESSAGE_MOVED, subject="Another")
        with pytest.raises(TypeError, match="address of a Message is written once"):
            change_by_id(Message, [cast.message.pk], events.MESSAGE_MOVED, address="other@customer.test")


def test_a_birth_does_not_repeat_what_is_written_once(cast):
    born = Event.objects.get(kind=events.MESSAGE_RECEIVED, subject_id=cast.message.pk)
    assert set(born.changes) == {"conversation_id", "customer_id"}


def meet(cast, at, name):
    with recording("test.meet", by=cast.by, at=at):
        return begin(Customer, people.CUSTOMER_MET, name=name)


def test_a_batch_writes_rows_and_log_as_each_for_itself_would(cast, at):
    with in_one():
        some = [meet(cast, at, name) for name in ("Ann", "Ben", "Cleo")]
        with recording("test.change", by=cast.by, at=at):
            change(some[0], people.CUSTOMER_CHANGED, name="Anna")
    kept = Customer.objects.filter(pk__in=[one.pk for one in some]).order_by("pk")
    assert [one.name for one in kept] == ["Anna", "Ben", "Cleo"]
    assert [rebuilt(Customer, one.pk) for one in kept] == [one.snapshot() for one in kept]
    assert Operation.objects.filter(verb="test.meet").count() == 3
    assert meet(cast, at, "Dora").pk > some[-1].pk


def test_a_query_in_a_batch_sees_what_was_handed_over(cast, at):
    with in_one():
        ann = meet(cast, at, "Ann")
        assert Customer.objects.get(pk=ann.pk).name == "Ann"
        with recording("test.change", by=cast.by, at=at):
            settle(cast.conversation, preview="new words")
            change(ann, people.CUSTOMER_CHANGED, name="Anna")
        assert type(cast.conversation).objects.get(preview="new words") == cast.conversation
        ben = meet(cast, at, "Ben")
    assert [one.name for one in Customer.objects.filter(pk__in=[ann.pk, ben.pk]).order_by("pk")] == ["Anna", "Ben"]


def test_what_hangs_on_rows_is_written_after_them_and_together(cast, at):
    told = []
    with in_one():
        for name in ("Ann", "Ben"):
            write_later(told.append, meet(cast, at, name).pk)
        assert not told
    assert len(told) == 1 and Customer.objects.filter(pk__in=told[0]).count() == 2


def test_an_operation_that_fails_half_way_ends_its_batch(cast, at):
    before = Operation.objects.count()
    with pytest.raises(Unwritten), in_one():
        meet(cast, at, "Ann")
        with pytest.raises(KeyError), recording("test.fail", by=cast.by, at=at):
            begin(Customer, people.CUSTOMER_MET, name="Ben")
            raise KeyError
    assert not Customer.objects.filter(name__in=["Ann", "Ben"]).exists()
    assert Operation.objects.count() == before


def test_an_operation_that_fails_before_it_wrote_takes_nothing_with_it(cast, at):
    with in_one():
        meet(cast, at, "Ann")
        with pytest.raises(KeyError), recording("test.fail", by=cast.by, at=at):
            raise KeyError
    assert Customer.objects.filter(name="Ann").exists()


def test_what_the_database_refuses_ends_its_batch(cast, at):
    with pytest.raises(Unwritten), in_one():
        meet(cast, at, "Ann")
        with recording("test.meet", by=cast.by, at=at):
            begin(Customer, people.CUSTOMER_MET, name=None)
    assert not Customer.objects.filter(name="Ann").exists()
