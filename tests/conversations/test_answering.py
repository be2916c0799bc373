"""Answering, notes, drafts, canned replies."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions, drafts, queries
from pitcrew.conversations.actions import delivering
from pitcrew.conversations.canned import canned_for, filled
from pitcrew.conversations.incoming import File
from pitcrew.conversations.models import CannedReply, Conversation, Draft, Message, State
from pitcrew.people import actions as people
from pitcrew.people.refusals import NeedsConfirmation, Refused
from tests.verify import verify

TO = ["martin@customer.test"]


@pytest.fixture
def how(cast, at):
    return {"by": cast.by, "at": at}


@pytest.fixture
def answer(cast, how):
    return actions.reply(cast.conversation, "It is on its way.", to=TO, **how)


def test_who_answers_takes_it_up_and_waits(cast, how):
    files = [File("map.png", "image/png", 3, "b" * 64)]
    message = verify(lambda: actions.reply(cast.conversation, "Soon.", to=TO, files=files, **how))
    conversation = Conversation.objects.get(pk=cast.conversation.pk)
    assert (conversation.state, conversation.assignee) == (State.WAITING_ON_CUSTOMER, cast.ana)
    assert message.leaves_at == how["at"] + timedelta(seconds=15)


def test_an_answer_says_something_to_somebody(cast, how):
    with pytest.raises(Refused, match="is empty"):
        actions.reply(cast.conversation, "  ", to=TO, **how)
    with pytest.raises(Refused, match="no address"):
        actions.reply(cast.conversation, "Hello", to=[], **how)


def test_many_recipients_are_asked_about_first(cast, how):
    crowd = [f"p{n}@customer.test" for n in range(11)]
    with pytest.raises(NeedsConfirmation, match="11 addresses"):
        actions.reply(cast.conversation, "Hello", to=crowd[:1], cc=crowd[1:], **how)
    verify(lambda: actions.reply(cast.conversation, "Hello", to=crowd[:1], cc=crowd[1:], confirmed=True, **how))


def test_notes_and_who_is_mentioned(cast, how):
    verify(lambda: actions.note(cast.conversation, "Ask Cleo", mentions=[cast.cleo], **how))
    assert Conversation.objects.visible_to(cast.cleo).exists()
    with pytest.raises(Refused, match="note is empty"):
        actions.note(cast.conversation, "", **how)


def test_what_left_cannot_be_taken_back(cast, how, answer):
    verify(lambda: delivering.left(answer, **how), can_be_undone=False)
    with pytest.raises(Refused, match="has left"):
        drafts.take_back(answer, **how)


def test_what_was_not_delivered_is_our_move_again(cast, how, answer):
    verify(lambda: delivering.mark_undelivered(answer, "no such user", **how), can_be_undone=False)


def test_what_was_not_delivered_is_sent_again(cast, how, answer):
    delivering.left(answer, **how)
    delivering.mark_undelivered(answer, "no such user", **how)
    verify(lambda: delivering.send_again(answer, to=answer.to, **how))


def test_an_answer_that_leaves_the_matter_open_reopens_it(cast, how):
    actions.close(cast.conversation, **how)
    actions.reply(cast.conversation, "One more thing", to=TO, then=State.OPEN, **how)
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.OPEN


def test_an_answer_taken_back_is_a_draft_again(cast, how, answer):
    draft = drafts.take_back(answer, **how)
    assert draft.html == "<div>It is on its way.</div>"
    assert not Message.objects.filter(pk=answer.pk).exists()
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.OPEN


def test_an_undo_names_the_answers_it_kept(cast, how, answer):
    drafts.take_back(answer, **how)
    assert queries.unsent(cast.by.did[-1:]) == [answer]
    assert queries.unsent(cast.by.did[:1]) == []


def test_drafts_are_kept_found_and_dropped(cast, at):
    drafts.save(cast.conversation, cast.ana, "<b>Dear", at=at)
    drafts.save(cast.conversation, cast.ana, "<b>Dear M", at=at)
    drafts.save(cast.conversation, cast.ana, "psst", is_note=True, at=at)
    assert drafts.load(cast.conversation, cast.ana).html == "<b>Dear M"
    assert drafts.load(cast.conversation, cast.ben) is None
    drafts.save(cast.conversation, cast.ana, " ", at=at)
    assert [d.html for d in Draft.objects.all()] == ["psst"]
    drafts.drop(cast.conversation, cast.ana, is_note=True)
    assert not Draft.objects.exists()


def test_canned_replies_come_change_and_go(cast, how):
    canned = verify(lambda: actions.add_canned("Sorry", "Dear {customer.name}", department=cast.front, **how))
    canned = CannedReply.objects.get(pk=canned.pk)
    verify(lambda: actions.change_canned(canned, "So sorry", "Dear {customer.first_name}", **how))
    verify(lambda: actions.remove_canned(canned, **how))
    with pytest.raises(Refused, match="a name and a text"):
        actions.add_canned("", "x", **how)


def test_canned_replies_belong_to_a_department_or_to_all(cast, how):
    for name, department in (("Ours", cast.front), ("Theirs", cast.accounting), ("Everybody's", None)):
        actions.add_canned(name, "x", department=department, **how)
    assert [c.name for c in canned_for(cast.ana, cast.conversation)] == ["Everybody's", "Ours"]
    assert [c.name for c in canned_for(cast.cleo, cast.conversation)] == ["Everybody's"]


def test_gaps_are_filled_and_nothing_else_happens(cast, how):
    people.rename_customer(cast.martin, "{agent.name} {0.__class__}", **how)
    conversation = Conversation.objects.get(pk=cast.conversation.pk)
    text = "{customer.name}|{ customer.first_name }|{agent.first_name}|{conversation.number}|{department.name}"
    assert (
        filled(text, conversation, cast.ana)
        == f"{{agent.name}} {{0.__class__}}|{{agent.name}}|Ana|#{conversation.pk}|Front desk"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "{customer.__class__}",
        "{0}",
        "{}",
        "{agent.password}",
        "{settings.SECRET_KEY}",
        "{{customer.name",
        "%(name)s",
        "{customer.name!r}",
    ],
)
def test_a_gap_nobody_knows_stays_as_it_is(cast, hostile):
    assert filled(hostile, cast.conversation, cast.ana) == hostile
