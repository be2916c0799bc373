"""Broken links in the product: found by the clock over what is due, told, escalated, mended, taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.actions import delivering
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.followers import tell_followers
from pitcrew.history.models import Operation
from pitcrew.history.undoing import undo
from pitcrew.people import actions as people
from pitcrew.people.models import Absence
from pitcrew.people.refusals import Refused
from pitcrew.promises.actions import break_due
from pitcrew.relays import actions as relays
from pitcrew.relays.links import actions as links
from pitcrew.relays.links import sources
from pitcrew.relays.links.company import company
from pitcrew.relays.links.due import due
from pitcrew.relays.links.gathering import cases
from pitcrew.relays.links.judging import Mailbox, Upstream, look
from pitcrew.relays.links.looking import look_at_mailboxes, look_due
from pitcrew.relays.links.models import Alarm, BrokenLink, LinkCheck, Pace
from pitcrew.relays.links.pacing import learn
from pitcrew.relays.links.queries import digest_of, links_for, marked, marks_of, waiting_for
from pitcrew.relays.models import Leg, Stage
from tests.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)  # followers read what is committed
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kinds(found) -> list[str]:
    return [link.kind for link in found]


def test_a_leg_nobody_accepts_is_a_broken_link_and_accepting_mends_it(shop, at):
    leg = shop.hand_over()
    assert shop.look(at + HOUR) == []
    [link] = shop.look(at + 3 * HOUR)
    assert (link.kind, link.leg, link.person) == ("not_accepted", leg.pk, shop.cleo)
    assert link.since > at + 2 * HOUR and link.found_at == at + 3 * HOUR
    relays.accept(Leg.objects.get(pk=leg.pk), by=shop.by_dan, at=at + 4 * HOUR)
    assert shop.look(at + 4 * HOUR) == []
    assert BrokenLink.objects.get().mended_at == at + 4 * HOUR


def test_what_was_mended_and_is_taken_back_is_found_again(shop, at):
    leg = shop.hand_over()
    shop.look(at + 3 * HOUR)
    relays.accept(Leg.objects.get(pk=leg.pk), by=shop.by_dan, at=at + 4 * HOUR)
    accepted = Operation.objects.order_by("-pk").first()
    assert shop.look(at + 4 * HOUR) == []
    undo([accepted], by=shop.by, at=at + 5 * HOUR)
    assert kinds(shop.look(at + 5 * HOUR)) == ["not_accepted"]


def test_only_what_is_due_is_looked_at(shop, at, django_assert_num_queries):
    shop.hand_over()
    shop.look(at)
    assert list(due(at + HOUR, 10)) == []
    assert LinkCheck.objects.get(conversation=shop.conversation).look_at > at + 2 * HOUR
    with django_assert_num_queries(1):
        look_due(by=shop.clock, at=at + HOUR)


def test_what_cannot_break_by_time_alone_is_not_kept_in_mind(shop, at):
    conversations.close(shop.conversation, by=shop.by, at=at)
    shop.look(at)
    assert not LinkCheck.objects.filter(conversation=shop.conversation).exists()


def test_a_broken_promise_marks_the_leg_at_once(shop, at):
    conversations.promise_call_back(shop.conversation, at + HOUR, "the refund", by=shop.by, at=at)
    break_due(by=shop.clock, at=at + 2 * HOUR)
    tell_followers(at + 2 * HOUR)
    link = BrokenLink.objects.get(kind="promise_passed")
    assert (link.conversation, link.person) == (shop.conversation, shop.ana)


def test_a_holder_who_is_away_is_a_broken_link_and_one_click_gives_it_to_who_is_there(shop, at):
    leg = shop.hand_over()
    relays.accept(Leg.objects.get(pk=leg.pk), by=shop.by_dan, at=at)
    people.be_away(shop.dan, at + HOUR, at + 9 * DAY, by=shop.by_dan, at=at)
    assert shop.look(at) == []
    [link] = shop.look(at + 2 * HOUR)
    assert (link.kind, link.verb) == ("holder_away", "give_to_present")
    assert "Dan Oke is away until" in link.sentence
    verify(lambda: links.mend(link, by=shop.by_cleo, at=at + 3 * HOUR))
    assert Leg.objects.get(pk=leg.pk).holder == shop.cleo
    assert shop.look(at + 3 * HOUR) == []


def test_a_substitute_keeps_the_chain_whole(shop, at):
    leg = shop.hand_over()
    relays.accept(Leg.objects.get(pk=leg.pk), by=shop.by_dan, at=at)
    people.be_away(shop.dan, at, at + 2 * HOUR, substitute=shop.cleo, by=shop.by_dan, at=at)
    assert shop.look(at + HOUR) == []


def test_an_undelivered_answer_is_found_and_sent_again(shop, at):
    message = conversations.reply(shop.conversation, "It left.", to=["martin@customer.test"], by=shop.by, at=at)
    delivering.mark_undelivered(message, "550 no such user", by=shop.clock, at=at + HOUR)
    [link] = [one for one in shop.look(at + HOUR) if one.kind == "undelivered"]
    assert "550 no such user" in link.sentence
    verify(lambda: links.mend(link, by=shop.by, at=at + 2 * HOUR))
    assert "undelivered" not in kinds(shop.look(at + 2 * HOUR))


def test_work_that_is_done_and_not_told_is_found_by_a_fix_upstream_too(shop, at, monkeypatch):
    conversations.wait_for_customer(shop.conversation, by=shop.by, at=at)
    monkeypatch.setattr(sources, "_upstream", [])

    @sources.register_upstream
    def fixes(ids):
        return [(pk, Upstream("problem:1", at, "The fix is live")) for pk in ids]

    [link] = shop.look(at + 9 * HOUR)
    assert (link.kind, link.verb) == ("not_told", "tell")
    with pytest.raises(Refused, match="in the conversation"):
        links.mend(link, by=shop.by, at=at + 9 * HOUR)


def test_a_mailbox_that_stopped_is_one_link_for_everybody(shop, at, monkeypatch):
    monkeypatch.setattr(sources, "_mailboxes", [])
    sources.register_mailboxes(lambda: [(Mailbox(7, "help@company.test", at), shop.front.pk)])
    for _ in range(2):
        look_at_mailboxes(shop.clock, at + HOUR)
    [link] = BrokenLink.objects.all()
    assert (link.conversation, link.place, link.person) == (None, "mailbox:7", shop.ada)
    monkeypatch.setattr(sources, "_mailboxes", [])
    look_at_mailboxes(shop.clock, at + 2 * HOUR)
    assert BrokenLink.objects.get().mended_at == at + 2 * HOUR


def test_two_open_conversations_about_one_matter_have_one_owner_after_a_click(shop, at):
    other = conversations.split(shop.conversation, [another(shop, at).pk], by=shop.by, at=at)
    for one, staff in ((shop.conversation, shop.ana), (other, shop.ben)):
        conversations.reopen(one, by=shop.by, at=at)
        conversations.assign(one, staff, by=shop.by, at=at)
    conversations.link(shop.conversation, other, by=shop.by, at=at)
    found = shop.look(at + HOUR)
    assert kinds(found) == ["owner", "owner"]
    links.mend(found[0], by=shop.by, at=at + HOUR)
    assert shop.look(at + HOUR) == []


def another(shop, at) -> Message:
    return conversations.reply(shop.conversation, "One more thing", to=["m@customer.test"], by=shop.by, at=at)


def test_it_goes_up_to_the_lead_and_to_the_head_each_once(shop, at):
    shop.hand_over(person=shop.dan)
    [link] = shop.look(at + 3 * HOUR)
    assert (link.person, link.level) == (shop.dan, 0)
    [link] = shop.look(at + 8 * HOUR)
    assert (link.person, link.level) == (shop.cleo, 1)
    [link] = shop.look(at + 17 * HOUR)
    assert (link.person, link.level, link.escalate_at) == (shop.ada, 2, None)
    shop.look(at + 40 * HOUR)
    alarms = Alarm.objects.filter(link=link).order_by("pk")
    assert [(alarm.staff, alarm.level) for alarm in alarms] == [(shop.dan, 0), (shop.cleo, 1), (shop.ada, 2)]


def test_after_three_alarms_a_day_the_rest_waits_in_the_digest(shop, at):
    house = company(at)
    found = broken(shop, at)
    for number in range(5):
        one = replace(found, place=f"leg:{number}")
        links.settle(shop.conversation.pk, [one], [], [], house, by=shop.clock, at=at)
    assert [alarm.in_digest for alarm in Alarm.objects.order_by("pk")] == [False] * 3 + [True] * 2
    assert digest_of(shop.cleo, "2026-03-02").count() == 2
    assert waiting_for(shop.cleo.pk) == 5
    links.settle(shop.conversation.pk, [replace(found, place="leg:9")], [], [], house, by=shop.clock, at=at + DAY)
    assert not Alarm.objects.order_by("pk").last().in_digest


def broken(shop, at):
    shop.hand_over(at)
    [case] = cases([shop.conversation.pk], company(at))
    return look(case, at + 3 * HOUR)[0][0]


def test_finding_mending_and_telling_are_told_by_the_log_and_taken_back(shop, at):
    found, house, pk = broken(shop, at), company(at), shop.conversation.pk
    [link] = verify(lambda: links.settle(pk, [found], [], [], house, by=shop.clock, at=at))
    later = link.escalate_at
    verify(lambda: links.escalate(link, by=shop.clock, at=later))
    verify(lambda: links.settle(pk, [], [BrokenLink.objects.get()], [], house, by=shop.clock, at=later))
    with pytest.raises(Refused, match="mended already"):
        links.mend(BrokenLink.objects.get(), by=shop.by_cleo, at=later)


def test_a_conversation_shows_its_broken_link(shop, at):
    shop.hand_over()
    shop.look(at + 3 * HOUR)
    pk = shop.conversation.pk
    assert [mark.words for mark in marks_of(pk)] == ["Not accepted"]
    assert marked([pk, pk + 1]) == {pk: "Not accepted"}


def test_leads_see_their_departments_links_and_others_what_is_theirs(shop, at):
    shop.hand_over(person=shop.dan)
    shop.look(at + 3 * HOUR)
    assert [links_for(who).count() for who in (shop.ada, shop.cleo, shop.dan, shop.ana)] == [1, 1, 1, 0]


def test_the_pace_is_learned_from_the_legs_of_the_last_sixty_days(shop, at):
    for number in range(20):
        begun = at + number * DAY
        leg = shop.hand_over(begun)
        relays.accept(leg, by=shop.by_dan, at=begun)
        relays.done(leg, {}, by=shop.by_dan, at=begun + 3 * HOUR)
    learn(at + 21 * DAY)
    pace = Pace.objects.get(department=shop.accounting)
    assert (pace.seconds, pace.silences) == (3 * 3600, 20)
    learn(at + 200 * DAY)
    assert Pace.objects.get(department=shop.accounting).seconds == 8 * 3600


def test_being_away_is_told_and_ends(shop, at):
    verify(lambda: people.be_away(shop.dan, at, at + DAY, by=shop.by_dan, at=at))
    verify(lambda: people.be_back(shop.dan, by=shop.by_dan, at=at + HOUR))
    assert Absence.objects.get().until == at + HOUR
    with pytest.raises(Refused, match="ended already"):
        people.be_away(shop.dan, at, at - DAY, by=shop.by_dan, at=at)
    with pytest.raises(Refused, match="cannot do the work"):
        people.be_away(shop.dan, at, at + DAY, substitute=shop.dan, by=shop.by_dan, at=at)


def test_a_later_word_about_the_same_days_counts(shop, at):
    people.be_away(shop.dan, at, at + 9 * DAY, by=shop.by_dan, at=at)
    people.be_away(shop.dan, at, at + 2 * DAY, by=shop.by_dan, at=at)
    assert Absence.objects.get().until == at + 2 * DAY


def test_what_was_merged_or_thrown_away_breaks_no_more(shop, at):
    shop.hand_over()
    shop.look(at + 3 * HOUR)
    conversations.place(shop.conversation, "trash", by=shop.by, at=at + 3 * HOUR)
    assert shop.look(at + 3 * HOUR) == []


def test_a_leg_that_cannot_be_accepted_by_this_person_says_so(shop, at):
    shop.hand_over()
    [link] = shop.look(at + 3 * HOUR)
    with pytest.raises(Refused, match="does not work in Accounting"):
        links.mend(link, by=shop.by, at=at + 3 * HOUR)
    assert Leg.objects.get().stage == Stage.OFFERED
    assert Conversation.objects.get(pk=shop.conversation.pk)


def test_a_mail_that_may_belong_elsewhere_is_astray_until_somebody_says_where_it_belongs(shop, at):
    letter = Incoming(
        channel="email",
        address="zoe@customer.test",
        subject="Re: card",
        text="Me too.",
        maybe_part_of=shop.conversation,
    )
    conversations.receive(letter, by=shop.clock, at=at)
    conversations.receive(replace(letter, external_id="two@customer.test"), by=shop.clock, at=at)
    found = [link for link in shop.look(at) if link.kind == "astray"]
    assert len(found) == 2 and found[0].verb == "settle"
    links.mend(found[0], by=shop.by, at=at)
    assert len([link for link in shop.look(at) if link.kind == "astray"]) == 1


def test_what_was_taken_back_meanwhile_is_not_mended_but_said(shop, at):
    shop.hand_over()
    handing = Operation.objects.latest("pk")
    [link] = shop.look(at + 3 * HOUR)
    undo(Operation.objects.filter(pk=handing.pk), by=shop.by, at=at + 3 * HOUR)
    with pytest.raises(Refused, match="was taken back meanwhile"):
        links.mend(link, by=shop.by_cleo, at=at + 3 * HOUR)
