"""Undo leaves a relay whole: what would tear it apart is held back, with the reason."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions as conversations
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import preview, undo
from pitcrew.people import actions as people
from pitcrew.people.models import Department
from pitcrew.promises import actions as promises
from pitcrew.promises.queries import open_promises
from pitcrew.relays import actions
from pitcrew.relays.models import Leg, Relay, Stage
from tests.verify import assert_log_tells_all


@pytest.fixture
def leg(house, brief, at) -> Leg:
    promises.add_policy("Legs", acceptance=30, completion=120, by=house.by, at=at)
    return actions.hand_over(house.conversation, house.cards, brief, **house.as_ana)


def take_back(verb: str, at, number: int = 0):
    """Undo the acts of this name, the newest first, and give the reasons for what stayed."""
    acts = Operation.objects.filter(verb=f"relays.{verb}").order_by("-id")[number : number + 1]
    told = preview(acts, at=at)
    assert undo(acts, by=Actor("agent", 1), at=at).conflicts == told.conflicts
    assert_log_tells_all()
    return {line.reason for line in told.conflicts}


def owed(leg: Leg) -> set[str]:
    return set(open_promises(leg=leg.pk).values_list("kind", flat=True))


def test_acceptance_is_owed_when_offered_and_completion_when_accepted(house, leg, at):
    assert owed(leg) == {"acceptance"}
    actions.accept(leg, **house.as_dee)
    assert owed(leg) == {"completion"}
    take_back("accept", at)
    assert owed(leg) == {"acceptance"}


def test_the_clock_stands_still_while_the_sender_has_to_answer(house, leg, at):
    actions.accept(leg, **house.as_dee)
    due = open_promises(leg=leg.pk).get().due_at
    actions.ask_back(leg, "Which?", **house.as_dee)
    assert open_promises(leg=leg.pk).get().due_at is None
    actions.answer(leg, "That one", **house.as_dee | {"at": house.as_dee["at"] + timedelta(hours=5)})
    assert open_promises(leg=leg.pk).get().due_at == due + timedelta(hours=5)
    conversations.reply(house.conversation, "Soon", to=["m@c.test"], **house.as_ana)
    conversations.close(house.conversation, why="Enough", **house.as_ana)
    assert owed(leg) == {"completion"}, "no act of the conversation keeps or releases what is owed for a leg"
    actions.withdraw(leg, "Not needed", **house.as_ana)
    assert owed(leg) == set()


def test_without_a_policy_the_moment_of_the_brief_is_owed(house, brief):
    leg = actions.hand_over(house.conversation, house.cards, brief, **house.as_ana)
    actions.accept(leg, **house.as_dee)
    assert open_promises(leg=leg.pk).get().due_at == brief.by_when


def test_a_hand_over_stays_when_its_leg_was_accepted_since(house, leg, at):
    actions.accept(leg, **house.as_dee)
    reasons = take_back("hand_over", at)
    leg.refresh_from_db()
    assert reasons and (leg.stage, leg.retired_at) == (Stage.ACCEPTED, None)
    assert Relay.objects.get().retired_at is None


def test_what_was_done_stays_done_when_the_next_has_begun(house, brief, at):
    steps = [
        {"name": "One", "department": house.cards.pk},
        {"name": "Two", "department": house.accounting.pk, "after": ["one"]},
        {"name": "Three", "department": house.cards.pk, "after": ["one"]},
    ]
    template = actions.add_template("Two steps", steps, by=house.by, at=at)
    actions.start(house.conversation, actions.newest_edition(template), brief, **house.as_ana)
    one, two = Leg.objects.get(step="one"), Leg.objects.get(step="two")
    actions.done(one, {}, **house.as_dee)
    actions.accept(two, **house.as_cleo)
    assert "Two has begun since." in take_back("done", at)
    one.refresh_from_db()
    assert one.stage == Stage.DONE
    take_back("accept", at)
    take_back("done", at)
    stages = dict(Leg.objects.values_list("step", "stage"))
    assert stages == {"one": "offered", "two": "ahead", "three": "ahead"}


def test_a_leg_sent_again_keeps_its_place(house, leg, brief, at):
    actions.decline(leg, "No", **house.as_dee)
    new = actions.send_again(leg, house.accounting, brief, **house.as_ana)
    actions.accept(new, **house.as_cleo)
    assert "Another leg has its place now." in take_back("send_again", at)
    leg.refresh_from_db()
    assert leg.stage == Stage.WITHDRAWN
    assert "The relay has ended since." not in take_back("decline", at)


def test_a_leg_does_not_come_back_into_a_conversation_that_is_done(house, leg, at):
    actions.done(leg, {}, **house.as_dee)
    conversations.close(house.conversation, **house.as_ana)
    assert f"#{house.conversation.pk} is done." in take_back("done", at)
    assert Relay.objects.get().finished_at is not None


def test_a_relay_that_would_be_with_nobody_stays_as_it_is(house, leg, at):
    actions.withdraw(leg, "Not needed", **house.as_ana)
    take_back("withdraw", at)
    actions.stop(Relay.objects.get(), "No use", **house.as_ana)
    take_back("hand_over", at)
    assert Leg.objects.get().stage == Stage.WITHDRAWN


def test_a_department_that_a_leg_comes_back_to_stays(house, brief, at):
    attic = people.open_department("Attic", by=house.by, at=at)
    opened = Operation.objects.order_by("-id")[0]
    people.add_member(attic, house.ada, "agent", by=house.by, at=at)
    as_ada = {"by": Actor("agent", house.ada.pk), "at": at}
    assert actions.hand_over(house.conversation, house.cards, brief, **as_ada).sent_from == attic
    people.remove_member(house.ada.memberships.get(), by=house.by, at=at)
    undo([opened], by=Actor("agent", 1), at=at)
    assert Department.objects.filter(pk=attic.pk).exists()


def test_a_customer_who_is_forgotten_is_forgotten_in_briefs_too(house, leg, at):
    actions.ask_back(leg, "What is CANARY?", **house.as_dee)
    actions.withdraw(leg, "CANARY", **house.as_ana)
    conversations.forget_customer(house.martin, by=house.by, at=at)
    leg.refresh_from_db()
    assert (leg.need, leg.question, leg.ended_why, Relay.objects.get().stopped_why) == ("", "", "", "")
    assert not [e for e in Event.objects.all() if "CANARY" in str(e.changes) or "has to arrive" in str(e.changes)]
    assert_log_tells_all()
