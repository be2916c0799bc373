"""Undoing some acts of a day leaves what a day without them leaves: both days are lived and compared."""

from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pitcrew.conversations import actions
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation
from pitcrew.history.actors import Actor
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo
from pitcrew.people import actions as people

# Acts that always change something, each in its own way: then a day without one of them is well defined.
ACTS = {
    "rename": lambda c, n, how: actions.rename(c, f"Name {n}", **how),
    "snooze": lambda c, n, how: actions.snooze(c, how["at"] + timedelta(days=n), **how),
    "snooze all": lambda c, n, how: actions.snooze_many(every(), how["at"] + timedelta(days=n), **how),
    "tag": lambda c, n, how: actions.tag(c, f"tag {n}", **how),
    "tag all": lambda c, n, how: actions.tag_many(every(), f"tag {n}", **how),
    "note": lambda c, n, how: actions.note(c, f"Note {n}", **how),
    "describe": lambda c, n, how: people.describe_customer(c.customer, f"Memo {n}", **how),
}
days = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2), st.booleans()), min_size=1, max_size=30)


def every() -> list[int]:
    return list(Conversation.objects.values_list("pk", flat=True))


def live(day, at, skip=()) -> None:
    conversations = list(Conversation.objects.order_by("pk"))
    for n, (name, which, _) in enumerate(day, start=1):
        if n not in skip:
            conversation = Conversation.objects.get(pk=conversations[which].pk)
            ACTS[name](conversation, n, {"by": Actor("agent", n), "at": at + timedelta(minutes=n)})


def outcome() -> list[tuple]:
    """Everything a person would see, without the numbers of rows."""
    return [
        (
            c.subject,
            c.state,
            c.snoozed_until,
            c.customer.memo,
            sorted(c.taggings.filter(retired_at=None).values_list("tag__name", flat=True)),
            sorted(note.text for note in c.notes.filter(retired_at=None)),
        )
        for c in Conversation.objects.order_by("pk")
    ]


@settings(max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(days)
def test_a_day_with_some_acts_undone_is_a_day_without_them(cast, at, day):
    skip = {n for n, (*_, is_undone) in enumerate(day, start=1) if is_undone}
    outcomes = []
    for undone, skipped in ((skip, ()), ((), skip)):
        with transaction.atomic():
            for n in range(2):
                letter = Incoming(channel="email", address=f"c{n}@customer.test", subject=f"Matter {n}")
                actions.receive(letter, by=Actor("customer", n), at=at)
            live(day, at, skipped)
            undo(Operation.objects.filter(actor__in=[f"agent:{n}" for n in undone]), by=Actor("agent", 0), at=at)
            outcomes.append(outcome())
            transaction.set_rollback(True)
    assert outcomes[0] == outcomes[1]
