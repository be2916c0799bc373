"""One leg by a link: what it shows, what can be said, and every way in which it opens nothing."""

from datetime import timedelta

import pytest
from django.test import Client

from pitcrew.history.actors import Actor
from pitcrew.history.models import Event, Operation
from pitcrew.history.undoing import undo
from pitcrew.people import actions as people
from pitcrew.people.refusals import Refused
from pitcrew.relays import actions as relays
from pitcrew.relays.doors import actions as doors
from pitcrew.relays.doors import changing
from pitcrew.relays.doors.addresses import door_address
from pitcrew.relays.doors.answers import Said
from pitcrew.relays.doors.models import Door
from pitcrew.relays.models import Stage
from tests.outside.conftest import COMMITS, COURIER, Visitor, link_in
from tests.verify import verify

pytestmark = pytest.mark.django_db(transaction=COMMITS)


@pytest.fixture
def driver(courier, post) -> Visitor:
    return Visitor(link_in(next(m for m in post() if m.to == [COURIER])))


@pytest.fixture
def dee(offered, house) -> Visitor:
    return Visitor(door_address(Door.objects.get(leg_id=offered.pk, staff=house.dee)))


def test_a_link_is_made_and_taken_back(offered, house, clock):
    how = {"by": house.as_ana["by"], "at": clock.now}
    door = verify(lambda: doors.open_door(offered, "new@courier.test", **how))
    assert doors.open_door(offered, "new@courier.test", by=how["by"], at=clock.later(days=1)) == door
    verify(lambda: doors.revoke(door, **how))
    with pytest.raises(Refused, match="already"):
        doors.revoke(door, **how)
    assert doors.open_door(offered, "new@courier.test", **how).pk != door.pk


def test_the_page_shows_its_brief_and_looking_changes_nothing(driver, courier):
    before = Event.objects.count()
    page = driver.looks()
    assert page.status_code == 200 and driver.client.head(driver.path).status_code == 200
    text = page.content.decode()
    assert all(words in text for words in ("Courier", "A card that arrives", "I take it", "Not for us"))
    assert "Dee Moll" not in text
    assert Event.objects.count() == before and not page.cookies and not driver.client.cookies
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"] and "no-store" in page.headers["Cache-Control"]


def test_a_partner_takes_it_and_says_that_it_is_done(driver, courier, clock):
    assert driver.says("take").status_code == 303
    courier.refresh_from_db()
    assert courier.stage == Stage.ACCEPTED
    page = driver.looks().content.decode()
    assert "Signed by" in page and "You have it" in page
    missing = driver.says("done", "At the door")
    assert missing.status_code == 422 and "Signed by is not filled in" in missing.content.decode()
    assert "At the door" in missing.content.decode(), "what was typed is lost"
    assert driver.says("done", "At the door", **{"ask-signed": "M. Haas"}).status_code == 303
    courier.refresh_from_db()
    assert (courier.stage, courier.outcome) == (Stage.DONE, {"signed": "M. Haas"})
    thanks = driver.looks().content.decode()
    assert all(words in thanks for words in ("Thank you", "At the door", "M. Haas", "You can change this until"))
    door = Door.objects.get(leg_id=courier.pk)
    actors = Operation.objects.filter(events__subject_id=courier.pk, events__kind="leg.done").values_list("actor")
    assert door.used_at == clock.now and set(actors) == {(f"partner:{courier.pk}",)}


def test_a_question_is_asked_and_its_answer_stands_on_the_page(driver, courier, house, clock, post):
    driver.says("ask", "Which floor?")
    courier.refresh_from_db()
    assert courier.stage == Stage.ASKED and "Which floor?" in driver.looks().content.decode()
    relays.answer(courier, "The third", by=house.as_ana["by"], at=clock.later(minutes=5))
    assert "The third" in driver.looks().content.decode()
    [told] = [m for m in post() if m.to == [COURIER]]
    assert "You asked: Which floor?" in told.body and "The answer: The third" in told.body


def test_sent_back_it_says_why_and_can_be_changed_for_a_while(driver, courier, clock):
    assert driver.says("decline").status_code == 422
    driver.says("decline", "We do not drive there")
    courier.refresh_from_db()
    assert courier.stage == Stage.RETURNED and "We do not drive there" in driver.looks().content.decode()
    driver.says("change")
    courier.refresh_from_db()
    assert courier.stage == Stage.OFFERED
    driver.says("decline", "No")
    form = driver.form()
    clock.later(hours=2)
    late = driver.says("change", form=form)
    assert late.status_code == 422 and "too late" in late.content.decode()
    assert "Change it" not in driver.looks().content.decode()


def test_what_others_went_on_from_is_not_changed(driver, courier, house, clock):
    driver.says("done", "there", **{"ask-signed": "x"}) if driver.says("take") else None
    follow_up = courier.relay.legs.get(step="call")
    relays.accept(follow_up, by=house.as_ana["by"], at=clock.later(minutes=1))
    page = driver.says("change")
    assert page.status_code == 422 and "gone on from there" in page.content.decode()
    courier.refresh_from_db()
    assert courier.stage == Stage.DONE
    with pytest.raises(Refused, match="too late"):
        changing.take_back(courier, by=Actor("partner", 99), at=clock.now)


def test_a_link_used_twice_says_that_it_is_done_already(driver, courier):
    driver.says("take")
    form = driver.form()
    for _ in range(2):
        assert driver.says("done", "there", form=form, **{"ask-signed": "x"}).status_code == 303
    assert Event.objects.filter(kind="leg.done", subject_id=courier.pk).count() == 1
    assert "This is done" in driver.looks().content.decode()
    assert Visitor(driver.path).says("take", form=form).status_code == 303
    other = driver.says("done", "something else", form=form, **{"ask-signed": "x"})
    assert other.status_code == 303
    assert any("something else" in note.text for note in courier.conversation.notes.all()), "new words are lost"


def test_each_word_is_one_act_that_can_be_undone(offered, house, clock):
    door, by = Door.objects.get(staff=house.dee), Actor("agent", house.dee.pk)
    verify(lambda: doors.keep_words(door, "Who is Martin?", by=by, at=clock.now))
    verify(lambda: doors.say(door, Said("ask", "Which card?"), by=by, at=clock.now))
    assert not doors.say(door, Said("ask", "Which card?"), by=by, at=clock.now)
    offered.refresh_from_db()
    assert offered.question == "Which card?"


def test_who_comes_second_reads_who_has_it(dee, offered, house):
    assert dee.says("take").status_code == 303
    offered.refresh_from_db()
    assert offered.holder == house.dee
    eli = Visitor(door_address(Door.objects.get(leg_id=offered.pk, staff=house.eli)))
    page = eli.looks().content.decode()
    assert "Dee Moll has it" in page and "I take it" not in page
    second = eli.says("take", form=None) if 'name="form"' in page else None
    assert second is None


def test_a_link_that_is_not_whole_opens_nothing_and_tells_nothing(driver):
    word = driver.path.split("/")[2]
    changed = [
        word[:-1],
        word + "a",
        word.upper(),
        "1" + word,
        word.replace("-", "_"),
        word[:-2] + "aa",
        "x",
        "-",
        "é" * 9,
    ]
    for one in changed:
        page = Client().get(f"/l/{one}/")
        assert page.status_code == 404, one
        text = page.content.decode()
        assert "not whole" in text and "card" not in text.lower() and "company.test" not in text
    assert Client().get(f"/p/{word}/").status_code == 404


def test_each_closed_door_says_why_and_whom_to_write_to(driver, courier, house, clock):
    door = Door.objects.get(leg_id=courier.pk)

    def told() -> str:
        page = driver.looks()
        assert page.status_code == 410
        text = page.content.decode()
        assert "support@company.test" in text and "A card that arrives" not in text and "Courier" not in text
        return text

    with_undo = Actor("agent", house.ana.pk)
    doors.revoke(door, by=with_undo, at=clock.now)
    assert "taken back" in told()
    undo(Operation.objects.filter(pk=with_undo.did[-1]), by=with_undo, at=clock.now)
    form = driver.form()
    relays.withdraw(courier, "Not needed", by=with_undo, at=clock.now)
    assert "no longer needed" in told()
    assert driver.says("take", form=form).status_code == 410
    undo(Operation.objects.filter(pk=with_undo.did[-1]), by=with_undo, at=clock.now)
    assert driver.looks().status_code == 200
    clock.later(days=31)
    assert "too old" in told()
    assert driver.says("take", form=form).status_code in (403, 410)


def test_a_link_outlives_the_end_of_its_leg_by_two_weeks(driver, courier, clock):
    driver.says("take")
    driver.says("done", "there", **{"ask-signed": "x"})
    clock.later(days=13)
    assert driver.looks().status_code == 200
    clock.later(days=2)
    assert driver.looks().status_code == 410


def test_a_colleague_who_left_and_an_undone_hand_over_open_nothing(dee, house, offered, clock):
    setup = {"by": Actor("agent", house.ada.pk), "at": clock.now}
    undo(Operation.objects.filter(verb="relays.start"), **setup)
    assert dee.looks().status_code == 410
    undo(Operation.objects.filter(is_undo=True), **setup)
    assert dee.looks().status_code == 200
    people.deactivate(house.dee, **setup)
    page = dee.looks()
    assert page.status_code == 410 and "nobody who works here" in page.content.decode()


def test_a_form_of_another_page_or_none_does_nothing(driver, dee, courier):
    for form in (
        "",
        "x",
        dee.form() if dee.looks().status_code == 200 and "form" in dee.looks().content.decode() else "y",
    ):
        page = driver.client.post(driver.path, {"act": "take", "form": form})
        assert page.status_code == 403 and "open for too long" in page.content.decode()
    courier.refresh_from_db()
    assert courier.stage == Stage.OFFERED


def test_bad_words_are_taken_or_refused_in_a_sentence_and_never_act(driver, courier):
    long = driver.says("ask", "x" * 1_000_000)
    assert long.status_code == 422 and "too long" in long.content.decode()
    assert driver.says("nonsense").status_code == 422
    assert driver.says("ask", " \0 ").status_code == 422
    hostile = "a\0b <script>alert(1)</script> <img src=x onerror=alert(1)>"
    assert driver.says("ask", hostile).status_code == 303
    courier.refresh_from_db()
    assert courier.question.startswith("ab <script>")
    page = driver.looks().content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page
    assert driver.client.put(driver.path).status_code == 405


def test_more_than_a_form_may_hold_is_refused(driver):
    assert driver.client.post(driver.path, {"form": driver.form(), "words": "x" * 4_000_000}).status_code in (400, 413)


def test_the_desk_takes_a_link_back(driver, courier, house):
    door, client = Door.objects.get(leg_id=courier.pk), Client()
    client.force_login(house.cleo, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/doors/{door.pk}/revoke/").status_code == 404
    client.force_login(house.ana, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/doors/{door.pk}/revoke/").status_code == 405
    assert client.post(f"/doors/{door.pk}/revoke/").status_code == 302
    assert driver.looks().status_code == 410


def test_a_door_is_as_old_as_its_days(offered, house, clock):
    door = Door.objects.get(leg_id=offered.pk, staff=house.dee)
    assert door.expires_at - door.made_at == timedelta(days=30)
