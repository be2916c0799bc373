"""A relay along a template: what comes next, joins, branches, and the follow-up at its end."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import State
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.refusals import Refused
from pitcrew.promises.models import Promise
from pitcrew.relays import actions
from pitcrew.relays.models import Edition, Leg, Relay, Stage, Template
from pitcrew.relays.queries import asked_first, follow_up_draft, holder_of, track
from tests.verify import verify

COURIER = "courier@fast.test"


@pytest.fixture
def steps(house) -> list[dict]:
    """Card processing, then the courier, then a call."""
    asks = [{"key": "sent", "label": "Sent on", "kind": "date", "needed": True}]
    return [
        {"name": "Cards", "department": house.cards.pk, "asks": asks, "told": "Your card is made", "minutes": 60},
        {"name": "Courier", "partner": COURIER, "after": ["cards"]},
        {"name": "Call back", "department": house.front.pk, "after": ["courier"], "is_follow_up": True},
    ]


@pytest.fixture
def edition(house, steps, at) -> Edition:
    template = actions.add_template("Card delivery", steps, by=house.by, at=at)
    return actions.newest_edition(template)


@pytest.fixture
def relay(house, edition, brief) -> Relay:
    return actions.start(house.conversation, edition, brief, **house.as_ana)


def the(relay: Relay, step: str) -> Leg:
    return Leg.objects.filter(relay=relay, step=step).order_by("-pk")[0]


def test_a_relay_starts_with_its_first_leg_and_knows_the_others(house, edition, brief):
    relay = verify(lambda: actions.start(house.conversation, edition, brief, **house.as_ana))
    stages = dict(Leg.objects.filter(relay=relay).values_list("step", "stage"))
    assert stages == {"cards": "offered", "courier": "ahead", "call-back": "ahead"}
    assert {leg.branch for leg in Leg.objects.all()} == {"cards"}


def test_what_is_done_is_what_was_tried_and_the_next_has_the_baton(house, relay):
    cards = the(relay, "cards")
    actions.accept(cards, **house.as_dee)
    with pytest.raises(Refused, match="Sent on is not filled in. Cards is done only with it."):
        actions.done(cards, {}, **house.as_dee)
    verify(lambda: actions.done(cards, {"sent": "2026-03-02"}, "A new card is made", **house.as_dee))
    courier = the(relay, "courier")
    assert (courier.stage, holder_of(courier).partner) == (Stage.OFFERED, COURIER)
    assert (courier.need, courier.tried) == ("The card has to arrive.", "We looked up the order.")  # no word of inside
    assert courier.sent_from == house.cards
    house.conversation.refresh_from_db()
    assert house.conversation.state == State.WAITING_ON_DEPARTMENT


def deliver(house, relay) -> Leg:
    """Up to the courier's word."""
    actions.done(the(relay, "cards"), {"sent": "2026-03-02"}, "Made", **house.as_dee)
    courier = the(relay, "courier")
    outside = {"by": Actor("partner", courier.pk), "at": house.as_cleo["at"]}
    actions.accept(courier, **outside)
    actions.done(courier, {}, "Delivered", **outside)
    return the(relay, "call-back")


def test_the_couriers_word_opens_the_follow_up(house, relay, at):
    call = deliver(house, relay)
    assert (call.stage, call.is_follow_up, holder_of(call).department) == (Stage.OFFERED, True, house.front)
    house.conversation.refresh_from_db()
    assert house.conversation.state == State.OPEN
    draft = follow_up_draft(call)
    assert "you were promised on 2 March 2026: A call on Friday by 5 March 2026." in draft
    assert "- 2 March: Your card is made; Sent on: 2026-03-02." in draft
    assert "Dee" not in draft and "Card processing" not in draft
    [cards, courier, here] = track(house.conversation, at + timedelta(hours=3)).stations
    assert (here.party.department, cards.told) == (house.front, "Your card is made")


def test_it_works_ends_the_relay_and_the_customer_is_quoted(house, relay, at):
    call = deliver(house, relay)
    customer = {"by": Actor("customer", house.martin.pk), "at": at + timedelta(hours=4)}
    assert call.tried.splitlines()[:2] == ["We looked up the order.", "Cards: Made"]
    verify(lambda: actions.follow_up(call, "works", "Thank you", **customer))
    relay.refresh_from_db()
    assert (relay.finished_at, relay.thanked_at, relay.was_early) == (customer["at"], customer["at"], True)
    assert the(relay, "call-back").outcome == {"result": "works"}


def test_not_yet_reopens_the_exact_link(house, relay, at):
    call = deliver(house, relay)
    courier = the(relay, "courier")
    verify(lambda: actions.follow_up(call, "not_yet", "Nothing came", **house.as_ana | {"at": at + timedelta(hours=4)}))
    again = the(relay, "courier")
    assert (again.stage, again.again_of, again.branch) == (Stage.OFFERED, courier, courier.branch)
    assert again.tried.endswith("The customer says: not yet.")
    assert the(relay, "call-back").stage == Stage.AHEAD
    outside = {"by": Actor("partner", again.pk), "at": at + timedelta(hours=5)}
    actions.done(again, {}, "Now", **outside)
    call = the(relay, "call-back")
    assert call.stage == Stage.OFFERED
    actions.follow_up(call, "arrived", **house.as_ana | {"at": at + timedelta(hours=6)})
    assert Relay.objects.get().finished_at is not None


def test_no_answer_promises_another_call_and_the_leg_stays(house, relay, at):
    call = deliver(house, relay)
    later = house.as_ana | {"at": at + timedelta(hours=4)}
    verify(lambda: actions.follow_up(call, "no_answer", call_again_at=at + timedelta(days=1), **later))
    call.refresh_from_db()
    assert call.is_live
    assert Promise.objects.get(kind="call_back", kept_at=None).due_at == at + timedelta(days=1)


def test_only_a_follow_up_is_followed_up(house, relay):
    with pytest.raises(Refused, match="Cards is no follow-up. Mark it as done instead."):
        actions.follow_up(the(relay, "cards"), "works", **house.as_dee)


def test_a_live_fix_opens_a_follow_up_where_there_is_none(house, at):
    how = {"by": Actor("pitcrew", "problems"), "at": at}
    leg = verify(lambda: actions.open_follow_up(house.conversation, "The addresses are checked now", **how))
    assert (leg.stage, leg.is_follow_up, leg.department) == (Stage.OFFERED, True, house.front)
    assert actions.open_follow_up(house.conversation, "Twice", **how) == leg
    verify(lambda: actions.give_to(leg, house.ben, **house.as_ana))


def test_a_customer_who_asks_first_is_counted(house, relay, at):
    call = deliver(house, relay)
    letter = Incoming(
        channel="email",
        address="martin@customer.test",
        subject="Well",
        text="Where is it",
        external_id="second@customer.test",
        conversation=house.conversation,
    )
    late = at + timedelta(hours=4)
    message = conversations.receive(letter, by=Actor("customer", house.martin.pk), at=late)
    us = {"by": Actor("pitcrew", "relays"), "at": late}
    verify(lambda: actions.customer_asked_first(house.conversation.pk, message.pk, **us))
    call.refresh_from_db()
    assert call.asked_first_at == late
    assert asked_first(at, late).rate == 1.0


def test_parallel_legs_join_and_a_join_waits_for_all(house, brief, at):
    steps = [
        {"key": "a", "name": "A", "department": house.cards.pk},
        {"key": "b", "name": "B", "department": house.accounting.pk},
        {"key": "c", "name": "C", "department": house.front.pk, "after": ["a", "b"]},
    ]
    template = actions.add_template("Side by side", steps, by=house.by, at=at)
    relay = actions.start(house.conversation, actions.newest_edition(template), brief, **house.as_ana)
    assert [the(relay, key).stage for key in "abc"] == ["offered", "offered", "ahead"]
    actions.done(the(relay, "a"), {}, "A is done", **house.as_dee)
    assert the(relay, "c").stage == Stage.AHEAD
    verify(lambda: actions.done(the(relay, "b"), {}, "B is done", **house.as_cleo))
    joined = the(relay, "c")
    assert joined.stage == Stage.OFFERED
    assert joined.tried.splitlines() == ["We looked up the order.", "A: A is done", "B: B is done"]
    assert len({leg.branch for leg in Leg.objects.all()}) == 3


def test_a_skipped_leg_lets_the_next_come_and_a_withdrawn_one_does_not(house, relay, edition, brief):
    actions.skip(the(relay, "cards"), "He has it", **house.as_ana)
    assert the(relay, "courier").stage == Stage.OFFERED
    actions.withdraw(the(relay, "courier"), "Not needed", **house.as_ana)
    assert the(relay, "call-back").stage == Stage.WITHDRAWN
    assert Relay.objects.get().stopped_at is not None


def test_where_nobody_is_left_the_next_leg_is_back_with_its_sender(house, relay, at):
    for staff in (house.ana, house.ben):
        people.remove_member(staff.memberships.get(), by=house.by, at=at)
    call = deliver(house, relay)
    assert (call.stage, call.declined_why[:36]) == (Stage.RETURNED, "Front desk has nobody who could take")
    assert holder_of(call).staff == house.ana


def test_a_relay_for_a_problem_has_its_legs_and_keeps_the_follow_up_for_the_fix(house, edition, brief, at):
    how = {"name": "Addresses", "edition": edition, **house.as_ana}
    relay = verify(lambda: actions.start_for_problem(7, house.cards, brief, **how))
    assert (relay.problem, relay.conversation) == (7, None)
    assert deliver(house, relay).stage == Stage.AHEAD
    one = actions.start_for_problem(8, house.cards, brief, name="One", department=house.accounting, **house.as_ana)
    actions.done(one.legs.get(), {}, **house.as_cleo)


def test_a_closed_conversation_needs_a_reason_while_a_leg_is_out(house, relay, at):
    with pytest.raises(Refused, match="Cards is still out in #[0-9]+ .Card processing.. Wait for it"):
        conversations.close(house.conversation, **house.as_ana)
    with pytest.raises(Refused, match="is still out"):
        conversations.close_many([house.conversation.pk], **house.as_ana)
    with pytest.raises(Refused, match="is still out"):
        conversations.reply(house.conversation, "Bye", to=["m@c.test"], then=State.DONE, **house.as_ana)
    conversations.reply(house.conversation, "Soon", to=["m@c.test"], **house.as_ana)
    assert house.conversation.state == State.WAITING_ON_DEPARTMENT
    verify(lambda: conversations.close(house.conversation, why="He cancelled", **house.as_ana))


def test_legs_go_along_when_conversations_are_merged(house, relay, at):
    letter = Incoming(channel="email", address="m@c.test", subject="More", text="More", external_id="x@c.test")
    other = conversations.receive(letter, by=house.by, at=at).conversation
    verify(lambda: conversations.merge(other, house.conversation, **house.as_ana))
    assert {leg.conversation_id for leg in Leg.objects.all()} == {other.pk}
    other.refresh_from_db()
    assert (Relay.objects.get().conversation_id, other.state) == (other.pk, State.WAITING_ON_DEPARTMENT)


def test_a_running_relay_moves_to_another_edition_as_previewed(house, relay, steps, at):
    template = Template.objects.get()
    steps[1] = {"name": "Second courier", "partner": "other@fast.test", "after": ["cards"]}
    steps[2]["after"] = ["second-courier"]
    edition = verify(lambda: actions.edit_template(template, steps, **house.as_ana))
    assert edition.number == 2
    preview = actions.preview_move(relay, edition)
    assert [leg.step for leg in preview.goes] == ["courier"]
    assert [step["key"] for step in preview.comes] == ["second-courier"]
    assert [leg.step for leg in preview.stays] == ["cards", "call-back"]
    verify(lambda: actions.move_relay(relay, edition, **house.as_ana))
    actions.done(the(relay, "cards"), {"sent": "2026-03-02"}, **house.as_dee)
    assert the(relay, "second-courier").stage == Stage.OFFERED
    third = actions.edit_template(template, steps[:1], **house.as_ana)
    with pytest.raises(Refused, match="Second courier is out at Front desk, and this edition has no such step"):
        actions.move_relay(relay, third, **house.as_ana)


def test_a_removed_template_starts_nothing(house, edition, brief):
    verify(lambda: actions.remove_template(edition.template, **house.as_ana))
    edition.refresh_from_db()
    with pytest.raises(Refused, match="was removed"):
        actions.start(house.conversation, edition, brief, **house.as_ana)
