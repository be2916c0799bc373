"""Questions whose SQL is written once must answer as if it were written anew."""

import pytest

from pitcrew.conversations import actions
from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries.ready import Ready, Shape
from tests.conversations.test_queue import many  # noqa: F401  (a fixture)

NAMED = Shape(Conversation, ("subject", "last_message_at"))


@pytest.fixture
def named():
    return Ready(lambda ids, but: Conversation.objects.filter(pk__in=ids).exclude(pk=but).values_list(*NAMED.names))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_list_of_any_length_gives_its_rows_and_no_other(cast, many, named, count):  # noqa: F811
    ids = [row.pk for row in many[:count]]
    assert sorted(row.pk for row in NAMED.rows(named(ids, 0))) == sorted(ids)


def test_the_second_asking_uses_the_values_of_the_second(cast, many, named):  # noqa: F811
    one, two, three = [row.pk for row in many[:3]]
    assert {row.pk for row in NAMED.rows(named([one, two], one))} == {two}
    assert {row.pk for row in NAMED.rows(named([two, three], two))} == {three}


def test_a_row_is_what_django_would_have_made(cast, many, named):  # noqa: F811
    (row,) = NAMED.rows(named([many[0].pk], 0))
    same = Conversation.objects.get(pk=many[0].pk)
    assert (row.subject, row.last_message_at, row.state) == (same.subject, same.last_message_at, same.state)


def test_several_questions_at_once_give_each_row_once_in_order(cast, many):  # noqa: F811
    question = Ready(lambda ids: Conversation.objects.filter(pk__in=ids).values_list("pk"))
    ids = sorted(row.pk for row in many[:4])
    found = question.of_all([((ids[:3],), {}), ((ids[1:],), {})], "ORDER BY 1 DESC LIMIT 3")
    assert [pk for (pk,) in found] == ids[:0:-1]


def test_a_question_follows_what_was_changed_meanwhile(cast, many, named, at):  # noqa: F811
    before = NAMED.rows(named([many[0].pk], 0))
    actions.rename(many[0], "Another subject", by=cast.by, at=at)
    after = NAMED.rows(named([many[0].pk], 0))
    assert (before[0].subject, after[0].subject) == ("Matter 0", "Another subject")
