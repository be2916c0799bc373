"""Mailboxes, departments, staff and canned replies on the screen."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from pitcrew.channels.email import mailboxes
from pitcrew.channels.email.models import Mailbox
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.canned import GAPS
from pitcrew.conversations.models import CannedReply
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Department, Membership, Role, Staff
from pitcrew.web.canned_example import MEANINGS
from tests.verify import assert_log_tells_all, state
from tests.web.walk import ELSEWHERE, ODD, acts, one_line, refuses, works

HOW = {"by": Actor("pitcrew", "setup"), "at": timezone.now()}
FETCHED = {
    "address": "cards@company.test",
    "name": "Cards",
    "fetch_host": "imap.company.test",
    "fetch_port": "993",
    "fetch_security": "tls",
    "fetch_user": "cards",
    "fetch_login": "password",
    "fetch_secret": "deep-secret",
    "fetch_folder": "INBOX",
    "send_host": "",
    "send_port": "587",
    "send_security": "starttls",
    "send_user": "",
    "send_secret": "",
}


@pytest.fixture
def house(cast):
    """The cast, with a mailbox and two canned replies."""
    cast.mailbox = mailboxes.name_mailbox("support@company.test", cast.front, fetch_secret="deep-secret", **HOW)
    cast.everywhere = conversations.add_canned("Hello", "Dear {customer.name}", **HOW)
    cast.canned = conversations.add_canned("Refund", "It left.", department=cast.accounting, **HOW)
    cast.place = Membership.objects.get(staff=cast.ben)
    return cast


def at(address: str, house) -> str:
    return address.format(
        mailbox=house.mailbox.pk,
        front=house.front.pk,
        accounting=house.accounting.pk,
        ben=house.ben.pk,
        place=house.place.pk,
        canned=house.canned.pk,
        everywhere=house.everywhere.pk,
    )


ADMINISTRATORS = [
    "/settings/mailboxes/",
    "/settings/mailboxes/add/",
    "/settings/mailboxes/{mailbox}/",
    "/settings/departments/open/",
    "/settings/staff/",
    "/settings/staff/add/",
    "/settings/staff/{ben}/",
]
LEADS = ["/settings/departments/", "/settings/departments/{accounting}/"]
DESK = ["/settings/canned-replies/", "/settings/canned-replies/add/"]
EVERYBODY = ["/accounts/"]
ACTS = [
    ("/settings/mailboxes/add/", FETCHED),
    ("/settings/mailboxes/{mailbox}/", FETCHED),
    ("/settings/mailboxes/{mailbox}/remove/", {}),
    ("/settings/departments/open/", {"name": "Mobile team"}),
    ("/settings/departments/{front}/rename/", {"name": "Reception"}),
    ("/settings/departments/{front}/signature/", {"signature": "Kind regards\r\nFront desk"}),
    ("/settings/departments/{accounting}/members/", {"staff": "{ben}", "role": "lead"}),
    ("/settings/departments/{front}/members/{place}/remove/", {}),
    (
        "/settings/staff/add/",
        {"name": "Dan Wolff", "email": "Dan@Company.test", "department": "{front}", "role": "agent"},
    ),
    ("/settings/staff/{ben}/", {"name": "Benjamin Ode", "email": "ben@company.test", "is_administrator": "on"}),
    ("/settings/staff/{ben}/standing/", {"to": "gone"}),
    ("/settings/canned-replies/add/", {"name": "Thanks", "text": "Thank you, {customer.name}."}),
    ("/settings/canned-replies/{canned}/", {"name": "Refund", "text": "It left today.", "department": "{accounting}"}),
    ("/settings/canned-replies/{canned}/remove/", {}),
]


def values_of(values: dict, house) -> dict:
    found = {
        name: at(value, house) if value.startswith("{") and " " not in value else value
        for name, value in values.items()
    }
    return found | ({"department": str(house.accounting.pk)} if "fetch_port" in values else {})


@pytest.mark.parametrize("address", ADMINISTRATORS + LEADS + DESK + EVERYBODY)
def test_a_screen_works_for_an_administrator(address, house, signed_in):
    works(signed_in("ada"), at(address, house))


@pytest.mark.parametrize("address", ADMINISTRATORS + LEADS + DESK + EVERYBODY)
def test_a_stranger_is_led_to_the_door(address, house):
    response = Client().get(at(address, house))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("address", ADMINISTRATORS)
def test_only_an_administrator_opens_it(address, house, signed_in):
    refuses(signed_in("cleo"), at(address, house), 403)
    refuses(signed_in("ana"), at(address, house), 403)


@pytest.mark.parametrize("address", LEADS)
def test_a_lead_opens_their_own_department_and_an_agent_none(address, house, signed_in):
    works(signed_in("cleo"), at(address, house))
    refuses(signed_in("ana"), at(address, house), 403)


def test_a_lead_has_no_say_in_another_department(house, signed_in):
    refuses(signed_in("cleo"), at("/settings/departments/{front}/", house), 404)
    refuses(signed_in("cleo"), at("/settings/departments/{front}/signature/", house), 404, {"signature": "Mine"})
    refuses(signed_in("cleo"), at("/settings/departments/{front}/members/", house), 404, {"staff": "1", "role": "lead"})
    refuses(signed_in("cleo"), at("/settings/departments/{accounting}/rename/", house), 403, {"name": "Mine"})
    assert "Front desk" not in works(signed_in("cleo"), "/settings/departments/").split("<main")[1]


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_an_act_is_done_told_and_taken_back(address, values, house, signed_in):
    acts(signed_in("ada"), at(address, house), values_of(values, house))
    assert_log_tells_all()


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_a_stranger_cannot_act(address, values, house):
    refuses(Client(), at(address, house), 302, values_of(values, house))


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_an_agent_of_elsewhere_cannot_act(address, values, house, signed_in):
    if address == "/settings/canned-replies/add/":
        values = values | {"department": "{accounting}"}
    before = state()
    response = signed_in("ana").post(at(address, house), values_of(values, house))
    assert response.status_code in (403, 404, 422)
    assert state() == before


@pytest.mark.parametrize(("address", "values"), [a for a in ACTS if "/add/" not in a[0] and "open" not in a[0]])
def test_looking_at_an_act_does_nothing(address, values, house, signed_in):
    before = state()
    assert signed_in("ada").get(at(address, house)).status_code in (200, 405)
    assert state() == before


@pytest.mark.parametrize("words", ODD)
def test_odd_words_come_back_as_they_were_written(words, house, signed_in):
    ada, line = signed_in("ada"), one_line(words)
    ada.post("/settings/departments/open/", {"name": words})
    ada.post(at("/settings/staff/{ben}/", house), {"name": words, "email": "ben@company.test"})
    ada.post(at("/settings/departments/{front}/signature/", house), {"signature": words})
    ada.post(at("/settings/canned-replies/{everywhere}/", house), {"name": line, "text": words})
    assert Department.objects.order_by("-pk")[0].name == " ".join(line.split())
    assert Staff.objects.get(pk=house.ben.pk).name == line
    assert Department.objects.get(pk=house.front.pk).signature == words.replace("\r\n", "\n")
    assert CannedReply.objects.get(pk=house.everywhere.pk).text == words.replace("\r\n", "\n")
    for address in ADMINISTRATORS + LEADS + DESK:
        page = works(ada, at(address, house))
        assert "<script>alert(1)" not in page and "<img src=x" not in page
        assert ">49<" not in page


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_act_never_leads_away_from_us(address, house, signed_in):
    response = signed_in("ada").post("/settings/departments/open/", {"name": "New", "next": address})
    assert urlsplit(urljoin("http://testserver/settings/", response["Location"])).netloc == "testserver"


def test_a_password_is_never_shown_again(house, signed_in):
    ada = signed_in("ada")
    assert "deep-secret" not in works(ada, at("/settings/mailboxes/{mailbox}/", house))
    wrong = ada.post("/settings/mailboxes/add/", values_of(FETCHED | {"fetch_port": "no"}, house))
    assert wrong.status_code == 422
    assert "deep-secret" not in wrong.content.decode()


def test_an_empty_password_keeps_the_one_we_have(house, signed_in):
    told = values_of(FETCHED | {"fetch_secret": ""}, house)
    assert signed_in("ada").post(at("/settings/mailboxes/{mailbox}/", house), told).status_code == 302
    kept = Mailbox.objects.get(pk=house.mailbox.pk)
    assert (kept.address, kept.fetch_secret) == ("cards@company.test", "deep-secret")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"address": "no address"}, "is no e-mail address"),
        ({"address": "support@company.test"}, "is a mailbox already"),
        ({"fetch_user": ""}, "wants to know who signs in"),
        ({"fetch_secret": ""}, "Without a password"),
        ({"fetch_host": "imap.test/../x"}, "no name of a server"),
        ({"fetch_port": "70000"}, "65535"),
    ],
)
def test_a_mailbox_that_cannot_be_is_said_in_a_sentence(wrong, sentence, house, signed_in):
    before = state()
    response = signed_in("ada").post("/settings/mailboxes/add/", values_of(FETCHED | wrong, house))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert state() == before


def test_a_stopped_mailbox_says_what_the_server_says(house, signed_in):
    mailboxes.stop(house.mailbox, "535 5.7.8 authentication failed", **HOW)
    page = works(signed_in("ada"), "/settings/mailboxes/")
    assert "Stopped" in page and "535 5.7.8 authentication failed" in page


def test_a_server_that_is_not_there_is_said_when_the_connection_is_tested(house, signed_in):
    there = {"fetch_host": "127.0.0.1", "fetch_port": 1, "fetch_security": "none", "fetch_user": "x"}
    send = {"send_host": "127.0.0.1", "send_port": 1, "send_security": "none"}
    mailboxes.change_mailbox(house.mailbox, **there, **send, **HOW)
    address = at("/settings/mailboxes/{mailbox}/test/", house)
    told = signed_in("ada").post(address, headers={"HX-Request": "true"}).content.decode()
    assert told.count("does not work") == 2
    assert told.count("refused") == 2
    refuses(signed_in("cleo"), address, 403, {})
    refuses(signed_in("ada"), address, 405)


def test_the_last_administrator_stays_and_is_told_why(house, signed_in):
    ada = signed_in("ada")
    address = f"/settings/staff/{house.ada.pk}/"
    refused = ada.post(address, {"name": "Ada Lund", "email": "ada@company.test"})
    assert refused.status_code == 422
    assert "last active administrator" in refused.content.decode()
    gone = ada.post(address + "standing/", {"to": "gone"})
    assert gone.status_code == 422
    assert "last active administrator" in gone.content.decode()
    assert Staff.objects.get(pk=house.ada.pk).is_administrator


def test_two_colleagues_cannot_have_one_address(house, signed_in):
    told = {"name": "Second", "email": " BEN@company.test ", "role": "agent"}
    response = signed_in("ada").post("/settings/staff/add/", told)
    assert response.status_code == 422
    assert "already on the staff" in response.content.decode()


def test_a_link_for_a_colleague_signs_them_in_once(house, signed_in):
    page = signed_in("ada").post(at("/settings/staff/{ben}/link/", house)).content.decode()
    link = page.split('id="link" value="')[1].split('"')[0]
    assert link.startswith("http://testserver/sign-in/once/")
    browser = Client()
    assert browser.post(link)["Location"] == "/accounts/"
    assert "Ben Ode" in browser.get("/accounts/").content.decode()
    assert Client().post(link).status_code == 422


def test_a_deactivated_colleague_gets_no_link_and_is_out_at_once(house, signed_in):
    ben = signed_in("ben")
    assert ben.get("/queue/open/").status_code == 200
    signed_in("ada").post(at("/settings/staff/{ben}/standing/", house), {"to": "gone"})
    assert ben.get("/queue/open/").status_code == 302
    refuses(signed_in("ada"), at("/settings/staff/{ben}/link/", house), 422, {})
    signed_in("ada").post(at("/settings/staff/{ben}/standing/", house), {"to": "active"})
    assert Staff.objects.get(pk=house.ben.pk).is_active


def test_an_agent_keeps_replies_for_their_own_department_only(house, signed_in):
    ana = signed_in("ana")
    own = {"name": "Ours", "text": "Hello", "department": str(house.front.pk)}
    assert ana.post("/settings/canned-replies/add/", own).status_code == 302
    assert ana.post("/settings/canned-replies/add/", own | {"department": str(house.accounting.pk)}).status_code == 422
    assert ana.post("/settings/canned-replies/add/", own | {"department": ""}).status_code == 422
    refuses(ana, at("/settings/canned-replies/{everywhere}/", house), 404)
    assert "Hello" in works(ana, "/settings/canned-replies/")
    assert "Refund" not in works(ana, "/settings/canned-replies/").split("<main")[1]


def test_every_gap_is_explained_by_an_example(house, signed_in):
    assert MEANINGS.keys() == GAPS.keys()
    page = works(signed_in("ada"), at("/settings/canned-replies/{everywhere}/", house))
    assert "Martin Haas" in page and "{customer.name}" in page


def test_a_contributor_has_only_their_own_part(house, signed_in):
    people.add_member(house.accounting, house.ben, Role.CONTRIBUTOR, **HOW)
    people.remove_member(house.place, **HOW)
    ben = signed_in("ben")
    assert ben.get("/settings/")["Location"] == "/accounts/"
    refuses(ben, "/settings/canned-replies/", 403)
    refuses(ben, "/quarantine/", 403)
