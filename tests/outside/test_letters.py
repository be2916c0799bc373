"""Letters leave to those who do not live on the desk, and only what is so when they leave."""

from datetime import timedelta

import pytest
from django.core import mail

from pitcrew.channels.email.letters import actions, sending
from pitcrew.channels.email.letters.models import Kind, Letter
from pitcrew.channels.email.letters.queries import due, letters_of, receivers, undelivered
from pitcrew.channels.email.models import Mailbox
from pitcrew.channels.email.outbox import PAUSES
from pitcrew.channels.email.transport import Never, NotYet
from pitcrew.history.actors import Actor
from pitcrew.history.followers import tell_followers
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo
from pitcrew.jobs.clock import CALLINGS, find_callings
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.relays import actions as relays
from pitcrew.relays.doors.models import Door
from pitcrew.relays.models import Leg
from tests.outside.conftest import COMMITS, COURIER, link_in
from tests.verify import verify

pytestmark = pytest.mark.django_db(transaction=COMMITS)


def test_contributors_get_the_brief_a_link_and_how_to_answer(house, brief, post):
    relays.start(house.conversation, house.edition, brief, **house.as_ana)
    sent = post()
    assert [m.to for m in sent] == [["dee@company.test"], ["eli@company.test"]]
    text = sent[0].body
    assert all(words in text for words in (brief.need, brief.tried, brief.promised, "Ana Ruiz, Front desk,"))
    assert all(words in text for words in ("Take ", "Question: ...", "No: because ...", "Done: ..."))
    assert link_in(sent[0]) != link_in(sent[1]) and sent[0].reply_to != sent[1].reply_to
    assert sent[0].from_email == '"Ana Ruiz, Nordbank" <support@company.test>'
    assert sent[0].extra_headers["Auto-Submitted"] == "auto-generated"
    assert post() == []


def test_the_partner_gets_a_link_and_what_done_has_to_tell(courier, post):
    [sent] = [m for m in post() if m.to == [COURIER]]
    assert "Signed by" in sent.body and "/l/" in link_in(sent)
    assert Door.objects.get(leg_id=courier.pk).staff is None


def test_an_undone_hand_over_sends_no_letter(house, brief, clock):
    by = Actor("agent", house.ana.pk)
    relays.hand_over(house.conversation, house.cards, brief, by=by, at=clock.now)
    tell_followers(clock.now)
    assert not due(clock.now).exists(), "a letter may leave within the undo window"
    undo(Operation.objects.filter(pk__in=by.did), by=by, at=clock.later(seconds=10))
    for letter in due(clock.later(seconds=30)):
        sending.send_now(letter, at=clock.now)
    assert mail.outbox == [] and not Letter.objects.exists()


def test_whom_a_letter_goes_to(house, brief, clock, at):
    leg = relays.hand_over(house.conversation, house.cards, brief, person=house.eli, **house.as_ana)
    assert receivers(leg) == [house.eli]
    other = relays.hand_over(house.conversation, house.accounting, brief, **house.as_ana)
    assert receivers(other) == [house.cleo], "where nobody contributes, everybody hears of it"
    people.add_member(house.accounting, house.dee, Role.CONTRIBUTOR, by=house.by, at=at)
    assert receivers(other) == [house.dee]


def test_a_sender_who_does_not_live_on_the_desk_hears_what_became_of_it(house, brief, post, clock):
    as_dee = {"by": Actor("agent", house.dee.pk), "at": clock.now}
    leg = relays.hand_over(house.conversation, house.accounting, brief, **as_dee)
    post()
    how = {"by": Actor("agent", house.cleo.pk), "at": clock.now}
    relays.ask_back(leg, "Which account?", **how)
    [asked] = post()
    assert asked.to == ["dee@company.test"] and "Which account?" in asked.body
    relays.answer(leg, "The first", by=as_dee["by"], at=clock.now)
    [answered] = post()
    assert answered.to == ["cleo@company.test"] and "The first" in answered.body
    relays.decline(leg, "Not ours", by=how["by"], at=clock.now)
    [returned] = post()
    assert returned.to == ["dee@company.test"] and "Not ours" in returned.body
    other = relays.send_again(leg, house.accounting, brief, by=as_dee["by"], at=clock.now)
    post()
    relays.done(other, {}, "It is booked", by=how["by"], at=clock.now)
    [done] = post()
    assert done.to == ["dee@company.test"] and "It is booked" in done.body


def test_a_sender_on_the_desk_gets_no_second_telling(offered, house, post, clock):
    relays.ask_back(offered, "Which card?", by=Actor("agent", house.dee.pk), at=clock.now)
    assert post() == []


def test_whoever_worked_on_it_hears_that_it_is_not_needed(offered, house, post, clock):
    relays.withdraw(offered, "Found it", by=house.as_ana["by"], at=clock.now)
    assert post() == [], "nobody had begun"


def test_a_letter_is_written_once_leaves_once_and_may_be_dropped(offered, house, clock):
    how = {"by": sending.BY, "at": clock.now}
    letter = verify(lambda: actions.write(Kind.ANSWERED, offered, "x@y.test", clock.now, **how))
    assert actions.write(Kind.ANSWERED, offered, "x@y.test", clock.now, **how) == letter
    verify(lambda: actions.drop(letter, **how))
    other = actions.write(Kind.ASKED, offered, "x@y.test", clock.now, **how)
    verify(lambda: actions.left(other, **how), can_be_undone=False)
    verify(lambda: actions.mark_undelivered(other, "550 no such user", **how), can_be_undone=False)
    assert undelivered([offered.pk])[offered.pk] == [other] and letters_of(offered).first() == other


def test_a_server_that_does_not_answer_is_asked_again_and_in_the_end_it_is_said(house, brief, clock, monkeypatch):
    leg = relays.hand_over(house.conversation, house.cards, brief, person=house.dee, by=house.by, at=clock.now)
    tell_followers(clock.now)

    def down(_):
        raise NotYet("nobody there")

    monkeypatch.setattr(sending, "send", down)
    clock.later(seconds=20)
    for pause in PAUSES:
        [letter] = due(clock.now)
        sending.send_now(letter, at=clock.now)
        assert not due(clock.now).exists()
        clock.now += pause
    [letter] = due(clock.now)
    sending.send_now(letter, at=clock.now)
    assert undelivered([leg.pk])[leg.pk][0].undelivered_why == "nobody there"
    assert not due(clock.later(days=9)).exists()


@pytest.mark.parametrize("failure", [Never("550 no such user"), None])
def test_what_can_never_leave_is_said_at_once(house, brief, clock, monkeypatch, failure):
    leg = relays.hand_over(house.conversation, house.cards, brief, person=house.dee, by=house.by, at=clock.now)
    tell_followers(clock.now)
    if failure is None:
        monkeypatch.setattr("pitcrew.channels.email.letters.composing.Mailbox.objects", Mailbox.objects.none())
    else:
        monkeypatch.setattr(sending, "send", lambda _: (_ for _ in ()).throw(failure))
    [letter] = due(clock.later(seconds=20))
    sending.send_now(letter, at=clock.now)
    [fact] = undelivered([leg.pk])[leg.pk]
    assert fact.undelivered_why in (
        "550 no such user",
        "There is no mailbox to send from. Name one in Settings, Mailboxes.",
    )


def test_the_clock_asks_for_letters_that_are_due(house, brief, clock):
    relays.hand_over(house.conversation, house.cards, brief, person=house.dee, by=house.by, at=clock.now)
    tell_followers(clock.now)
    assert sending.send_due(clock.now) == 0
    assert sending.send_due(clock.later(seconds=20)) == 1
    sending.leave.func(Letter.objects.get().pk)
    assert len(mail.outbox) == 1 and sending.send_due(clock.later(minutes=1)) == 0
    find_callings()
    assert "channels.email.letters.clock.leave" in CALLINGS


def test_a_letter_about_a_given_leg_goes_to_whom_it_is_given(offered, house, post, clock):
    relays.accept(offered, by=Actor("agent", house.dee.pk), at=clock.now)
    relays.give_to(offered, house.eli, by=Actor("agent", house.dee.pk), at=clock.later(minutes=1))
    assert Leg.objects.get(pk=offered.pk).holder == house.eli
    assert post() == [] and house.by_when - clock.now > timedelta(days=2)
