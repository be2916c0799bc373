"""A leg goes from hand to hand: each act, proved by the log and by undo."""

from datetime import timedelta

import pytest

from pitcrew.conversations.models import Following, State
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import undo
from pitcrew.people import actions as people
from pitcrew.people.refusals import Refused
from pitcrew.promises import actions as promises
from pitcrew.promises.models import Promise
from pitcrew.relays import actions
from pitcrew.relays.briefs import Brief
from pitcrew.relays.following import clocks_go_with_the_baton, somebody_left
from pitcrew.relays.models import Leg, Relay, Stage
from pitcrew.relays.queries import holder_of, legs_for, track
from tests.verify import verify


@pytest.fixture
def leg(house, brief) -> Leg:
    return actions.hand_over(house.conversation, house.cards, brief, **house.as_ana)


def test_handing_over_offers_a_leg_to_the_department(house, brief):
    leg = verify(lambda: actions.hand_over(house.conversation, house.cards, brief, **house.as_ana))
    leg.refresh_from_db()
    house.conversation.refresh_from_db()
    assert (leg.stage, leg.need, holder_of(leg).department) == (Stage.OFFERED, brief.need, house.cards)
    assert house.conversation.state == State.WAITING_ON_DEPARTMENT
    assert Following.objects.filter(conversation=house.conversation, staff=house.ana).exists()


def test_a_brief_with_empty_lines_is_refused_and_each_is_named(house, at):
    with pytest.raises(Refused, match="does not say what was tried, what the customer was promised and by when"):
        actions.hand_over(house.conversation, house.cards, Brief("Card"), **house.as_ana)
    with pytest.raises(Refused, match="has passed"):
        actions.hand_over(house.conversation, house.cards, Brief("a", "b", "c", at), **house.as_ana)


def test_a_department_without_members_takes_no_leg(house, brief, at):
    empty = people.open_department("Attic", by=house.by, at=at)
    with pytest.raises(Refused, match="Attic has nobody who could take it. Add a member"):
        actions.hand_over(house.conversation, empty, brief, **house.as_ana)
    actions.hand_over(house.conversation, empty, brief, partner="courier@fast.test", **house.as_ana)


def test_accepting_gives_the_baton_to_who_accepts(house, leg):
    verify(lambda: actions.accept(leg, **house.as_dee))
    leg.refresh_from_db()
    assert (leg.stage, holder_of(leg).staff) == (Stage.ACCEPTED, house.dee)
    with pytest.raises(Refused, match="You have Card processing already"):
        actions.accept(leg, **house.as_dee)
    with pytest.raises(Refused, match="Dee Moll has Card processing already"):
        actions.accept(leg, **house.as_ana)


def test_a_question_gives_the_baton_back_and_the_answer_returns_it(house, leg, at):
    actions.accept(leg, **house.as_dee)
    verify(lambda: actions.ask_back(leg, "Which card?", **house.as_dee))
    leg.refresh_from_db()
    house.conversation.refresh_from_db()
    assert holder_of(leg).staff == house.ana
    assert house.conversation.state == State.OPEN
    assert legs_for(house.ana).asked == [leg]
    later = house.as_ana | {"at": at + timedelta(hours=3)}
    verify(lambda: actions.answer(leg, "The blue one", **later))
    leg.refresh_from_db()
    assert (leg.stage, leg.away, holder_of(leg).staff) == (Stage.ACCEPTED, 7200, house.dee)
    station = track(house.conversation, at + timedelta(hours=4)).stations[0]
    assert (station.seconds, station.waiting) == (7140, 3540)


def test_a_declined_leg_is_back_with_its_sender_and_goes_elsewhere(house, leg, brief):
    verify(lambda: actions.decline(leg, "Not our card", **house.as_dee))
    leg.refresh_from_db()
    assert (leg.stage, holder_of(leg).staff) == (Stage.RETURNED, house.ana)
    assert legs_for(house.ana).returned == [leg]
    new = verify(lambda: actions.send_again(leg, house.accounting, brief, **house.as_ana))
    leg.refresh_from_db()
    assert (leg.stage, new.again_of_id, new.branch) == (Stage.WITHDRAWN, leg.pk, leg.branch)
    assert holder_of(Leg.objects.get(pk=new.pk)).department == house.accounting


def test_done_finishes_the_relay_and_it_is_our_move(house, leg):
    actions.accept(leg, **house.as_dee)
    verify(lambda: actions.done(leg, {}, "Sent a new card", **house.as_dee))
    relay, conversation = Relay.objects.get(), house.conversation
    conversation.refresh_from_db()
    assert (relay.finished_at, relay.was_early) == (house.as_dee["at"], True)
    assert conversation.state == State.OPEN


def test_withdrawing_ends_it_and_the_relay_was_stopped(house, leg):
    verify(lambda: actions.withdraw(leg, "He found it", **house.as_ana))
    relay = Relay.objects.get()
    assert (relay.stopped_why, relay.finished_at) == ("He found it", None)


def test_a_leg_is_skipped_with_a_reason(house, leg):
    verify(lambda: actions.skip(leg, "Not needed", **house.as_ana))
    leg.refresh_from_db()
    assert (leg.stage, leg.ended_why) == (Stage.SKIPPED, "Not needed")


def test_a_relay_is_stopped(house, leg):
    verify(lambda: actions.stop(leg.relay, "Customer gone", **house.as_ana))
    leg.refresh_from_db()
    assert leg.stage == Stage.WITHDRAWN


def test_a_leg_is_given_to_a_colleague_of_the_department(house, leg, at):
    eve = people.hire("eve@company.test", "Eve", by=house.by, at=at)
    with pytest.raises(Refused, match="Eve does not work in Card processing"):
        actions.give_to(leg, eve, **house.as_dee)
    people.add_member(house.cards, eve, "agent", by=house.by, at=at)
    verify(lambda: actions.give_to(leg, eve, **house.as_dee))
    actions.accept(leg, **house.as_dee)
    verify(lambda: actions.give_to(leg, eve, **house.as_dee))
    leg.refresh_from_db()
    assert holder_of(leg).staff == eve


def test_who_leaves_lets_the_department_have_it_again(house, leg, brief, at):
    eve = people.hire("eve@company.test", "Eve", by=house.by, at=at)
    people.add_member(house.cards, eve, "agent", by=house.by, at=at)
    actions.accept(leg, **house.as_dee)
    people.deactivate(house.dee, by=house.by, at=at)
    assert holder_of(Leg.objects.get()).department == house.cards
    verify(lambda: actions.let_fall_back(leg, by=Actor("pitcrew", "relays"), at=at))
    leg.refresh_from_db()
    assert (leg.stage, leg.holder) == (Stage.OFFERED, None)
    somebody_left(Event.objects.order_by("-id")[0], at)


def test_a_department_that_loses_everybody_gives_the_leg_back(house, leg, at):
    actions.accept(leg, **house.as_dee)
    people.deactivate(house.dee, by=house.by, at=at)
    somebody_left(Event.objects.order_by("-id")[0], at)
    leg.refresh_from_db()
    assert (leg.stage, holder_of(leg).staff) == (Stage.RETURNED, house.ana)
    assert leg.declined_why.startswith("Card processing has nobody who could take it.")


def test_taking_back_a_question_lets_the_clock_run_that_was_counted_anew_meanwhile(house, leg, at):
    promises.promise("acceptance", department=house.cards, leg=leg.pk, minutes=600, **house.as_ana)
    actions.ask_back(leg, "Which card?", **house.as_dee)
    question = Operation.objects.latest("pk")
    promises.refit(Promise.objects.get(leg=leg.pk), house.front, None, **house.as_dee)
    undo(Operation.objects.filter(pk=question.pk), **house.as_cleo)
    owed = Promise.objects.get(leg=leg.pk, kind="acceptance")
    assert Leg.objects.get(pk=leg.pk).stage == Stage.OFFERED and owed.paused_at is not None

    def told_later() -> None:
        for event in Event.objects.filter(kind="history.undone").select_related("operation"):
            clocks_go_with_the_baton(event, house.as_cleo["at"])

    verify(told_later)
    owed.refresh_from_db()
    assert owed.paused_at is None and owed.due_at == at + timedelta(minutes=1 + 600 + 60)
