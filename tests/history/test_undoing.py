"""Taking back and bringing forward again."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions, events
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Message, State, Tag, Tagging
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import preview, undo
from pitcrew.history.writing import change, operation, together
from pitcrew.people import actions as people
from pitcrew.people.models import Department, Identity, Staff
from pitcrew.people.refusals import Refused
from tests.verify import assert_log_tells_all, assert_same, state


@pytest.fixture
def back(cast, at):
    """Undo the newest operation of an actor (or the one before that ...)."""

    def take_back(by=cast.by, nth=-1):
        return undo(Operation.objects.filter(pk=by.did[nth]), by=cast.by, at=at)

    return take_back


def only(name):
    return Operation.objects.filter(verb=name)


def test_an_undo_an_undo_of_the_undo_and_so_on(cast, at, back):
    actions.close(cast.conversation, by=cast.by, at=at)
    for expected in (State.OPEN, State.DONE, State.OPEN, State.DONE, State.OPEN):
        back()
        assert Conversation.objects.get().state == expected
        assert_log_tells_all()


def test_twice_is_once(cast, at, back):
    actions.close(cast.conversation, by=cast.by, at=at)
    back()
    assert back(nth=-2).comes_back == []
    assert Operation.objects.filter(is_undo=True).count() == 1


def test_what_was_changed_later_stays_until_that_is_taken_back_too(cast, at, back):
    actions.close(cast.conversation, by=cast.by, at=at)
    ben = Actor("agent", cast.ben.pk)
    actions.snooze(cast.conversation, at + timedelta(days=1), by=ben, at=at)
    told = back()
    assert [line.kind for line in told.conflicts] == ["conversation.snoozed"]
    assert Conversation.objects.get().state == State.SNOOZED
    back(ben)
    assert Conversation.objects.get().state == State.OPEN
    assert_log_tells_all()


def test_a_redo_under_later_work_says_so(cast, at, back):
    actions.close(cast.conversation, by=cast.by, at=at)
    back()
    actions.snooze(cast.conversation, at + timedelta(days=1), by=Actor("agent", 3), at=at)
    told = back()
    assert [line.kind for line in told.conflicts] == ["conversation.snoozed"]
    assert Conversation.objects.get().state == State.SNOOZED


def test_a_preview_changes_nothing(cast, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    before, events = state(), Event.objects.count()
    told = preview(only("conversations.close"), at=at)
    assert [line.changes for line in told.comes_back] == [{"state": ["done", "open"]}]
    assert_same(state(), before)
    assert Event.objects.count() == events


def test_what_has_left_the_house_stays_left(cast, at, back):
    answer = actions.reply(cast.conversation, "Soon.", to=["martin@customer.test"], by=cast.by, at=at)
    leave(answer, by=cast.by, at=at)
    told = undo(Operation.objects.filter(pk__in=cast.by.did), by=cast.by, at=at)
    assert {line.kind for line in told.stays} == {"message.left"}
    assert Message.objects.get(pk=answer.pk).left_at == at
    assert Conversation.objects.get().state == State.OPEN
    assert_log_tells_all()


@operation
def leave(message, *, by, at):
    change(message, events.MESSAGE_LEFT, left_at=at)


def test_a_name_that_was_taken_meanwhile_is_a_conflict_and_no_crash(cast, at, back):
    returns = people.open_department("Returns", by=cast.by, at=at)
    back()
    people.open_department("Returns", by=Actor("pitcrew", "setup"), at=at)
    told = back()
    assert [line.reason for line in told.conflicts] == ["Another department has its place now."]
    assert Department.everything.get(pk=returns.pk).retired_at is not None
    assert_log_tells_all()


def test_a_name_that_was_given_away_is_a_conflict(cast, at, back):
    people.change_department(cast.front, name="Desk", by=cast.by, at=at)
    people.open_department("Front desk", by=Actor("pitcrew", "setup"), at=at)
    told = back()
    assert [line.reason for line in told.conflicts] == ["Another department has its place now."]
    assert Department.objects.get(pk=cast.front.pk).name == "Desk"


def test_names_that_were_exchanged_are_exchanged_back(cast, at):
    before = state()
    for department, name in ((cast.front, "x"), (cast.accounting, "Front desk"), (cast.front, "Accounting")):
        people.change_department(department, name=name, by=cast.by, at=at)
    undo(only("people.change_department"), by=cast.by, at=at)
    assert_same(state(), before)
    assert_log_tells_all()


def test_a_tag_that_another_conversation_wears_stays(cast, at, back):
    other = actions.receive(
        Incoming(channel="email", address="x@customer.test"), by=Actor("customer", "x"), at=at
    ).conversation
    actions.tag(cast.conversation, "card", by=cast.by, at=at)
    actions.tag(other, "card", by=cast.by, at=at)
    told = back(nth=-2)
    assert [line.reason for line in told.conflicts] == ["Something else needs it now."]
    assert Tagging.objects.get().conversation == other
    assert Tag.objects.get().name == "card"
    assert_log_tells_all()


def test_nothing_comes_back_that_refers_to_what_is_gone(cast, at, back):
    actions.tag(cast.conversation, "card", by=cast.by, at=at)
    actions.untag(cast.conversation, "card", by=cast.by, at=at)
    back(nth=-2)
    assert not Tag.objects.exists()
    told = back(nth=-2)
    assert not Tagging.objects.exists()
    assert [line.reason for line in told.conflicts] == [f"Tag {Tag.everything.get().pk} is not there any more."]
    assert_log_tells_all()


def test_a_transfer_back_to_a_department_that_closed_is_seen_by_everybody_on_the_desk(cast, at, back):
    returns = people.open_department("Returns", by=cast.by, at=at)
    actions.transfer(cast.conversation, returns, by=cast.by, at=at)
    actions.transfer(cast.conversation, cast.accounting, by=cast.by, at=at)
    people.close_department(returns, by=cast.by, at=at)
    back(nth=-2)
    assert Conversation.objects.visible_to(cast.ben).get().department == returns
    assert_log_tells_all()


def test_a_transfer_back_to_a_department_that_was_never_opened_is_a_conflict(cast, at, back):
    returns = people.open_department("Returns", by=cast.by, at=at)
    actions.transfer(cast.conversation, returns, by=cast.by, at=at)
    actions.transfer(cast.conversation, cast.accounting, by=cast.by, at=at)
    back(nth=-3)
    told = back(nth=-2)
    assert [line.reason for line in told.conflicts] == [f"Department {returns.pk} is not there any more."]
    assert Conversation.objects.get().department == cast.accounting
    assert_log_tells_all()


def test_the_last_administrator_is_not_undone_away(cast, at):
    before = state()
    with pytest.raises(Refused, match="administrator"):
        undo(only("people.hire").order_by("id")[:1], by=cast.by, at=at)
    assert_same(state(), before)
    assert Staff.objects.filter(is_administrator=True, deactivated_at=None).exists()


def test_a_bulk_act_one_rule_and_a_whole_afternoon(cast, at):
    rule = Actor("rule", 17)
    others = [
        actions.receive(
            Incoming(channel="email", address=f"{n}@customer.test"), by=Actor("customer", n), at=at
        ).conversation
        for n in range(3)
    ]
    before = state()
    for n, conversation in enumerate(others):
        actions.tag(conversation, "auto", by=rule, at=at + timedelta(minutes=n))
        actions.assign(conversation, cast.ben, by=rule, at=at + timedelta(minutes=n))
    afternoon = Operation.objects.filter(actor=str(rule), at__gte=at, at__lt=at + timedelta(hours=1))
    undo(afternoon, by=cast.by, at=at)
    assert_same(state(), before)


def test_an_undo_is_an_act_of_its_own(cast, at):
    with pytest.raises(RuntimeError, match="act of its own"), together():
        undo(only("people.hire"), by=cast.by, at=at)


def test_joining_customers_is_undone_even_after_one_was_met_again(cast, at, back):
    zoe = people.meet("email", "zoe@customer.test", name="Zoe", by=cast.by, at=at)
    people.join_customers(cast.martin, zoe, by=cast.by, at=at)
    actions.receive(Incoming(channel="email", address="zoe@customer.test"), by=Actor("customer", "zoe"), at=at)
    back()
    assert Identity.objects.get(value="zoe@customer.test").customer == zoe
    assert_log_tells_all()
