"""Who gets in: every screen works for whom it is for, refuses strangers, and changes nothing by being looked at."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pitcrew.conversations import actions
from pitcrew.conversations.incoming import Incoming
from pitcrew.history.models import Operation
from pitcrew.people import actions as people
from pitcrew.people import sign_in_links
from pitcrew.people.models import Role
from pitcrew.web.telling import same_site
from tests.verify import state

SCREENS = [
    "/queue/open/",
    "/queue/mine/",
    "/queue/unassigned/",
    "/queue/waiting/",
    "/queue/snoozed/",
    "/queue/done/",
    "/queue/spam/",
    "/queue/trash/",
    "/conversations/{id}/",
    "/conversations/{id}/canned/",
    "/mails/{message}/",
    "/ask/assign/?ids={id}",
    "/ask/transfer/?ids={id}",
    "/ask/snooze/?ids={id}",
    "/ask/tag/?ids={id}",
    "/ask/more/?ids={id}",
    "/ask/merge/?ids={id}",
    "/search/?q=card",
    "/search/",
    "/history/",
]
ACTS = [
    ("/conversations/close/", {}),
    ("/conversations/assign/", {"staff": "{ben}"}),
    ("/conversations/transfer/", {"department": "{accounting}"}),
    ("/conversations/snooze/", {"until": "2099-01-01T09:00:00+00:00"}),
    ("/conversations/tag/", {"name": "refund"}),
    ("/conversations/spam/", {}),
    ("/conversations/trash/", {}),
    ("/conversations/follow/", {}),
    ("/conversations/rename/", {"subject": "The card, once more"}),
    ("/conversations/{id}/reply/", {"body": "<div>It leaves today.</div>", "to": "martin@customer.test"}),
    ("/conversations/{id}/note/", {"body": "<div>He moved in May.</div>"}),
]


def filled(text: str, cast) -> str:
    return text.format(id=cast.conversation.pk, message=cast.message.pk, ben=cast.ben.pk, accounting=cast.accounting.pk)


def act(client: Client, address: str, values: dict, cast):
    told = {"ids": str(cast.conversation.pk)} | {name: filled(value, cast) for name, value in values.items()}
    return client.post(filled(address, cast), told, headers={"HX-Request": "true"})


@pytest.mark.parametrize("address", SCREENS)
def test_a_screen_works_and_changes_nothing(address, cast, signed_in):
    ana, before = signed_in("ana"), state()
    response = ana.get(filled(address, cast))
    assert response.status_code == 200
    assert state() == before
    assert "script-src 'self'" in response["Content-Security-Policy"] or address == "/mails/{message}/"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", SCREENS)
def test_a_stranger_is_led_to_the_door(address, cast):
    response = Client().get(filled(address, cast))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_an_act_works_and_offers_undo(address, values, cast, signed_in):
    ana, before = signed_in("ana"), state()
    response = act(ana, address, values, cast)
    assert response.status_code == 200, response.content.decode()
    assert state() != before
    told = response.content.decode()
    operations = told.split('name="operations" value="')[1].split('"')[0]
    undone = ana.post("/history/undo/", {"operations": operations}, headers={"HX-Request": "true"})
    assert undone.status_code == 200
    assert state() == before


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_a_stranger_cannot_act(address, values, cast):
    before = state()
    assert act(Client(), address, values, cast).status_code == 401
    assert state() == before


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_looking_at_an_act_does_nothing(address, values, cast, signed_in):
    before = state()
    assert signed_in("ana").get(filled(address, cast)).status_code == 405
    assert state() == before


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_another_department_cannot_act(address, values, cast, signed_in):
    before = state()
    assert act(signed_in("cleo"), address, values, cast).status_code == 404
    assert state() == before


def test_another_department_sees_nothing_of_it(cast, signed_in):
    cleo = signed_in("cleo")
    assert cleo.get(f"/conversations/{cast.conversation.pk}/").status_code == 404
    assert cleo.get(f"/mails/{cast.message.pk}/").status_code == 404
    assert "Martin" not in cleo.get("/queue/open/").content.decode()
    assert "Martin" not in cleo.get("/search/?q=card").content.decode()
    assert "Card has" not in cleo.get(f"/ask/merge/?ids={cast.conversation.pk}").content.decode()


def test_a_contributor_reads_and_notes_but_does_not_answer(cast, signed_in, at):
    how = {"by": cast.by, "at": at}
    cast.cole = people.hire("cole@company.test", "Cole Ng", **how)
    people.add_member(cast.front, cast.cole, Role.CONTRIBUTOR, **how)
    actions.follow(cast.conversation, cast.cole, **how)
    cole = signed_in("cole")
    assert cole.get(f"/conversations/{cast.conversation.pk}/").status_code == 200
    assert act(cole, "/conversations/{id}/note/", {"body": "It was sent in May."}, cast).status_code == 200
    assert (
        act(cole, "/conversations/{id}/reply/", {"body": "Hello", "to": "martin@customer.test"}, cast).status_code
        == 403
    )
    assert act(cole, "/conversations/close/", {}, cast).status_code == 403


def test_an_act_without_the_page_it_belongs_to_is_refused(cast):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.ana, backend="django.contrib.auth.backends.ModelBackend")
    response = careful.post("/conversations/close/", {"ids": cast.conversation.pk})
    assert response.status_code == 403
    assert "too old" in response.content.decode()


def test_what_was_merged_meanwhile_takes_no_answer(cast, signed_in, at):
    other = another(cast, at)
    actions.merge(other, cast.conversation, by=cast.by, at=at)
    response = act(signed_in("ana"), "/conversations/{id}/reply/", {"body": "x", "to": "martin@customer.test"}, cast)
    assert response.status_code == 422
    assert f"became part of #{other.pk}" in response.content.decode()
    moved = signed_in("ana").get(f"/conversations/{cast.conversation.pk}/")
    assert moved["Location"] == f"/conversations/{other.pk}/"


def test_somebody_elses_act_is_taken_back_only_by_who_works_there(cast, signed_in, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    number = str(Operation.objects.latest("pk").pk)
    assert signed_in("cleo").post("/history/undo/", {"operations": number}).status_code == 404
    assert signed_in("ben").post("/history/undo/", {"operations": number}).status_code == 302
    cast.conversation.refresh_from_db()
    assert cast.conversation.state == "open"


def test_the_preview_of_an_undo_changes_nothing(cast, signed_in, at):
    actions.close(cast.conversation, by=cast.by, at=at)
    before = state()
    shown = signed_in("ana").get(f"/history/{Operation.objects.latest('pk').pk}/").content.decode()
    assert "Comes back" in shown and "Done" in shown and "Open" in shown
    assert state() == before


def test_a_sign_in_link_works_once_and_only_by_its_button(cast):
    link = f"/sign-in/once/{sign_in_links.make(cast.ana, timezone.now())}/"
    visitor = Client()
    assert visitor.get(link).status_code == 200
    assert visitor.get("/queue/open/").status_code == 302
    assert visitor.post(link).status_code == 302
    assert visitor.get("/queue/open/").status_code == 200
    again = Client().post(link)
    assert again.status_code == 422
    assert "has been used" in again.content.decode()


@pytest.mark.parametrize(
    "address", ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "http:evil.test", ""]
)
def test_the_way_back_stays_on_our_site(address, rf):
    assert same_site(rf.get("/"), address, "/queue/open/") == "/queue/open/"


def another(cast, at, subject: str = "Where is it?"):
    letter = Incoming(channel="email", address="martin@customer.test", subject=subject, text="Still nothing.")
    return actions.receive(letter, by=cast.by, at=at + timedelta(hours=1)).conversation
