"""The customer's page: how far it is in plain words, three things to say, mails about steps if they want."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.canned import filled
from pitcrew.conversations.models import Message, State
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event
from pitcrew.people.refusals import Refused
from pitcrew.promises.actions import promise
from pitcrew.promises.models import Kind
from pitcrew.relays import actions as relays
from pitcrew.relays.doors import actions as doors
from pitcrew.relays.doors.actions import Told
from pitcrew.relays.doors.addresses import page_address
from pitcrew.relays.doors.models import ProgressPage
from pitcrew.relays.doors.progress import steps
from pitcrew.relays.doors.queries import page_of
from pitcrew.relays.models import Leg, Stage
from tests.outside.conftest import COMMITS, Visitor, link_in
from tests.verify import verify

pytestmark = pytest.mark.django_db(transaction=COMMITS)


@pytest.fixture
def martin(house, clock) -> Visitor:
    return Visitor(page_address(house.conversation))


@pytest.fixture
def by_martin(house, clock) -> dict:
    return {"by": Actor("customer", house.martin.pk), "at": clock.now}


@pytest.fixture
def follow_up(courier, house, clock) -> Leg:
    how = {"by": Actor("partner", courier.pk), "at": clock.later(minutes=1)}
    relays.done(courier, {"signed": "x"}, "brought", **how)
    return Leg.objects.get(step="call", stage=Stage.OFFERED)


def said(conversation) -> list[tuple[str, str]]:
    """What the customer's page says: words and state."""
    return [(step.words, step.state) for step in steps(conversation, conversation.opened_at)]


def test_each_act_on_the_page_is_undone_whole(house, by_martin, follow_up, clock):
    page = page_of(house.conversation)
    verify(lambda: doors.wish(page, True, **by_martin))
    verify(lambda: doors.withdraw_progress(house.conversation, by=house.by, at=clock.now))
    verify(lambda: doors.tell(house.conversation, Told("The box is open", "not_yet", "f1"), **by_martin))


def test_the_way_in_the_words_of_the_template(courier, house, martin):
    assert said(house.conversation) == [
        ("We have your message", "done"),
        ("A new card is made", "done"),
        ("The courier brings it", "now"),
        ("We ask you whether it worked", "next"),
    ]
    page = martin.looks()
    text = page.content.decode()
    assert page.status_code == 200 and not page.cookies
    assert "Expected Thursday" in text and "It arrived" in text and "Your case" in text
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_what_nobody_gave_words_for_is_one_step(house, brief, clock, martin):
    for department in (house.cards, house.accounting, house.cards):
        relays.hand_over(house.conversation, department, brief, **house.as_ana)
    assert said(house.conversation) == [("We have your message", "done"), ("We are working on it", "now")]


def test_without_a_relay_the_state_is_told(house, clock, martin):
    conversation = house.conversation
    assert said(conversation)[-1] == ("We are working on it", "now")
    conversations.wait_for_customer(conversation, by=house.by, at=clock.now)
    assert said(conversation)[-1] == ("We wait for your answer", "now")
    conversations.close(conversation, by=house.by, at=clock.now)
    assert said(conversation)[-1] == ("Done", "done")
    assert "It arrived" not in martin.looks().content.decode()


def test_late_and_called_steps_say_so(courier, house, clock, martin, at):
    how = {"department": house.front, "conversation": house.conversation.pk, "by": house.by, "at": clock.now}
    promise(Kind.CALL_BACK, due_at=at + timedelta(days=4), words="call", **how)
    assert "We call you Friday 09:00" in martin.looks().content.decode()
    clock.now = house.by_when + timedelta(hours=1)
    assert "takes longer than we thought" in martin.looks().content.decode()


def test_it_arrived_ends_the_follow_up(follow_up, house, martin):
    assert martin.says("arrived").headers["Location"].endswith("?told=arrived")
    follow_up.refresh_from_db()
    assert (follow_up.stage, follow_up.outcome) == (Stage.DONE, {"result": "arrived"})
    assert Event.objects.get(kind="leg.done", subject_id=follow_up.pk).operation.actor == f"customer:{house.martin.pk}"
    assert [m.text for m in Message.objects.filter(channel="progress")] == ["It arrived."]
    assert "Thank you for telling us" in martin.looks("?told=arrived").content.decode()


def test_not_yet_opens_the_exact_link_again(follow_up, house, martin):
    martin.says("different", "The box was empty")
    again = Leg.objects.get(step="courier", stage=Stage.OFFERED)
    assert again.again_of.step == "courier"
    assert said(house.conversation)[2] == ("The courier brings it", "now")
    assert "The box was empty" in Message.objects.get(channel="progress").text


def test_before_the_follow_up_a_word_is_a_message(house, offered, martin):
    martin.says("arrived")
    martin.says("write", "When does it come?")
    texts = [m.text for m in Message.objects.filter(channel="progress").order_by("id")]
    assert texts == ["It arrived.", "When does it come?"]
    message = Message.objects.filter(channel="progress").last()
    assert (message.conversation, message.customer) == (house.conversation, house.martin)
    offered.refresh_from_db()
    assert offered.stage == Stage.OFFERED


def test_a_word_opens_what_was_done(house, clock, martin):
    conversations.close(house.conversation, by=house.by, at=clock.now)
    martin.says("write", "It broke")
    house.conversation.refresh_from_db()
    assert house.conversation.state == State.OPEN


def test_a_form_sent_twice_says_it_once(house, martin, follow_up):
    form = martin.form()
    for _ in range(2):
        assert martin.says("arrived", form=form).status_code == 303
    assert Message.objects.filter(channel="progress").count() == 1


def test_a_link_in_a_mail_asks_first_and_its_button_has_the_focus(follow_up, house, martin):
    before = Event.objects.count()
    for query, words in (
        ("?say=arrived", "Did it arrive?"),
        ("?say=not_yet", "Not yet"),
        ("?mail=stop", "No more mails"),
    ):
        text = martin.looks(query).content.decode()
        assert words in text and "autofocus" in text
    assert Event.objects.count() == before
    assert "autofocus" not in martin.looks("?say=<script>").content.decode()


def test_bad_words_are_refused_and_kept_on_the_page(house, martin):
    assert martin.says("write").status_code == 422
    long = martin.says("write", "x" * 1_000_000)
    assert long.status_code == 422 and "too long" in long.content.decode()
    assert martin.says("different", "\0 <b>x</b>").status_code == 303
    assert Message.objects.get(channel="progress").text.endswith("<b>x</b>")
    assert martin.says("nonsense", "kept <i>").status_code == 422
    assert martin.client.post(martin.path, {"act": "arrived", "form": "none"}).status_code == 403


def test_many_messages_within_the_hour_are_enough(house, by_martin, clock):
    for n in range(20):
        doors.tell(house.conversation, Told("hello", "", f"f{n}"), **by_martin)
    with pytest.raises(Refused, match="many messages"):
        doors.tell(house.conversation, Told("hello", "", "last"), **by_martin)
    assert doors.tell(house.conversation, Told("hello"), by=by_martin["by"], at=clock.later(hours=2))


def test_a_page_that_is_not_theirs_or_not_whole_shows_nothing(house, martin, brief, at):
    word = martin.path.split("/")[2]
    changed = [word[:-1], word + "a", word.replace("-1-", "-2-"), "zz" + word, word.upper(), "1-1-x"]
    for one in changed:
        page = Client().get(f"/p/{one}/")
        assert page.status_code == 404 and "Card has not" not in page.content.decode(), one
    assert Client().get(f"/l/{word}/").status_code == 404


def test_staff_take_the_page_down_and_later_links_are_new(house, clock, martin):
    client = Client()
    client.force_login(house.ana, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("withdraw-progress", args=[house.conversation.pk])
    seen = client.get(reverse("see-progress", args=[house.conversation.pk]))
    assert seen.headers["Location"] == martin.path and client.get(martin.path).status_code == 200
    shown = client.get(reverse("conversation", args=[house.conversation.pk])).content.decode()
    assert "Withdraw the progress page" in shown
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    page = martin.looks()
    assert page.status_code == 410 and "taken down" in page.content.decode()
    assert "support@company.test" in page.content.decode()
    new = Visitor(page_address(house.conversation))
    assert new.path != martin.path and new.looks().status_code == 200
    stranger = Client()
    stranger.force_login(house.cleo, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.post(address).status_code == 404


def test_the_page_ends_ninety_days_after_the_matter(house, clock, martin):
    conversations.close(house.conversation, by=house.by, at=clock.now)
    clock.later(days=89)
    assert martin.looks().status_code == 200
    clock.later(days=2)
    page = martin.looks()
    assert page.status_code == 410 and "90 days" in page.content.decode()


def test_a_conversation_that_became_another_customers_shows_nothing(house, clock, martin, at):
    lena = conversations.receive(
        conversations.receiving.Incoming(channel="email", address="lena@customer.test", subject="x", text="x"),
        by=house.by,
        at=at,
    )
    conversations.set_customer(house.conversation, lena.customer, by=house.by, at=clock.now)
    assert martin.looks().status_code == 404


def test_a_merged_conversation_shows_where_it_goes_on(house, clock, martin, at):
    letter = conversations.receiving.Incoming(
        channel="email", address="martin@customer.test", subject="Again", text="x", name="Martin Haas"
    )
    other = conversations.receive(letter, by=house.by, at=at).conversation
    conversations.merge(other, house.conversation, by=house.by, at=clock.now)
    page = martin.looks()
    assert page.status_code == 200 and "Again" in page.content.decode()


def test_the_link_stands_in_a_reply_by_its_gap(house, clock):
    before = Event.objects.count()
    text = filled("See {progress.link}", house.conversation, house.ana)
    assert text == f"See {page_address(house.conversation)}" and Event.objects.count() == before


def test_who_wants_it_gets_each_step_once(house, offered, martin, post, clock):
    assert "Mail me each step" in martin.looks().content.decode()
    martin.says("mail-on")
    assert "No more of these mails" in martin.looks().content.decode()
    relays.done(
        offered, {}, "made by the machine in room 7", by=Actor("agent", house.dee.pk), at=clock.later(minutes=1)
    )
    [told] = [m for m in post() if m.to == ["martin@customer.test"]]
    assert "A new card is made" in told.body and "What comes now: The courier brings it" in told.body
    assert "room 7" not in told.body and "?mail=stop" in told.body and "[#" in told.subject
    assert Visitor(link_in(told)).looks().status_code == 200
    assert told.reply_to[0].startswith("reply+")
    assert post() == []
    martin.says("mail-off")
    assert not ProgressPage.objects.get().wants_mail


def test_who_does_not_want_it_gets_none(house, offered, post, clock):
    relays.done(offered, {}, "made", by=Actor("agent", house.dee.pk), at=clock.later(minutes=1))
    assert [m for m in post() if m.to == ["martin@customer.test"]] == []


def test_the_follow_up_asks_by_one_click(follow_up, post, house):
    [asked] = [m for m in post() if m.to == ["martin@customer.test"]]
    assert "?say=arrived" in asked.body and "?say=not_yet" in asked.body
    visitor = Visitor(link_in(asked))
    visitor.says("arrived")
    follow_up.refresh_from_db()
    assert follow_up.stage == Stage.DONE
