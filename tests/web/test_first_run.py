"""The first page: a link, four lines, and one is in the queue."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pitcrew.channels.email.models import Mailbox
from pitcrew.conversations import actions
from pitcrew.conversations.incoming import Incoming
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Department, Membership, Staff
from pitcrew.people.sign_in_links import make_first
from tests.verify import assert_log_tells_all, state
from tests.web.walk import ODD, one_line, refuses

GIVEN = {
    "name": "Ada Lund",
    "email": "Ada@Company.test",
    "password": "several quiet words",
    "department": "Front desk",
    "mailbox": "support@company.test",
}


@pytest.fixture
def address(db) -> str:
    return f"/start/{make_first(timezone.now())}/"


def test_looking_at_the_page_sets_nothing_up(address):
    before = state()
    page = Client().get(address)
    assert page.status_code == 200
    assert 'value="Front desk"' in page.content.decode()
    assert state() == before


def test_four_lines_and_one_is_in_the_queue(address):
    client = Client()
    done = client.post(address, GIVEN, follow=True)
    assert done.redirect_chain[-1][0] == "/queue/open/"
    ada, desk = Staff.objects.get(), Department.objects.get()
    assert (ada.email, ada.is_administrator, ada.check_password(GIVEN["password"])) == ("ada@company.test", True, True)
    assert Membership.objects.get().role == "lead"
    assert Mailbox.objects.get().department == desk
    assert_log_tells_all()


def test_the_empty_queue_teaches_how_a_mail_comes_in(address, settings, tmp_path):
    settings.DATA = tmp_path
    (tmp_path / "mail-address").write_text("127.0.0.1 2626\n")
    page = Client().post(address, GIVEN, follow=True).content.decode()
    assert "smtp://127.0.0.1:2626" in page and "support@company.test" in page and "import-mail" in page


def test_the_lesson_is_over_with_the_first_conversation(address):
    client = Client()
    client.post(address, GIVEN)
    letter = Incoming(channel="email", address="martin@customer.test", subject="Hello", text="Hello")
    found = actions.receive(letter, by=Actor("pitcrew", "setup"), at=timezone.now())
    actions.close(found.conversation, by=Actor("pitcrew", "setup"), at=timezone.now())
    assert "Send yourself a mail" not in client.get("/queue/open/").content.decode()


def test_password_and_mailbox_may_come_later_and_one_is_asked_for_a_way_back(address):
    client = Client()
    assert client.post(address, GIVEN | {"password": "", "mailbox": ""}).status_code == 302
    assert not Staff.objects.get().has_usable_password()
    assert not Mailbox.objects.exists()
    assert "Choose how you come back" in client.get("/accounts/").content.decode()


def test_a_department_that_is_there_already_is_kept(address):
    there = people.open_department("Reception", by=Actor("pitcrew", "setup"), at=timezone.now())
    assert 'value="Reception"' in Client().get(address).content.decode()
    Client().post(address, GIVEN)
    assert [(d.pk, d.name) for d in Department.objects.all()] == [(there.pk, "Front desk")]


def test_the_link_is_good_for_the_first_alone(address):
    Client().post(address, GIVEN)
    refuses(Client(), address, 422)
    refuses(Client(), address, 422, GIVEN | {"email": "eve@elsewhere.test"})
    assert Staff.objects.count() == 1


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", "..%5c..", "x" * 500])
def test_a_link_that_is_none_sets_nothing_up(token, db):
    refuses(Client(), f"/start/{token}/", 422)
    refuses(Client(), f"/start/{token}/", 422, GIVEN)


def test_an_old_link_sets_nothing_up(db):
    refuses(Client(), f"/start/{make_first(timezone.now() - timedelta(minutes=16))}/", 422, GIVEN)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "no address"}, "is no e-mail address"),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "ada@company.test"}, "similar"),
        ({"name": ""}, "required"),
        ({"mailbox": "x"}, "is no e-mail address"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_half_done(wrong, sentence, address):
    before = state()
    response = Client().post(address, GIVEN | wrong)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert GIVEN["password"] not in response.content.decode()
    assert state() == before


@pytest.mark.parametrize("words", ODD)
def test_odd_words_come_back_as_they_were_written(words, address):
    client = Client()
    assert client.post(address, GIVEN | {"name": words, "department": words}).status_code == 302
    assert Staff.objects.get().name == one_line(words)
    assert "<script>alert(1)" not in client.get("/accounts/").content.decode()
