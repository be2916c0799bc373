"""What a conversation owes as it moves: promised, kept, at rest, owed again."""

from datetime import datetime, timedelta

import pytest

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.actions import delivering, joining
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Place, State
from pitcrew.history.actors import Actor, pitcrew
from pitcrew.history.followers import FOLLOWINGS
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import undo
from pitcrew.people import actions as people
from pitcrew.people.models import Customer, Organization
from pitcrew.people.refusals import Refused
from pitcrew.promises import actions
from pitcrew.promises.models import Kind, Promise
from tests.verify import verify

HOUR = timedelta(hours=1)
MARTIN = Actor("customer", 1)


@pytest.fixture
def policy(cast, at):
    return actions.add_policy("All", first_reply=60, next_reply=120, solution=600, by=cast.by, at=at)


@pytest.fixture
def matter(cast, policy, at) -> Conversation:
    return write(at)


def write(at: datetime, conversation: Conversation | None = None, by: Actor = MARTIN, **told) -> Conversation:
    letter = Incoming(channel="email", address="martin@customer.test", subject="Card", text="Where is it?", **told)
    letter.conversation = conversation
    return conversations.receive(letter, by=by, at=at).conversation


def owed(conversation: Conversation) -> dict[str, Promise]:
    rows = Promise.objects.filter(conversation=conversation.pk, kept_at=None, released_at=None)
    return {promise.kind: promise for promise in rows}


def answer(cast, matter: Conversation, at: datetime, **told) -> None:
    conversations.reply(Conversation.objects.get(pk=matter.pk), "Soon.", to=["m@x.test"], by=cast.by, at=at, **told)


def test_without_a_policy_nothing_is_promised(cast, at):
    write(at)
    assert not Promise.objects.exists()


def test_a_new_conversation_of_a_customer_promises_a_reply_and_a_solution(cast, policy, at):
    verify(lambda: write(at))
    matter = verify(lambda: conversations.receive(Incoming(channel="email", address="x@y.test"), by=MARTIN, at=at))
    assert {k: p.due_at - at for k, p in owed(matter.conversation).items()} == {
        Kind.FIRST_REPLY: HOUR,
        Kind.SOLUTION: 10 * HOUR,
    }


def test_what_a_machine_sent_or_an_import_brought_promises_nothing(cast, policy, at):
    assert not owed(write(at, is_automatic=True))
    assert not owed(write(at, by=Actor("import", 3)))


def test_an_answer_keeps_the_reply_and_the_solution_rests_until_the_customer_writes_again(cast, matter, at):
    verify(lambda: answer(cast, matter, at + HOUR / 2))
    now = owed(matter)
    assert set(now) == {Kind.SOLUTION} and now[Kind.SOLUTION].paused_at
    verify(lambda: write(at + 50 * HOUR, matter))
    now = owed(matter)
    assert set(now) == {Kind.SOLUTION, Kind.NEXT_REPLY}
    assert now[Kind.SOLUTION].due_at == at + 59.5 * HOUR
    assert now[Kind.NEXT_REPLY].due_at == at + 52 * HOUR
    write(at + 51 * HOUR, matter)
    assert owed(matter)[Kind.NEXT_REPLY].due_at == at + 52 * HOUR


def test_closing_keeps_the_solution_and_opening_again_owes_it_again(cast, matter, at):
    verify(lambda: conversations.close(Conversation.objects.get(pk=matter.pk), by=cast.by, at=at + HOUR))
    assert not owed(matter)
    verify(lambda: conversations.reopen(Conversation.objects.get(pk=matter.pk), by=cast.by, at=at + 31 * HOUR))
    assert owed(matter)[Kind.SOLUTION].due_at == at + 40 * HOUR


def test_an_automatic_close_keeps_no_promise(cast, matter, at):
    verify(lambda: conversations.close(matter, by=pitcrew("rules"), at=at + HOUR))
    now = owed(matter)
    assert now[Kind.SOLUTION].paused_at and now[Kind.FIRST_REPLY].due_at


def test_snoozing_and_waiting_pause_the_solution_and_waking_resumes_it(cast, matter, at):
    verify(lambda: conversations.snooze(matter, at + 20 * HOUR, by=cast.by, at=at + HOUR))
    assert owed(matter)[Kind.SOLUTION].paused_at and not owed(matter)[Kind.FIRST_REPLY].paused_at
    verify(lambda: conversations.wake_due(by=cast.by, at=at + 21 * HOUR))
    assert owed(matter)[Kind.SOLUTION].due_at == at + 30 * HOUR
    matter = Conversation.objects.get(pk=matter.pk)
    verify(lambda: conversations.wait_for_customer(matter, by=cast.by, at=at + 22 * HOUR))
    assert owed(matter)[Kind.SOLUTION].paused_at


def told_later(at: datetime) -> None:
    """What the clock does soon after; in a test nothing is committed, so it is told as SQLite would tell it."""
    newest = Event.objects.latest("pk").pk
    for event in Event.objects.filter(pk__gt=0, pk__lte=newest).select_related("operation").order_by("pk"):
        for following in FOLLOWINGS.values():
            if following.name.startswith("conversations.") and event.kind in following.kinds:
                following.told(event, at)


def test_a_customer_of_another_organization_is_owed_what_is_promised_to_that_one(cast, matter, at):
    customer = matter.customer
    people.place_in_organization(customer, "Bank", by=cast.by, at=at)
    bank = Organization.objects.get()
    actions.add_policy("Bank", organization=bank, first_reply=15, solution=120, by=cast.by, at=at)
    verify(lambda: told_later(at + HOUR / 6))
    assert {k: p.due_at - at for k, p in owed(matter).items()} == {Kind.FIRST_REPLY: HOUR / 4, Kind.SOLUTION: 2 * HOUR}
    people.place_in_organization(customer, "", by=cast.by, at=at)
    told_later(at + HOUR / 5)
    assert owed(matter)[Kind.SOLUTION].due_at == at + 10 * HOUR
    other = people.meet("email", "martin@bank.test", by=cast.by, at=at)
    people.place_in_organization(other, "Bank", by=cast.by, at=at)
    verify(lambda: joining.join_customers(other, Customer.objects.get(pk=customer.pk), by=cast.by, at=at))
    assert owed(matter)[Kind.SOLUTION].due_at == at + 2 * HOUR


def test_taking_back_a_wait_resumes_what_was_counted_anew_meanwhile(cast, matter, at):
    conversations.wait_for_customer(matter, by=cast.by, at=at + HOUR)
    wait = Operation.objects.latest("pk")
    actions.add_policy("Urgent", priority="urgent", solution=120, by=cast.by, at=at)
    conversations.prioritise(Conversation.objects.get(pk=matter.pk), "urgent", by=cast.by, at=at + HOUR)
    undo(Operation.objects.filter(pk=wait.pk), by=cast.by, at=at + 2 * HOUR)
    assert Conversation.objects.get(pk=matter.pk).state == State.OPEN
    assert owed(matter)[Kind.SOLUTION].paused_at
    verify(lambda: told_later(at + 2 * HOUR))
    assert owed(matter)[Kind.SOLUTION].due_at == at + 3 * HOUR
    acts = Operation.objects.count()
    told_later(at + 3 * HOUR)
    assert Operation.objects.count() == acts


def test_an_answer_that_did_not_arrive_lets_the_solution_run_on(cast, matter, at):
    answer(cast, matter, at + HOUR)
    message = matter.messages.get(direction="out")
    delivering.mark_undelivered(message, "no such user", by=cast.by, at=at + 3 * HOUR)
    assert owed(matter)[Kind.SOLUTION].due_at == at + 12 * HOUR
    message.refresh_from_db()
    verify(lambda: delivering.send_again(message, to=message.to, by=cast.by, at=at + 4 * HOUR))
    assert owed(matter)[Kind.SOLUTION].paused_at


def test_spam_waits_for_nothing_until_it_is_back_on_the_desk(cast, matter, at):
    verify(lambda: conversations.place(matter, Place.SPAM, by=cast.by, at=at))
    assert all(p.paused_at for p in owed(matter).values())
    verify(lambda: conversations.place_many([matter.pk], Place.DESK, by=cast.by, at=at + HOUR))
    assert owed(matter)[Kind.FIRST_REPLY].due_at == at + 2 * HOUR


def test_another_priority_tag_or_department_fits_what_is_owed_anew_from_its_beginning(cast, matter, at):
    actions.add_policy("Urgent", priority="urgent", first_reply=15, solution=120, by=cast.by, at=at)
    actions.add_policy("Cards", tag="card", department=cast.accounting, solution=90, by=cast.by, at=at)
    verify(lambda: conversations.prioritise(matter, "urgent", by=cast.by, at=at + HOUR / 6))
    assert owed(matter)[Kind.FIRST_REPLY].due_at == at + HOUR / 4
    assert owed(matter)[Kind.SOLUTION].due_at == at + 2 * HOUR
    matter = Conversation.objects.get(pk=matter.pk)
    verify(lambda: conversations.tag(matter, "card", by=cast.by, at=at + HOUR / 6))
    verify(lambda: conversations.transfer(matter, cast.accounting, by=cast.by, at=at + HOUR / 6))
    assert owed(matter)[Kind.SOLUTION].due_at == at + 1.5 * HOUR
    assert owed(matter)[Kind.SOLUTION].department == cast.accounting
    with pytest.raises(Refused, match="no such priority"):
        conversations.prioritise(matter, "sometime", by=cast.by, at=at)
    assert verify(lambda: conversations.prioritise_many([matter.pk], "low", by=cast.by, at=at)) == 1


def test_a_conversation_that_comes_to_where_promises_are_made_is_promised_something(cast, at):
    actions.add_policy("Accounting", department=cast.accounting, first_reply=60, solution=90, by=cast.by, at=at)
    verify(lambda: conversations.transfer_many([cast.conversation.pk], cast.accounting, by=cast.by, at=at + HOUR))
    assert owed(cast.conversation)[Kind.FIRST_REPLY].due_at == at + 2 * HOUR


def test_a_merge_loses_no_promise_and_doubles_none(cast, matter, at):
    other = write(at + HOUR / 2)
    conversations.promise_call_back(other, at + 30 * HOUR, "At noon", by=cast.by, at=at)
    verify(lambda: conversations.merge(matter, other, by=cast.by, at=at + HOUR / 2))
    assert not owed(other)
    assert set(owed(matter)) == {Kind.FIRST_REPLY, Kind.SOLUTION, Kind.CALL_BACK}
    assert owed(matter)[Kind.FIRST_REPLY].due_at == at + HOUR


def test_an_answer_does_not_erase_a_promised_call_back(cast, matter, at):
    verify(lambda: conversations.promise_call_back(matter, at + 9 * HOUR, "At six", cast.ben, by=cast.by, at=at))
    answer(cast, matter, at + HOUR / 2, then=State.DONE)
    assert set(owed(matter)) == {Kind.CALL_BACK}
    matter = Conversation.objects.get(pk=matter.pk)
    verify(lambda: conversations.note_call(matter, "He is glad.", by=cast.by, at=at + 8 * HOUR))
    assert not owed(matter)
    with pytest.raises(Refused, match="No call back"):
        conversations.note_call(matter, "Again", by=cast.by, at=at + 8 * HOUR)


def test_a_promised_call_back_is_released_only_with_a_reason(cast, matter, at):
    conversations.promise_call_back(matter, at + 9 * HOUR, by=cast.by, at=at)
    with pytest.raises(Refused, match="Say why"):
        conversations.release_call(matter, " ", by=cast.by, at=at)
    verify(lambda: conversations.release_call(matter, "He called us.", by=cast.by, at=at))
    assert Kind.CALL_BACK not in owed(matter)
