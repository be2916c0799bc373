"""The outbox: what leaves, what is tried again, what did not arrive, and what one can do about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pitcrew.channels.email.models import Delivery
from pitcrew.conversations import actions
from pitcrew.conversations.actions import delivering
from pitcrew.conversations.models import Conversation, Draft, Message, State
from pitcrew.history.actors import Actor
from pitcrew.people.refusals import Refused
from tests.verify import state, verify
from tests.web.walk import acts, refuses, works

SERVER = Actor("pitcrew", "outbox")


@pytest.fixture
def written(cast):
    """Ana's answer to Martin, written at a moment."""

    def write(ago: timedelta = timedelta(0)) -> Message:
        ana = Actor("agent", cast.ana.pk, door="web")
        how = {"to": ["martin@customer.test"], "by": ana, "at": timezone.now() - ago}
        return actions.reply(cast.conversation, "It leaves today.", **how)

    return write


@pytest.fixture
def undelivered(written):
    message = written(timedelta(hours=1))
    delivering.mark_undelivered(message, "550 5.1.1 no such user", by=SERVER, at=timezone.now())
    return message


def test_what_waits_can_be_taken_back_and_is_a_draft_again(cast, written, signed_in):
    ana, message = signed_in("ana"), written()
    page = works(ana, "/outbox/")
    assert "Card has not arrived" in page and "Leaves in" in page
    operation = page.split("<main")[1].split('name="operations" value="')[1].split('"')[0]
    back = ana.post("/history/undo/", {"operations": operation, "next": "/outbox/"})
    assert back["Location"] == "/outbox/"
    assert not Message.objects.filter(pk=message.pk).exists()
    assert "It leaves today." in Draft.objects.get(staff=cast.ana).html
    assert "Everything has left" in works(ana, "/outbox/")


def test_what_is_tried_again_says_why_and_when_and_can_be_sent_now(cast, written, signed_in):
    message, later = written(timedelta(hours=1)), timezone.now() + timedelta(minutes=9, seconds=30)
    Delivery.objects.create(message=message, tries=2, next_at=later, said="451 4.7.1 come back later")
    page = works(signed_in("ana"), "/outbox/")
    assert "451 4.7.1 come back later" in page and "9 min" in page
    assert signed_in("ana").post(f"/outbox/{message.pk}/now/").status_code == 302
    assert Delivery.objects.get().next_at <= timezone.now()


def test_what_has_no_later_try_cannot_be_hurried(written, signed_in):
    refuses(signed_in("ana"), f"/outbox/{written().pk}/now/", 422, {})


def test_what_was_not_delivered_is_sent_again_after_its_undo_window(cast, undelivered, signed_in):
    assert "550 5.1.1 no such user" in works(signed_in("ana"), "/outbox/")
    acts(signed_in("ana"), f"/outbox/{undelivered.pk}/again/", {"to": "martin@customer.test"})
    again = Message.objects.get(pk=undelivered.pk)
    assert again.undelivered_at is None and again.left_at is None
    assert again.leaves_at > timezone.now()
    assert Conversation.objects.get(pk=cast.conversation.pk).state == State.WAITING_ON_CUSTOMER


def test_to_a_corrected_address_it_is_a_new_answer_of_the_same_words(cast, undelivered, signed_in):
    acts(signed_in("ana"), f"/outbox/{undelivered.pk}/again/", {"to": "martin@office.test"})
    new = Message.objects.order_by("-pk")[0]
    assert (new.to, new.text) == (["martin@office.test"], "It leaves today.")
    assert Message.objects.get(pk=undelivered.pk).undelivered_at is not None
    page = works(signed_in("ana"), "/outbox/").split("<main")[1]
    assert "Not delivered" not in page and "martin@office.test" in page


@pytest.mark.parametrize("to", [["martin@customer.test"], ["martin@office.test"]])
def test_sending_again_is_told_by_the_log_and_taken_back(to, cast, undelivered, at):
    verify(lambda: delivering.send_again(undelivered, to, by=cast.by, at=timezone.now()))


def test_what_is_under_way_is_not_sent_twice(cast, written, at):
    with pytest.raises(Refused, match="under way"):
        delivering.send_again(written(), ["martin@customer.test"], by=cast.by, at=at)


@pytest.mark.parametrize(
    "to", ["no address", "a@b.test\r\nBcc: c@d.test", "<script>@x", ",".join(["a@b.test"] * 2) + ",x"]
)
def test_an_address_that_is_none_sends_nothing(to, undelivered, signed_in):
    refuses(signed_in("ana"), f"/outbox/{undelivered.pk}/again/", 422, {"to": to})


def test_what_was_answered_since_or_closed_needs_nobody_any_more(cast, undelivered, written, signed_in):
    actions.close(cast.conversation, by=cast.by, at=timezone.now())
    assert "Everything has left" in works(signed_in("ana"), "/outbox/")


def test_others_see_and_send_nothing_of_it(undelivered, signed_in):
    assert "Card has not arrived" not in works(signed_in("cleo"), "/outbox/")
    for verb in ("now", "again"):
        address = f"/outbox/{undelivered.pk}/{verb}/"
        refuses(signed_in("cleo"), address, 404, {"to": "martin@customer.test"})
        refuses(Client(), address, 302, {"to": "martin@customer.test"})
        refuses(signed_in("ana"), address, 405)
    refuses(Client(), "/outbox/", 302)
    assert state()
