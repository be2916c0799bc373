"""What belongs together, and what does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pitcrew.conversations import actions
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Following, Link, Message, Place, State, Tagging
from pitcrew.history.actors import Actor
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo
from pitcrew.people.refusals import Refused
from tests.verify import assert_log_tells_all, assert_same, state, verify

LETTER = Incoming(channel="email", address="martin@customer.test", subject="Once more", text="Any news?")
BY = Actor("customer", "martin", door="email")


@pytest.fixture
def second(cast, at):
    """Martin writes a second time, which opens a second conversation."""
    return actions.receive(LETTER, by=BY, at=at + timedelta(hours=1)).conversation


def test_everything_of_a_merged_conversation_moves(cast, second, at):
    actions.note(second, "He is upset.", by=cast.by, at=at)
    actions.follow(second, cast.ben, by=cast.by, at=at)
    actions.follow(second, cast.ana, by=cast.by, at=at)
    actions.follow(cast.conversation, cast.ana, by=cast.by, at=at)
    actions.tag(second, "card", by=cast.by, at=at)
    actions.assign(second, cast.ben, by=cast.by, at=at)
    actions.close(cast.conversation, by=cast.by, at=at)
    actions.place(cast.conversation, Place.SPAM, by=cast.by, at=at)
    verify(lambda: actions.merge(cast.conversation, second, by=cast.by, at=at))
    kept = Conversation.objects.get(pk=cast.conversation.pk)
    assert kept.messages.count() == 2
    assert kept.notes.count() == 1
    assert kept.preview == "Any news?"
    assert (kept.state, kept.place, kept.assignee) == (State.OPEN, Place.DESK, cast.ben)
    assert set(Following.objects.filter(conversation=kept).values_list("staff", flat=True)) == {
        cast.ana.pk,
        cast.ben.pk,
    }
    assert Tagging.objects.get(conversation=kept).tag.name == "card"
    assert not Conversation.objects.on_the_desk().filter(pk=second.pk).exists()


def test_undoing_a_merge_after_a_reply_puts_back_exactly_what_moved(cast, second, at):
    before = state()
    actions.merge(cast.conversation, second, by=cast.by, at=at)
    merged = Operation.objects.filter(pk=cast.by.did[-1])
    answer = actions.reply(
        cast.conversation,
        "It is on its way.",
        to=["martin@customer.test"],
        then=State.OPEN,
        by=cast.by,
        at=at + timedelta(hours=2),
    )
    undo(merged, by=cast.by, at=at)
    assert_log_tells_all()
    assert Message.objects.get(pk=answer.pk).conversation_id == cast.conversation.pk
    assert Conversation.objects.get(pk=second.pk).messages.get().text == "Any news?"
    assert Conversation.objects.get(pk=second.pk).preview == "Any news?"
    undo(Operation.objects.filter(verb="conversations.reply"), by=cast.by, at=at)
    assert_same(state(), before)


def test_a_second_merge_keeps_what_the_first_would_take_back(cast, second, at):
    third = actions.receive(replace(LETTER, text="Third"), by=BY, at=at).conversation
    actions.merge(second, third, by=cast.by, at=at)
    first = Operation.objects.filter(pk=cast.by.did[-1])
    actions.merge(cast.conversation, second, by=cast.by, at=at)
    told = undo(first, by=cast.by, at=at)
    assert told.conflicts
    assert Conversation.objects.get(pk=third.pk).merged_into is None
    undo(Operation.objects.filter(pk=cast.by.did[-2]), by=cast.by, at=at)
    assert Conversation.objects.get(pk=third.pk).messages.get().text == "Third"


def test_merging_many_is_one_operation(cast, second, at):
    third = actions.receive(replace(LETTER, text="Third"), by=BY, at=at).conversation
    assert verify(lambda: actions.merge_many(cast.conversation, [second.pk, third.pk], by=cast.by, at=at)) == 2


def test_what_is_already_part_of_another_is_not_merged_again(cast, second, at):
    actions.merge(cast.conversation, second, by=cast.by, at=at)
    with pytest.raises(Refused, match="already part of"):
        actions.merge(second, cast.conversation, by=cast.by, at=at)
    with pytest.raises(Refused, match="same conversation"):
        actions.merge(second, second, by=cast.by, at=at)


def test_splitting_off_and_undo(cast, at):
    more = actions.receive(
        replace(LETTER, conversation=cast.conversation, text="Also: my address changed."), by=BY, at=at
    )
    new = verify(lambda: actions.split(cast.conversation, [more.pk], "Address", by=cast.by, at=at))
    new = Conversation.objects.get(pk=new.pk)
    assert (new.subject, new.preview, new.customer) == ("Address", "Also: my address changed.", cast.martin)
    assert Conversation.objects.get(pk=cast.conversation.pk).messages.count() == 1
    assert Link.objects.get().other == new


def test_undoing_a_split_after_a_reply_keeps_the_reply(cast, at):
    more = actions.receive(replace(LETTER, conversation=cast.conversation), by=BY, at=at)
    new = actions.split(cast.conversation, [more.pk], by=cast.by, at=at)
    operation = Operation.objects.filter(pk=cast.by.did[-1])
    actions.reply(new, "Noted.", to=["martin@customer.test"], by=cast.by, at=at)
    told = undo(operation, by=cast.by, at=at)
    assert_log_tells_all()
    assert told.conflicts
    assert Conversation.objects.get(pk=new.pk).messages.get().text == "Noted."
    assert Conversation.objects.get(pk=cast.conversation.pk).messages.count() == 2


def test_a_split_leaves_something_and_takes_something(cast, at):
    with pytest.raises(Refused, match="all of it"):
        actions.split(cast.conversation, [cast.message.pk], by=cast.by, at=at)
    with pytest.raises(Refused, match="at least one"):
        actions.split(cast.conversation, [], by=cast.by, at=at)


def test_links_come_and_go_either_way_round(cast, second, at):
    verify(lambda: actions.link(cast.conversation, second, by=cast.by, at=at))
    actions.link(second, cast.conversation, by=cast.by, at=at)
    assert Link.objects.count() == 1
    verify(lambda: actions.unlink(second, cast.conversation, by=cast.by, at=at))
    with pytest.raises(Refused, match="with itself"):
        actions.link(second, second, by=cast.by, at=at)


def test_what_seems_to_belong_is_joined_or_stands_alone(cast, at):
    seeming = replace(LETTER, maybe_part_of=cast.conversation)
    one, two = (actions.receive(seeming, by=BY, at=at).conversation for _ in range(2))
    verify(lambda: actions.join(one, by=cast.by, at=at))
    assert Conversation.objects.get(pk=one.pk).merged_into == cast.conversation
    verify(lambda: actions.stand_alone(two, by=cast.by, at=at))
    with pytest.raises(Refused, match="does not seem"):
        actions.join(two, by=cast.by, at=at)


def test_a_merged_conversation_is_found_under_the_one_that_is_kept(cast, second, at):
    third = actions.receive(replace(LETTER, text="Third"), by=BY, at=at).conversation
    actions.merge(second, third, by=cast.by, at=at)
    actions.merge(cast.conversation, second, by=cast.by, at=at)
    assert Conversation.objects.get(pk=third.pk).standing == cast.conversation


def test_an_answer_to_a_merged_conversation_arrives_in_the_one_that_is_kept(cast, second, at):
    actions.merge(cast.conversation, second, by=cast.by, at=at)
    answer = verify(lambda: actions.receive(replace(LETTER, conversation=second), by=BY, at=at))
    assert answer.conversation == cast.conversation
    with pytest.raises(Refused, match="Answer there"):
        actions.reply(second, "Hello", to=["martin@customer.test"], by=cast.by, at=at)


def test_an_answer_to_what_was_taken_back_is_not_lost(cast, second, at):
    undo(Operation.objects.filter(pk=BY.did[-1]), by=cast.by, at=at)
    answer = actions.receive(replace(LETTER, conversation=second), by=BY, at=at)
    assert Conversation.objects.get(pk=answer.conversation_id) != second


def test_an_older_mail_that_comes_late_does_not_become_the_newest(cast, second, at):
    late = replace(LETTER, conversation=second, text="Sent long ago", sent_at=at - timedelta(days=9))
    verify(lambda: actions.receive(late, by=BY, at=at + timedelta(hours=2)))
    assert Conversation.objects.get(pk=second.pk).preview == "Any news?"
