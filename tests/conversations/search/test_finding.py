"""Finding conversations again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pitcrew.conversations import actions, search
from pitcrew.conversations.incoming import Incoming
from pitcrew.history.actors import Actor
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo

BY = Actor("customer", "x", door="email")


@pytest.fixture
def letters(cast, at):
    def write(text, subject="Hello", address="lena@customer.test", minutes=1, **more):
        letter = Incoming(channel="email", address=address, name="Lena Vogt", subject=subject, text=text)
        return actions.receive(replace(letter, **more), by=BY, at=at + timedelta(minutes=minutes)).conversation

    return write


def found(staff, text):
    return [hit.conversation.pk for hit in search.find(staff, text).hits]


def test_newest_first(cast, letters):
    older, newer = letters("the parcel is late"), letters("my parcel too", minutes=2)
    assert found(cast.ana, "parcel") == [newer.pk, older.pk]


def test_the_exact_number_comes_first(cast, letters):
    other = letters(f"about my case {cast.conversation.pk}")
    assert found(cast.ana, f"#{cast.conversation.pk}") == [cast.conversation.pk, other.pk]


def test_all_words_must_be_there_and_unwanted_ones_absent(cast, letters):
    both, one = letters("red card"), letters("red wine")
    assert found(cast.ana, "red card") == [both.pk]
    assert found(cast.ana, "red -card") == [one.pk]


def test_a_phrase_is_found_in_its_order(cast, letters):
    right = letters("the card was stolen")
    letters("stolen was the card")
    assert found(cast.ana, '"card was stolen"') == [right.pk]


def test_accents_and_case_do_not_matter_on_both_sides(cast, letters):
    one = letters("GRÜSSE aus Köln")
    for typed in ("köln", "KOLN", "grüsse"):
        assert found(cast.ana, typed) == [one.pk]
    assert ("Köln", True) in search.find(cast.ana, "koln").hits[0].snippet


def test_a_part_of_an_unspaced_sentence(cast, letters):
    one = letters("我的信用卡没有到")
    assert found(cast.ana, "信用卡") == [one.pk]


def test_parts_of_a_message(cast, letters):
    one = letters("hi", subject="Broken kettle", address="tom@kettle.test")
    two = letters("kettle", subject="hi")
    assert found(cast.ana, "subject:kettle") == [one.pk]
    assert found(cast.ana, "from:tom") == [one.pk]
    assert found(cast.ana, "kettle") == [two.pk, one.pk]


def test_filters_narrow(cast, letters, at):
    one, two = letters("zebra"), letters("zebra")
    actions.close(one, by=cast.by, at=at)
    actions.tag(two, "vip", by=cast.by, at=at)
    assert found(cast.ana, "zebra is:done") == [one.pk]
    assert found(cast.ana, "zebra tag:vip") == [two.pk]
    assert found(cast.ana, "tag:vip") == [two.pk]
    assert found(cast.ana, "zebra before:2026-03-02") == []
    assert found(cast.ana, "is:done") == [one.pk]


def test_nobody_finds_what_they_may_not_see(cast, letters):
    letters("secret ledger", department=cast.accounting)
    assert found(cast.ana, "ledger") == []
    assert len(found(cast.cleo, "ledger")) == 1


def test_notes_are_found(cast, at):
    actions.note(cast.conversation, "he moved in May", by=cast.by, at=at)
    hit = search.find(cast.ana, "moved").hits[0]
    assert hit.note_id and ("moved", True) in hit.snippet


def test_an_answer_taken_back_is_not_found(cast, at):
    actions.reply(cast.conversation, "unmistakable", to=["m@c.test"], by=cast.by, at=at)
    assert found(cast.ana, "unmistakable") == [cast.conversation.pk]
    undo(Operation.objects.filter(pk=cast.by.did[-1]), by=cast.by, at=at)
    assert found(cast.ana, "unmistakable") == []


def test_what_is_forgotten_is_not_found(cast):
    search.forget([cast.message])
    assert found(cast.ana, "approved") == []


@pytest.mark.parametrize(
    "text", ['"', "NEAR(", "a OR", "*", "'; drop", "subject:", "a:b:c", "^x", "-", "\0", "\\", "'&|!:*"]
)
def test_no_typed_sign_is_syntax(cast, text):
    search.find(cast.ana, text)


def test_the_snippet_shows_the_words_in_their_place(cast, letters):
    letters("so " * 100 + "the needle lies here " + "and " * 100)
    pieces = search.find(cast.ana, "needle").hits[0].snippet
    assert ("needle", True) in pieces and pieces[0] == ("… ", False)
