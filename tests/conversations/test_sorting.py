"""Handing around and putting away."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions
from pitcrew.conversations.models import Conversation, Place, State
from pitcrew.people import actions as people
from pitcrew.people.refusals import Refused
from tests.verify import verify


def test_closing_and_undo(cast, at):
    verify(lambda: actions.close(cast.conversation, by=cast.by, at=at))
    assert Conversation.objects.get().state == State.DONE


def test_closing_twice_is_once(cast, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    actions.close(cast.conversation, by=cast.by, at=at)
    assert len(cast.by.did) == 1


def test_closing_many_is_one_operation(cast, at):
    assert verify(lambda: actions.close_many([cast.conversation.pk], by=cast.by, at=at)) == 1


def test_snoozing_into_the_past_is_refused(cast, at):
    with pytest.raises(Refused, match="has passed"):
        actions.snooze(cast.conversation, at, by=cast.by, at=at)


def test_what_is_snoozed_wakes_when_due(cast, at):
    verify(lambda: actions.snooze(cast.conversation, at + timedelta(hours=1), by=cast.by, at=at))
    assert actions.wake_due(by=cast.by, at=at) == 0
    verify(lambda: actions.wake_due(by=cast.by, at=at + timedelta(hours=1)))
    assert Conversation.objects.get().state == State.OPEN


def test_work_goes_only_to_somebody_of_the_department(cast, at):
    verify(lambda: actions.assign(cast.conversation, cast.ben, by=cast.by, at=at))
    with pytest.raises(Refused, match="Cleo Falk does not work in Front desk"):
        actions.assign(cast.conversation, cast.cleo, by=cast.by, at=at)


def test_who_transfers_keeps_sight(cast, at):
    verify(lambda: actions.transfer(cast.conversation, cast.accounting, by=cast.by, at=at))
    assert Conversation.objects.visible_to(cast.ana).exists()
    assert Conversation.objects.visible_to(cast.cleo).exists()
    assert not Conversation.objects.visible_to(cast.ben).exists()


def test_tags_come_and_go(cast, at):
    verify(lambda: actions.tag(cast.conversation, "Card  Lost", by=cast.by, at=at))
    verify(lambda: actions.untag(cast.conversation, "card lost", by=cast.by, at=at))


def test_trash_is_a_place(cast, at):
    verify(lambda: actions.place(cast.conversation, Place.TRASH, by=cast.by, at=at))
    assert not Conversation.objects.on_the_desk().exists()


def test_whose_move_it_is_by_hand(cast, at):
    verify(lambda: actions.wait_for_customer(cast.conversation, by=cast.by, at=at))
    verify(lambda: actions.reopen(cast.conversation, by=cast.by, at=at))


def test_a_snoozed_conversation_wakes_by_itself(cast, at):
    actions.snooze(cast.conversation, at + timedelta(hours=1), by=cast.by, at=at)
    verify(lambda: actions.wake(cast.conversation, by=cast.by, at=at + timedelta(hours=2)))


def test_it_is_renamed_and_given_to_another_customer(cast, at):
    verify(lambda: actions.rename(cast.conversation, " The\n card ", by=cast.by, at=at))
    assert Conversation.objects.get().subject == "The card"
    zoe = people.meet("email", "zoe@customer.test", by=cast.by, at=at)
    verify(lambda: actions.set_customer(cast.conversation, zoe, by=cast.by, at=at))


def test_following_comes_and_goes(cast, at):
    verify(lambda: actions.follow(cast.conversation, cast.cleo, by=cast.by, at=at))
    verify(lambda: actions.unfollow(cast.conversation, cast.cleo, by=cast.by, at=at))
