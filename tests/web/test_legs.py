"""Handing over and legs through the doors: who gets in, what is refused, what is kept of what was typed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pitcrew.channels.email.letters import actions as letters
from pitcrew.channels.email.letters.models import Kind as Letters
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.history.models import Event, Operation
from pitcrew.people import actions as people
from pitcrew.people.access import departments_seen
from pitcrew.people.models import Membership, Role
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Leg, Stage
from pitcrew.web import live
from tests.verify import state
from tests.web.walk import acts, refuses, works

BRIEF = {
    "need": "A new card",
    "tried": "The first one came back",
    "promised": "Thursday",
    "by_when": "2099-01-01T16:00",
}


@pytest.fixture
def out(cast, at):
    """Ana has handed Martin's card to Accounting, where Cole contributes and Cleo leads."""
    how = {"by": cast.by, "at": at}
    cast.cole = people.hire("cole@company.test", "Cole Ng", **how)
    people.add_member(cast.accounting, cast.cole, Role.CONTRIBUTOR, **how)
    brief = Brief("A new card", "The first one came back", "Thursday", timezone.now() + timedelta(hours=5))
    cast.leg = relays.hand_over(cast.conversation, cast.accounting, brief, by=cast.by, at=timezone.now())
    return cast


def page(client: Client, cast) -> str:
    return works(client, f"/legs/{cast.leg.pk}/")


def test_the_panel_is_filled_in_from_the_conversation(cast, signed_in):
    shown = works(signed_in("ana"), f"/conversations/{cast.conversation.pk}/hand-over/")
    assert "I was approved three weeks ago" in shown
    assert "Card has not arrived" in shown


def test_handing_over_to_a_department(cast, signed_in):
    values = BRIEF | {"way": "department", "to": str(cast.accounting.pk)}
    told = acts(signed_in("ana"), f"/conversations/{cast.conversation.pk}/hand-over/", values)
    assert told == f"#{cast.conversation.pk} handed to Accounting"
    leg = Leg.objects.get()
    assert (leg.department, leg.need, leg.stage) == (cast.accounting, "A new card", Stage.OFFERED)


def test_handing_over_to_somebody(cast, signed_in):
    values = BRIEF | {"way": "department", "to": f"{cast.accounting.pk}:{cast.cleo.pk}"}
    signed_in("ana").post(f"/conversations/{cast.conversation.pk}/hand-over/", values)
    assert Leg.objects.get().holder == cast.cleo


def test_handing_over_to_somebody_outside(cast, signed_in):
    values = BRIEF | {"way": "partner", "partner": "Jobs@Courier.test"}
    signed_in("ana").post(f"/conversations/{cast.conversation.pk}/hand-over/", values)
    assert Leg.objects.get().partner == "jobs@courier.test"


@pytest.mark.parametrize(
    ("empty", "sentence"),
    [
        ("need", "Say what is needed"),
        ("tried", "Say what was tried"),
        ("promised", "Say what the customer was promised"),
        ("by_when", "Say by when"),
        ("way", "Choose to whom it goes"),
        ("to", "Choose a department"),
    ],
)
def test_an_empty_line_is_refused_where_it_is_and_the_rest_is_kept(empty, sentence, cast, signed_in):
    values = BRIEF | {"way": "department", "to": str(cast.accounting.pk)} | {empty: "  "}
    before = state()
    response = signed_in("ana").post(f"/conversations/{cast.conversation.pk}/hand-over/", values)
    shown = response.content.decode()
    assert response.status_code == 422
    assert sentence in shown
    assert all(words in shown for name, words in BRIEF.items() if name != empty)
    assert state() == before


def test_a_moment_that_has_passed_is_refused_in_a_sentence(cast, signed_in):
    values = BRIEF | {"way": "department", "to": str(cast.accounting.pk), "by_when": "2020-01-01T10:00"}
    response = signed_in("ana").post(f"/conversations/{cast.conversation.pk}/hand-over/", values)
    assert "a moment that has passed" in response.content.decode()


def test_who_does_not_answer_customers_hands_nothing_over(out, signed_in):
    refuses(signed_in("cole"), f"/conversations/{out.conversation.pk}/hand-over/", 403)
    refuses(Client(), f"/conversations/{out.conversation.pk}/hand-over/", 302)


def test_a_contributor_begins_with_what_is_asked_of_them(out, signed_in):
    cole = signed_in("cole")
    assert cole.get("/")["Location"] == "/legs/"
    assert "A new card" in works(cole, "/legs/")
    assert signed_in("ana").get("/")["Location"] == "/queue/open/"


def test_the_page_of_a_leg_says_what_is_needed_and_offers_three_things(out, signed_in):
    shown = page(signed_in("cole"), out)
    for words in ("A new card", "The first one came back", "Thursday", "I take it", "I have a question", "Not for us"):
        assert words in shown
    assert "Take it back" not in shown


def test_who_sent_it_sees_it_and_may_take_it_back(out, signed_in):
    shown = page(signed_in("ana"), out)
    assert "Take it back" in shown
    assert "I take it" not in shown
    assert "You handed these over" in works(signed_in("ana"), "/legs/")


def test_a_leg_goes_its_way(out, signed_in):
    cole, ana = signed_in("cole"), signed_in("ana")
    at = f"/legs/{out.leg.pk}/"
    assert acts(cole, at + "accept/", {}) == "Accounting is yours"
    assert acts(cole, at + "ask/", {"words": "Which address?"}) == "Asked Ana Ruiz"
    assert "Which address?" in page(ana, out)
    assert "Asked of you" in works(ana, "/legs/")
    assert acts(ana, at + "answer/", {"words": "Lindenweg 4"}) == "Answered Accounting"
    assert "Lindenweg 4" in page(cole, out)
    assert acts(cole, at + "done/", {"words": "It left today"}) == "Accounting is done"
    assert "It left today" in page(ana, out)


def test_what_is_not_for_them_comes_back_and_is_sent_again(out, signed_in, at):
    cole, ana = signed_in("cole"), signed_in("ana")
    assert acts(cole, f"/legs/{out.leg.pk}/decline/", {"words": "We make no cards"}) == "Given back to Ana Ruiz"
    assert "We make no cards" in page(ana, out)
    values = BRIEF | {"to": str(out.front.pk)}
    assert acts(ana, f"/legs/{out.leg.pk}/send-again/", values) == "Sent to Front desk"
    again = Leg.objects.get(again_of=out.leg)
    assert again.department == out.front
    assert "A new card" in works(ana, f"/legs/{again.pk}/")


@pytest.mark.parametrize(("verb", "told"), [("withdraw", "taken back"), ("skip", "skipped")])
def test_who_sent_it_ends_it_with_a_reason(verb, told, out, signed_in):
    assert told in acts(signed_in("ana"), f"/legs/{out.leg.pk}/{verb}/", {"words": "It was found"})


def test_it_is_given_to_somebody(out, signed_in):
    assert "given to Cleo Falk" in acts(signed_in("cole"), f"/legs/{out.leg.pk}/give/", {"person": out.cleo.pk})


@pytest.mark.parametrize("verb", ["ask", "decline"])
def test_without_words_it_is_refused_at_its_place(verb, out, signed_in):
    before = state()
    response = signed_in("cole").post(f"/legs/{out.leg.pk}/{verb}/", {"words": " "})
    assert response.status_code == 422
    assert "is empty" in response.content.decode().split(f'id="leg-{verb}"')[1].split("</form>")[0]
    assert state() == before


def test_what_was_typed_for_what_cannot_be_done_any_more_is_kept(out, signed_in):
    relays.withdraw(out.leg, "Found", by=out.by, at=timezone.now())
    response = signed_in("cole").post(f"/legs/{out.leg.pk}/done/", {"words": "A long story"})
    assert response.status_code == 422
    assert "was withdrawn" in response.content.decode()
    assert "A long story" in response.content.decode()


@pytest.mark.parametrize("verb", ["accept", "ask", "decline", "done", "give"])
def test_the_sender_does_not_do_the_others_part(verb, out, signed_in):
    refuses(signed_in("ana"), f"/legs/{out.leg.pk}/{verb}/", 422, {"words": "x", "person": out.cleo.pk})


@pytest.mark.parametrize("verb", ["answer", "withdraw", "skip", "send-again"])
def test_the_receiver_does_not_do_the_senders_part(verb, out, signed_in):
    refuses(signed_in("cole"), f"/legs/{out.leg.pk}/{verb}/", 422, {"words": "x"} | BRIEF)


VERBS = ["accept", "ask", "answer", "decline", "done", "follow-up", "send-again", "withdraw", "skip", "stop", "give"]


@pytest.mark.parametrize("verb", VERBS)
def test_strangers_and_looks_do_nothing(verb, out, signed_in):
    address = f"/legs/{out.leg.pk}/{verb}/"
    refuses(Client(), address, 302, {"words": "x"})
    refuses(signed_in("cole"), address, 405)


def test_who_has_no_part_in_it_sees_no_leg(out, signed_in, at):
    how = {"by": out.by, "at": at}
    out.dora = people.hire("dora@company.test", "Dora Ek", **how)
    people.add_member(people.open_department("Mobile team", **how), out.dora, Role.CONTRIBUTOR, **how)
    dora = signed_in("dora")
    refuses(dora, f"/legs/{out.leg.pk}/", 404)
    refuses(dora, f"/legs/{out.leg.pk}/accept/", 404, {})
    assert "A new card" not in works(dora, "/legs/")
    refuses(Client(), "/legs/", 302)
    refuses(Client(), f"/legs/{out.leg.pk}/", 302)


def test_the_conversation_says_who_has_the_baton(out, signed_in):
    ana = signed_in("ana")
    shown = works(ana, f"/conversations/{out.conversation.pk}/")
    assert "has the baton" in shown
    assert 'class="track"' in shown
    assert "Accounting" in works(ana, "/queue/waiting/").split('class="line-whose')[1].split("</li>")[0]


def test_an_empty_page_teaches_what_would_come_there(cast, signed_in):
    assert "press h" in works(signed_in("ana"), "/legs/")


CLOSE = {"HX-Request": "true"}


def test_closing_while_a_leg_is_out_asks_why(out, signed_in):
    ana, before = signed_in("ana"), state()
    response = ana.post("/conversations/close/", {"ids": out.conversation.pk}, headers=CLOSE)
    assert response.status_code == 422
    assert "A leg is still with Accounting." in response.content.decode()
    assert 'name="why"' in response.content.decode()
    assert state() == before
    told = {"ids": out.conversation.pk, "why": "The card came by itself"}
    assert ana.post("/conversations/close/", told, headers=CLOSE).status_code == 200
    out.conversation.refresh_from_db()
    assert out.conversation.state == "done"
    assert Operation.objects.latest("pk").why == "The card came by itself"


def test_closing_many_says_which_are_still_out(out, signed_in, at):
    letter = Incoming(channel="email", address="lena@customer.test", subject="Twice", text="Charged twice.")
    other = conversations.receive(letter, by=out.by, at=at).conversation
    told = {"ids": f"{out.conversation.pk},{other.pk}"}
    response = signed_in("ana").post("/conversations/close/", told, headers=CLOSE)
    assert response.status_code == 422
    assert f"A leg is still with Accounting (#{out.conversation.pk})." in response.content.decode()
    assert "Close them all the same" in response.content.decode()
    plain = signed_in("ana").post("/conversations/close/", told)
    assert 'name="why"' in plain.content.decode()
    done = signed_in("ana").post("/conversations/close/", told | {"why": "Both came"}, headers=CLOSE)
    assert done.status_code == 200
    other.refresh_from_db()
    assert other.state == "done"


def test_an_answer_that_closes_waits_for_the_leg(out, signed_in):
    told = {"body": "Soon.", "to": "martin@customer.test", "then": "close"}
    refuses(signed_in("ana"), f"/conversations/{out.conversation.pk}/reply/", 422, told)


@pytest.fixture
def walked(out, at):
    """A relay of two steps in Accounting: the first asks for three things, the second is the follow-up."""
    asks = [
        {"key": "number", "label": "Tracking number", "kind": "text", "needed": True},
        {"key": "result", "label": "Result", "kind": "choice", "choices": ["arrived", "lost"], "needed": True},
        {"key": "seen", "label": "Seen by us", "kind": "yes"},
    ]
    steps = [
        {"key": "courier", "name": "Courier", "department": out.accounting.pk, "asks": asks},
        {"key": "call", "name": "Call back", "department": out.accounting.pk, "after": ["courier"]},
    ]
    steps[1]["is_follow_up"] = True
    template = relays.add_template("Delivery", steps, by=out.by, at=at)
    brief = Brief("A new card", "Nothing yet", "Thursday", timezone.now() + timedelta(hours=5))
    relay = relays.start(out.conversation, template.editions.get(), brief, by=out.by, at=timezone.now())
    out.courier, out.call = Leg.objects.filter(relay=relay).order_by("order")
    return out


def test_who_sent_it_reads_that_a_letter_did_not_arrive(out, signed_in):
    how = {"by": out.by, "at": timezone.now()}
    letter = letters.write(Letters.OFFERED, out.leg, "cole@company.test", timezone.now(), **how)
    letters.mark_undelivered(letter, "550 no such user", **how)
    assert "The mail to cole@company.test did not arrive: 550 no such user" in page(signed_in("ana"), out)
    assert "did not arrive" not in page(signed_in("cole"), out)


def test_done_asks_what_the_step_asks_and_keeps_what_was_given(walked, signed_in):
    cole, address = signed_in("cole"), f"/legs/{walked.courier.pk}/"
    cole.post(address + "accept/")
    shown = works(cole, address)
    assert all(label in shown for label in ("Tracking number", "Result", "Seen by us"))
    response = cole.post(address + "done/", {"ask-number": "DE 4711", "ask-seen": "yes"})
    assert response.status_code == 422
    assert "Result is not filled in" in response.content.decode()
    assert 'value="DE 4711"' in response.content.decode()
    given = {"ask-number": "DE 4711", "ask-result": "arrived", "ask-seen": "yes"}
    assert acts(cole, address + "done/", given) == "Courier is done"
    shown = works(signed_in("ana"), address)
    assert "DE 4711" in shown and "arrived" in shown


def test_who_sent_it_skips_what_has_not_begun_and_stops_all_of_it(walked, signed_in):
    ana = signed_in("ana")
    assert "Comes later" in works(ana, f"/legs/{walked.call.pk}/")
    assert acts(ana, f"/legs/{walked.call.pk}/skip/", {"words": "He rang us"}) == "Call back is skipped"
    assert acts(ana, f"/legs/{walked.courier.pk}/stop/", {"words": "He moved away"}) == "Delivery is stopped"
    assert "Stop all of it" not in works(ana, f"/legs/{walked.leg.pk}/")


def test_the_follow_up_says_what_the_customer_said(walked, signed_in):
    cole = signed_in("cole")
    cole.post(f"/legs/{walked.courier.pk}/done/", {"ask-number": "1", "ask-result": "arrived"})
    address = f"/legs/{walked.call.pk}/"
    shown = works(cole, address)
    assert "Not yet" in shown
    assert "you were promised on" in shown and "Thursday" in shown and "Tracking number: 1" in shown
    refuses(cole, address + "follow-up/", 422, {"words": "x"})
    assert acts(cole, address + "follow-up/", {"result": "no_answer"}) == "Noted: no answer"
    told = cole.post(address + "follow-up/", {"result": "not_yet", "words": "The envelope was empty"})
    again = Leg.objects.get(again_of=walked.courier)
    assert again.stage == Stage.OFFERED
    assert told["Location"].startswith("/legs/")
    cole.post(f"/legs/{again.pk}/done/", {"ask-number": "2", "ask-result": "arrived"})
    last = Leg.objects.get(again_of=walked.call)
    assert acts(cole, f"/legs/{last.pk}/follow-up/", {"result": "works"}) == "Noted: it works"


def test_who_takes_part_hears_at_once_and_nobody_else(out):
    rows = Event.objects.order_by("id").values("id", "about", "changes", "subject_type")
    [move] = [move for move in live.moves_of(rows) if move.conversation == out.conversation.pk]

    def hears(staff) -> bool:
        places = frozenset(Membership.objects.filter(staff=staff).values_list("department_id", flat=True))
        return live.Viewer(staff.pk, False, frozenset(departments_seen(staff)), places).sees(move)

    assert [hears(staff) for staff in (out.ana, out.cole, out.cleo)] == [True, True, True]
    move = live.Move(move.conversation, move.event, frozenset(), frozenset())
    assert not hears(out.cole)
