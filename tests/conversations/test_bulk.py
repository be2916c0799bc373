"""Everything the queue does to many at once: one operation, one undo."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Following, Place, State, Tagging
from pitcrew.history.actors import Actor
from pitcrew.people.refusals import Refused
from tests.verify import verify


@pytest.fixture
def many(cast, at):
    for n in range(4):
        letter = Incoming(channel="email", address=f"c{n}@customer.test", subject=str(n), text="Please")
        actions.receive(letter, by=Actor("customer", n), at=at)
    return list(Conversation.objects.values_list("pk", flat=True))


@pytest.fixture
def how(cast, at):
    return {"by": cast.by, "at": at}


def one_operation(cast, act):
    before = len(cast.by.did)
    moved = verify(act)
    assert len(cast.by.did) == before + 1
    return moved


def test_closing_and_reopening(cast, many, how):
    assert one_operation(cast, lambda: actions.close_many(many, **how)) == 5
    assert one_operation(cast, lambda: actions.reopen_many(many[:3], **how)) == 3


def test_snoozing(cast, many, how, at):
    assert one_operation(cast, lambda: actions.snooze_many(many, at + timedelta(days=1), **how)) == 5
    with pytest.raises(Refused, match="has passed"):
        actions.snooze_many(many, at, **how)


def test_placing(cast, many, how):
    assert one_operation(cast, lambda: actions.place_many(many, Place.SPAM, **how)) == 5


def test_assigning(cast, many, how):
    assert one_operation(cast, lambda: actions.assign_many(many, cast.ben, **how)) == 5
    assert one_operation(cast, lambda: actions.assign_many(many[:2], None, **how)) == 2
    actions.transfer(Conversation.objects.get(pk=many[0]), cast.accounting, **how)
    with pytest.raises(Refused, match="Ben Ode does not work in Accounting"):
        actions.assign_many(many, cast.ben, **how)
    assert actions.assign_many(many, cast.ada, **how) == 5


def test_transferring(cast, many, how):
    actions.assign_many(many[:2], cast.ben, **how)
    actions.assign_many(many[2:3], cast.ada, **how)
    actions.transfer(Conversation.objects.get(pk=many[4]), cast.accounting, by=Actor("rule", 1), at=how["at"])
    assert one_operation(cast, lambda: actions.transfer_many(many, cast.accounting, **how)) == 4
    held = dict(Conversation.objects.values_list("pk", "assignee"))
    assert [held[pk] for pk in many[:3]] == [None, None, cast.ada.pk]
    assert Following.objects.filter(staff=cast.ana).count() == 4


def test_tagging_and_untagging(cast, many, how):
    actions.tag(Conversation.objects.get(pk=many[0]), "card", **how)
    assert one_operation(cast, lambda: actions.tag_many(many, " Card ", **how)) == 4
    assert one_operation(cast, lambda: actions.untag_many(many[:2], "card", **how)) == 2
    assert Tagging.objects.count() == 3
    with pytest.raises(Refused, match="at least one letter"):
        actions.tag_many(many, " ", **how)


def test_following_and_letting_go(cast, many, how):
    assert one_operation(cast, lambda: actions.follow_many(many, cast.ben, **how)) == 5
    assert actions.follow_many(many, cast.ben, **how) == 0
    assert one_operation(cast, lambda: actions.unfollow_many(many, cast.ben, **how)) == 5


def test_what_was_merged_or_taken_away_is_passed_over(cast, many, how):
    actions.merge_many(Conversation.objects.get(pk=many[0]), many[1:3], **how)
    assert actions.close_many([*many, 999_999], **how) == 3
    assert Conversation.objects.get(pk=many[1]).state == State.OPEN


def test_many_are_tagged_with_few_statements(cast, many, how, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        actions.tag_many(many, "card", **how)
