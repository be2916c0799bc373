"""The queue: pages without gaps or doubles, and nobody sees what is not theirs."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions, queries
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Place, State
from pitcrew.conversations.queries import NOBODY, Filters
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Role

BY = Actor("customer", "many", door="email")


@pytest.fixture
def many(cast, at):
    """Twelve more conversations, every second at Accounting, three of them at the same moment."""
    opened = []
    for n in range(12):
        letter = Incoming(
            channel="email",
            address=f"c{n % 5}@customer.test",
            subject=f"Matter {n}",
            text="Please help",
            department=(cast.front, cast.accounting)[n % 2],
        )
        opened.append(actions.receive(letter, by=BY, at=at + timedelta(minutes=n // 3)).conversation)
    return opened


def pages(staff, filters, limit=5):
    after, found = None, []
    while True:
        page = queries.queue(staff, filters, after=after, limit=limit)
        found.append([c.pk for c in page.rows])
        if page.after is None:
            return found
        after = page.after


@pytest.mark.parametrize("oldest_first", [False, True])
def test_pages_have_no_gaps_and_no_doubles(cast, many, oldest_first):
    found = [pk for page in pages(cast.ada, Filters(states=(), oldest_first=oldest_first)) for pk in page]
    order = ("last_message_at", "pk") if oldest_first else ("-last_message_at", "-pk")
    assert found == list(Conversation.objects.order_by(*order).values_list("pk", flat=True))


@pytest.mark.parametrize("limit", [1, 4, 50])
def test_everybody_sees_just_what_is_visible_to_them(cast, many, at, limit):
    actions.assign(many[1], cast.cleo, by=cast.by, at=at)
    actions.follow(many[3], cast.ana, by=cast.by, at=at)
    stranger = people.hire("zoe@company.test", "Zoe", by=cast.by, at=at)
    for staff in (cast.ada, cast.ana, cast.ben, cast.cleo, stranger):
        found = [pk for page in pages(staff, Filters(), limit) for pk in page]
        assert sorted(found) == sorted(Conversation.objects.visible_to(staff).values_list("pk", flat=True))
        assert len(set(found)) == len(found)


def test_somebody_who_left_sees_nothing(cast, many, at):
    people.hire("eve@company.test", "Eve", is_administrator=True, by=cast.by, at=at)
    people.deactivate(cast.ada, by=cast.by, at=at)
    assert queries.queue(cast.ada, Filters()).rows == []
    assert queries.seen(cast.ada, many[0].pk) is None
    assert queries.chosen(cast.ada, [many[0].pk]) == []
    assert queries.count(cast.ada, Filters()) == 0


def test_what_somebody_holds_who_left_is_held_by_nobody(cast, many, at):
    actions.assign(many[0], cast.ben, by=cast.by, at=at)
    held = Filters(assignee=NOBODY, department=cast.front.pk)
    before = queries.count(cast.ana, held)
    people.deactivate(cast.ben, by=cast.by, at=at)
    assert queries.count(cast.ana, held) == before + 1


def test_filters(cast, many, at):
    actions.assign(many[0], cast.ana, by=cast.by, at=at)
    actions.tag(many[2], "card", by=cast.by, at=at)
    actions.place(many[4], Place.SPAM, by=cast.by, at=at)
    actions.close(many[6], by=cast.by, at=at)
    actions.follow(many[8], cast.ana, by=cast.by, at=at)
    for filters, expected in (
        (Filters(assignee=cast.ana.pk), [many[0]]),
        (Filters(tag="card"), [many[2]]),
        (Filters(place=Place.SPAM), [many[4]]),
        (Filters(states=(State.DONE,)), [many[6]]),
        (Filters(followed=True), [many[8]]),
        (Filters(customer=many[0].customer_id), [many[10], many[0]]),
        (Filters(department=cast.accounting.pk), []),
        (Filters(wrote_last=False), []),
    ):
        assert queries.queue(cast.ana, filters).rows == expected


def test_rows_say_their_tags(cast, many, at):
    for name in ("later", "card"):
        actions.tag(many[0], name, by=cast.by, at=at)
    row = next(c for c in queries.queue(cast.ana, Filters()).rows if c.pk == many[0].pk)
    assert row.tag_names == ["card", "later"]


def test_counting_stops(cast, many):
    assert queries.count(cast.ada, Filters(), most=5) == 6
    assert queries.count(cast.ada, Filters()) == 13


def test_a_page_takes_few_queries_and_counts_nothing(cast, many, django_assert_max_num_queries):
    with django_assert_max_num_queries(9) as asked:
        queries.queue(cast.ana, Filters())
    assert not [q for q in asked.captured_queries if "COUNT(" in q["sql"]]


def test_a_department_nobody_works_in_is_seen_by_everybody_on_the_desk(cast, many, at):
    lonely = people.open_department("Returns", by=cast.by, at=at)
    people.add_member(lonely, cast.cleo, Role.CONTRIBUTOR, by=cast.by, at=at)
    actions.transfer(many[1], lonely, by=Actor("pitcrew", "rule"), at=at)
    assert many[1] in queries.queue(cast.ben, Filters()).rows


def test_the_customers_other_conversations(cast, many):
    assert queries.others_of(many[0], cast.ana) == [many[10]]
    assert queries.others_of(many[0], cast.ada) == [many[10], many[5]]


def test_links_show_only_what_one_may_see(cast, many, at):
    actions.link(many[0], many[1], by=cast.by, at=at)
    actions.link(many[2], many[0], by=cast.by, at=at)
    assert queries.linked(many[0], cast.ana) == [many[2]]
    assert queries.linked(many[0], cast.ada) == [many[2], many[1]]


def test_the_outbox_shows_what_has_yet_to_leave(cast, many, at):
    here = actions.reply(many[0], "Soon", to=["c0@customer.test"], by=cast.by, at=at)
    there = actions.reply(many[1], "Soon", to=["c1@customer.test"], by=cast.by, at=at)
    assert list(queries.outbox(cast.ben)) == [here]
    assert set(queries.outbox(cast.ada)) == {here, there}
