"""Victories, work handed over for a problem, and follow-ups after a fix."""

from datetime import timedelta

import pytest

from pitcrew.channels.email import followers  # noqa: F401  (they listen from their import on)
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.actions import forget_customer
from pitcrew.history.actors import pitcrew
from pitcrew.history.followers import tell_followers
from pitcrew.people.refusals import Refused
from pitcrew.problems import actions
from pitcrew.problems.models import Sighting, Victory, VictoryKind, VictoryPart
from pitcrew.promises.actions import promise
from pitcrew.promises.models import Kind
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.links.looking import look_due
from pitcrew.relays.links.models import BrokenLink
from pitcrew.relays.models import Leg
from tests.verify import verify


@pytest.fixture
def brief(at):
    return Brief("New cards", "Asked the printer", "Cards by Friday", at + timedelta(days=3))


def finished(leg, cast, at):
    relays.accept(leg, person=cast.cleo, by=type(cast.by)("agent", cast.cleo.pk), at=at)
    relays.done(leg, {}, "Printed anew", by=type(cast.by)("agent", cast.cleo.pk), at=at)
    leg.relay.refresh_from_db()
    return leg.relay


def test_work_on_a_problem_is_handed_over(problem, cast, brief, how):
    relay = verify(lambda: actions.hand_over(problem, cast.accounting, brief, **how))
    assert (relay.problem, relay.home) == (problem.pk, cast.front)
    assert Leg.objects.get(relay=relay).department == cast.accounting
    with pytest.raises(Refused, match="brief"):
        actions.hand_over(problem, cast.accounting, Brief(), **how)


def test_a_relay_that_beats_its_promise_is_a_victory_of_its_people(problem, cast, brief, how, at, tell):
    leg = Leg.objects.get(relay=actions.hand_over(problem, cast.accounting, brief, **how))
    relay = finished(leg, cast, at + timedelta(days=1))
    verify(lambda: actions.record_early(relay, by=cast.by, at=at + timedelta(days=1)))
    tell(2)
    victory = Victory.objects.get()
    assert (victory.kind, victory.before["count"], victory.after["count"]) == (VictoryKind.EARLY, 72.0, 24.0)
    assert list(VictoryPart.objects.values_list("staff", flat=True)) == [cast.cleo.pk]


def test_the_log_tells_of_an_early_relay_and_a_late_one_is_none(problem, cast, brief, how, at, tell):
    early, late = (Leg.objects.get(relay=actions.hand_over(problem, cast.accounting, brief, **how)) for _ in range(2))
    finished(early, cast, at + timedelta(days=1))
    finished(late, cast, at + timedelta(days=4))
    tell(5)
    assert [victory.relay for victory in Victory.objects.all()] == [early.relay_id]


def test_only_thanks_after_a_fix_are_a_victory(watched, touched, write, tell, at):
    for text in ("Thank you!", "Thank you, but the envelope is torn"):
        write("lena", "Re: Card", text, at=at + timedelta(days=2), conversation=touched[0])
    write("zoe", "Other", "Thank you!", at=at + timedelta(days=2))
    tell(2)
    victory = Victory.objects.get()
    assert (victory.kind, victory.conversation) == (VictoryKind.THANKED, touched[0])


def test_thanks_before_a_fix_are_thanks(problem, touched, write, tell, at):
    write("lena", "Re: Card", "Thank you!", at=at, conversation=touched[0])
    tell()
    assert not Victory.objects.exists()


def test_who_was_promised_a_call_is_followed_up_when_it_is_fixed(problem, touched, proof, cast, how, at):
    due = {"due_at": at + timedelta(days=3), "words": "to call you on"}
    promise(Kind.CALL_BACK, department=cast.front, conversation=touched[0].pk, **due, **how)
    with pytest.raises(Refused, match="no fix yet"):
        actions.open_follow_ups(problem, **how)
    actions.claim_fix(problem, proof, **how)
    assert verify(lambda: actions.open_follow_ups(problem, **how)) == 1
    leg = Leg.objects.get(is_follow_up=True)
    assert leg.conversation == touched[0]
    assert "Print service 4.2" in leg.tried


def test_a_forgotten_customer_leaves_no_word_in_what_was_recognised(problem, write, cast, how, at):
    message = write("paul", "Card", "No flat number on the envelope", at=at)
    actions.sight(problem, message, score=1, because="flat, number", **how)
    forget_customer(message.conversation.customer, **how)
    assert Sighting.objects.get().why == ""


@pytest.mark.django_db(transaction=True)  # followers read what is committed
def test_a_live_fix_of_which_nobody_tells_the_customers_is_a_broken_link(watched, touched, how, at):
    later = at + timedelta(hours=9)
    tell_followers(later)
    look_due(by=pitcrew("links"), at=later)
    found = BrokenLink.objects.filter(kind="not_told", mended_at=None)
    assert sorted(found.values_list("conversation_id", flat=True)) == sorted(one.pk for one in touched)
    assert found[0].sentence == "The fix is live, and the customer was not told"
    conversations.reply(touched[0], "It is fixed.", to=["lena@customer.test"], **how | {"at": later})
    tell_followers(later)
    look_due(by=pitcrew("links"), at=later + timedelta(minutes=1))
    assert not found.filter(conversation=touched[0]).exists()
