"""Two people at once, and acts out of turn: each is refused with who has it, and nothing moves."""

import pytest

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.models import Conversation
from pitcrew.people import actions as people
from pitcrew.people.refusals import Refused
from pitcrew.relays import actions
from pitcrew.relays.access import may_answer, may_see, may_take
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Leg, Stage
from pitcrew.relays.queries import legs_for, prefill
from tests.verify import assert_same, state

TO_STAGE = {
    Stage.OFFERED: lambda h, leg: None,
    Stage.ACCEPTED: lambda h, leg: actions.accept(leg, **h.as_dee),
    Stage.ASKED: lambda h, leg: actions.ask_back(leg, "Which?", **h.as_dee),
    Stage.RETURNED: lambda h, leg: actions.decline(leg, "No", **h.as_dee),
    Stage.DONE: lambda h, leg: actions.done(leg, {}, **h.as_dee),
    Stage.SKIPPED: lambda h, leg: actions.skip(leg, "No", **h.as_ana),
    Stage.WITHDRAWN: lambda h, leg: actions.withdraw(leg, "No", **h.as_ana),
}
ACTS = {
    "accept": lambda h, leg, b: actions.accept(leg, **h.as_dee),
    "ask_back": lambda h, leg, b: actions.ask_back(leg, "Which?", **h.as_dee),
    "answer": lambda h, leg, b: actions.answer(leg, "That one", **h.as_ana),
    "decline": lambda h, leg, b: actions.decline(leg, "No", **h.as_dee),
    "send_again": lambda h, leg, b: actions.send_again(leg, h.accounting, b, **h.as_ana),
    "done": lambda h, leg, b: actions.done(leg, {}, **h.as_dee),
    "withdraw": lambda h, leg, b: actions.withdraw(leg, "No", **h.as_ana),
    "skip": lambda h, leg, b: actions.skip(leg, "No", **h.as_ana),
    "give_to": lambda h, leg, b: actions.give_to(leg, h.ada, **h.as_dee),
}
MAY = {
    Stage.OFFERED: {"accept", "ask_back", "decline", "done", "withdraw", "skip", "give_to"},
    Stage.ACCEPTED: {"ask_back", "decline", "done", "withdraw", "skip", "give_to"},
    Stage.ASKED: {"answer", "withdraw", "skip", "give_to"},
    Stage.RETURNED: {"send_again", "withdraw", "skip"},
}
SENTENCES = {
    Stage.OFFERED: "Card processing has not accepted Card processing yet",
    Stage.ACCEPTED: "Dee Moll has Card processing already|You have Card processing already",
    Stage.ASKED: "waits for an answer: Ana Ruiz has to give it first",
    Stage.RETURNED: "has sent Card processing back: Ana Ruiz has to send it again or withdraw it",
    Stage.DONE: "is done already",
    Stage.SKIPPED: "was skipped",
    Stage.WITHDRAWN: "was withdrawn",
}


@pytest.fixture
def leg(house, brief) -> Leg:
    return actions.hand_over(house.conversation, house.cards, brief, **house.as_ana)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("stage", TO_STAGE)
def test_an_act_out_of_turn_is_refused_with_who_has_it(house, leg, brief, stage, act):
    TO_STAGE[stage](house, leg)
    before = state()
    if act in MAY.get(stage, ()):
        ACTS[act](house, Leg.objects.get(), brief)
        assert state() != before
        return
    with pytest.raises(Refused, match=SENTENCES[stage]):
        ACTS[act](house, Leg.objects.get(), brief)
    assert_same(state(), before)


@pytest.mark.parametrize("act", [a for a in ACTS if a not in ("withdraw", "skip")])
def test_a_leg_that_has_not_begun_waits_for_its_turn(house, brief, act, at):
    steps = [{"name": "One", "department": house.cards.pk}, {"name": "Two", "after": ["one"]}]
    template = actions.add_template("Two", steps, by=house.by, at=at)
    actions.start(house.conversation, actions.newest_edition(template), brief, **house.as_ana)
    with pytest.raises(Refused, match="Two has not begun"):
        ACTS[act](house, Leg.objects.get(step="two"), brief)


@pytest.mark.parametrize(("act", "what"), [("ask_back", "question"), ("decline", "reason"), ("skip", "reason")])
def test_words_are_needed_and_not_too_many(house, leg, act, what):
    for text, fault in (("  ", "is empty"), ("x" * 6_000, "is too long")):
        with pytest.raises(Refused, match=f"The {what} {fault}"):
            getattr(actions, act)(leg, text, **house.as_dee)


def test_who_takes_part_sees_it_and_nobody_else(house, leg):
    """Dee contributes to Card processing; Cleo leads Accounting and has nothing to do with it."""
    assert [may_see(s, leg) for s in (house.ana, house.ben, house.dee, house.cleo)] == [True, True, True, False]
    assert [may_take(s, leg) for s in (house.ana, house.dee, house.cleo, house.ada)] == [False, True, False, True]
    assert [may_answer(s, leg) for s in (house.ana, house.ben, house.dee, house.cleo)] == [True, True, False, False]


def test_the_receiver_sees_the_conversation_and_the_sender_keeps_sight(house, leg):
    def seen(staff) -> bool:
        shown = Conversation.objects.visible_to(staff).filter(pk=house.conversation.pk).exists()
        assert house.conversation.is_visible_to(staff) == shown
        return shown

    assert seen(house.dee) and not seen(house.cleo)
    assert [len(legs_for(staff).offered) for staff in (house.dee, house.cleo)] == [1, 0]
    how = {"by": house.by, "at": house.as_ana["at"]}
    people.remove_member(house.ana.memberships.get(), **how)
    conversations.unfollow(house.conversation, house.ana, **how)
    assert seen(house.ana), "the sender keeps sight for ever"
    actions.done(leg, {}, **house.as_dee)
    assert seen(house.dee), "what was done is seen afterwards too"


def test_a_partners_address_has_to_be_one(house, brief):
    with pytest.raises(Refused, match="nobody is no e-mail address"):
        actions.hand_over(house.conversation, house.cards, brief, partner="nobody", **house.as_ana)
    with pytest.raises(Refused, match="Cleo Falk does not work in Card processing"):
        actions.hand_over(house.conversation, house.cards, brief, person=house.cleo, **house.as_ana)


def test_a_brief_is_filled_in_from_what_was_said_and_no_note(house, at):
    conversations.note(house.conversation, "CANARY: he is rude", **house.as_ana)
    conversations.reply(house.conversation, "We asked the bank.", to=["m@c.test"], **house.as_ana)
    told = Brief(
        "Card has not arrived\nI was approved three weeks ago and nothing came.", "2026-03-02: We asked the bank."
    )
    assert prefill(house.conversation) == told
