"""One conversation as it went."""

from datetime import timedelta

from pitcrew.conversations import actions, queries
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.history.actors import Actor
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo

BY = Actor("customer", "martin", door="email")


def sentences(conversation):
    return [i.told.sentence for i in queries.timeline(conversation).items if i.told]


def test_messages_notes_and_acts_in_order(cast, at):
    actions.note(cast.conversation, "Ask the courier", by=cast.by, at=at + timedelta(minutes=1))
    actions.close(cast.conversation, by=cast.by, at=at + timedelta(minutes=2))
    again = Incoming(
        channel="email",
        address="martin@customer.test",
        text="Still nothing",
        conversation=cast.conversation,
        files=[File("a.png", "image/png", 1, "a" * 64)],
    )
    actions.receive(again, by=BY, at=at + timedelta(minutes=3))
    items = queries.timeline(cast.conversation).items
    assert [i.kind for i in items] == ["message", "event", "note", "event", "message", "event"]
    assert [f.name for f in items[4].message.files] == ["a.png"]
    assert sentences(cast.conversation)[1] == "Ana Ruiz closed it"


def test_names_fill_the_sentences(cast, at):
    how = {"by": cast.by, "at": at}
    other = actions.receive(Incoming(channel="email", address="x@customer.test", subject="X"), by=BY, at=at)
    actions.assign(cast.conversation, cast.ben, **how)
    actions.assign(cast.conversation, None, **how)
    actions.tag(cast.conversation, "card", **how)
    actions.untag(cast.conversation, "card", **how)
    actions.link(cast.conversation, other.conversation, **how)
    actions.snooze(cast.conversation, at + timedelta(days=1), **how)
    actions.rename(cast.conversation, "The {actor} card", **how)
    actions.place(cast.conversation, "spam", **how)
    actions.transfer(cast.conversation, cast.accounting, **how)
    assert sentences(cast.conversation)[1:] == [
        "Ana Ruiz gave it to Ben Ode",
        "Ana Ruiz gave it to nobody",
        "Ana Ruiz tagged it card",
        "Ana Ruiz took the tag card off",
        f"Ana Ruiz linked it with #{other.conversation_id} X",
        "Ana Ruiz snoozed it until 3 Mar 2026, 09:00",
        "Ana Ruiz changed the subject to The {actor} card",
        "Ana Ruiz put it into Spam",
        "Ana Ruiz moved it to Accounting, follows it",
    ]


def test_an_act_that_was_taken_back_says_so(cast, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    undo(Operation.objects.filter(pk=cast.by.did[-1]), by=cast.by, at=at)
    closed, taken_back = [i.told for i in queries.timeline(cast.conversation).items if i.told][1:]
    assert closed.is_undone
    assert taken_back.is_undo
    assert taken_back.sentence == "Ana Ruiz took it back"


def test_a_long_conversation_is_shown_from_its_end(cast, at):
    for n in range(1, 6):
        letter = Incoming(channel="email", address="martin@customer.test", text=str(n), conversation=cast.conversation)
        actions.receive(letter, by=BY, at=at + timedelta(hours=n))
        actions.note(cast.conversation, f"note {n}", by=cast.by, at=at + timedelta(hours=n, minutes=1))
    last = queries.timeline(cast.conversation, limit=2)
    earlier = queries.timeline(cast.conversation, before=last.before, limit=2)
    first = queries.timeline(cast.conversation, before=earlier.before, limit=2)
    assert first.before is None
    said = [(i.message or i.note).text for part in (first, earlier, last) for i in part.items if i.kind != "event"]
    whole = [(i.message or i.note).text for i in queries.timeline(cast.conversation).items if i.kind != "event"]
    assert said == whole


def test_a_timeline_asks_little_however_long_it_is(cast, at, django_assert_max_num_queries):
    for n in range(10):
        actions.tag(cast.conversation, f"t{n}", by=cast.by, at=at)
    with django_assert_max_num_queries(12):
        queries.timeline(cast.conversation)
