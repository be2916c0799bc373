"""Answer all: each customer gets a letter of their own, all of them by one act with one undo."""

from datetime import timedelta

import pytest

from pitcrew.conversations.actions import receive
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Message, State
from pitcrew.people import actions as people
from pitcrew.people.refusals import NeedsConfirmation, Refused
from pitcrew.problems import actions
from pitcrew.problems.letters import languages_of, prepare
from pitcrew.promises.actions import promise
from pitcrew.promises.models import Kind
from tests.verify import verify

TEXTS = {
    "en": "Dear {customer.first_name}, {conversation.subject}: {fix} is live.",
    "de": "Guten Tag {customer.first_name}, {fix} ist da.",
}


def sent() -> dict[str, str]:
    return {m.to[0]: m.text for m in Message.objects.filter(direction="out")}


def test_everybody_is_answered_in_their_language_with_their_facts(watched, how):
    assert languages_of(watched, watched.found_by) == {"en": 2, "de": 1}
    verify(lambda: actions.answer_all(watched, TEXTS, **how))
    assert sent() == {
        "lena@customer.test": "Dear Lena, Card missing: Print service 4.2 is live.",
        "tom@customer.test": "Dear Tom, Where is my card: Print service 4.2 is live.",
        "nora@customer.test": "Guten Tag Nora, Print service 4.2 ist da.",
    }


def test_some_are_left_out_and_some_changed_by_hand(watched, touched, how):
    actions.answer_all(
        watched, TEXTS, except_for=[touched[1].pk], edits={touched[2].pk: "Liebe Nora"}, then=State.DONE, **how
    )
    assert sent().keys() == {"lena@customer.test", "nora@customer.test"}
    assert sent()["nora@customer.test"] == "Liebe Nora"
    touched[0].refresh_from_db()
    assert touched[0].state == State.DONE


def test_a_customer_without_an_address_is_skipped_with_a_sentence(watched, cast, how, at):
    by_phone = Incoming(
        channel="phone", address="+49 30 1234", name="Olga", subject="Card", text="The card has not come."
    )
    called = receive(by_phone, **how).conversation
    actions.link_many(watched, [called.pk], **how)
    letters = prepare(watched, TEXTS, cast.ana)
    assert len(letters.going) == 3
    assert letters.skipped == f"No address is known for #{called.pk}: they get nothing."
    assert len(actions.answer_all(watched, TEXTS, **how)) == 3


def test_what_was_promised_is_said_where_something_was(watched, touched, cast, how, at):
    text = {"en": "We promised {promised}.", "de": "{problem}"}
    with pytest.raises(Refused, match=f"#{touched[0].pk}: Nothing is known for {{promised}}"):
        actions.answer_all(watched, text, **how)
    for conversation in touched[:2]:
        due = {"due_at": at + timedelta(days=3), "words": "to call you on"}
        promise(Kind.CALL_BACK, department=cast.front, conversation=conversation.pk, **due, **how)
    actions.answer_all(watched, text, **how)
    assert sent()["tom@customer.test"] == "We promised to call you on 5 March."


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({}, "empty"),
        ({"en": "  "}, "empty"),
        ({"en": "Dear {name}"}, "Nobody knows what to put for {name}"),
        ({"en": "Dear {customer.__class__}"}, "Nobody knows"),
        ({"en": "It is fixed."}, "no text in German"),
    ],
)
def test_what_cannot_go_is_refused_and_nothing_goes(texts, says, watched, how):
    with pytest.raises(Refused, match=says):
        actions.answer_all(watched, texts, **how)
    assert not sent()


def test_a_name_that_looks_like_a_gap_stays_a_name(watched, touched, how):
    people.rename_customer(touched[0].customer, "{fix} Vogt", **how)
    actions.answer_all(watched, TEXTS, except_for=[touched[1].pk, touched[2].pk], **how)
    assert sent()["lena@customer.test"].startswith("Dear {fix}, ")


def test_more_than_a_few_are_asked_about_first(watched, write, how, at):
    ids = [write(f"c{n}", "Card", "It has not come to me.", at=at).conversation_id for n in range(10)]
    actions.link_many(watched, ids, **how)
    with pytest.raises(NeedsConfirmation, match="13 customers"):
        actions.answer_all(watched, TEXTS, **how)
    assert len(actions.answer_all(watched, TEXTS, confirmed=True, **how)) == 13


def test_only_conversations_that_one_sees_are_answered(watched, cast, at):
    with pytest.raises(Refused, match="Nobody is left"):
        actions.answer_all(watched, TEXTS, by=type(cast.by)("agent", cast.cleo.pk), at=at)
    with pytest.raises(Refused, match="Only a colleague"):
        actions.answer_all(watched, TEXTS, by=type(cast.by)("pitcrew", "clock"), at=at)
