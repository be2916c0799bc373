"""What somebody typed into the search box, understood."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pitcrew.conversations.search.query import Term, understand


def test_words_and_phrases_and_what_must_be_absent():
    query = understand('card "not arrived" -refund')
    assert query.terms == [Term(("card",)), Term(("not", "arrived")), Term(("refund",), is_absent=True)]


def test_filters_are_read():
    query = understand("from:martin is:open before:2026-03 tag:vip in:accounting subject:card has:attachment")
    assert query.terms == [Term(("martin",), "who"), Term(("card",), "subject")]
    assert query.is_ == {"open"} and query.has == {"attachment"}
    assert query.tags == ["vip"] and query.departments == ["accounting"]
    assert query.before == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_number_with_or_without_its_sign():
    assert understand("#4711").number == understand("4711").number == 4711
    assert understand("4711 card").number is None


def test_what_cannot_be_read_is_searched_for_and_said():
    query = understand("is:purple before:tomorrow http://shop.test/a")
    assert query.misread == ["is:purple", "before:tomorrow"]
    assert Term(("purple",)) in query.terms
    assert Term(("http", "shop", "test", "a")) in query.terms


def test_an_unspaced_script_is_searched_sign_by_sign():
    assert understand("信用卡").terms == [Term(("信", "用", "卡"))]


@given(st.text(max_size=200))
def test_anything_can_be_typed(text):
    understand(text)
