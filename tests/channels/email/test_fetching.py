"""Mail is fetched from a real IMAP server: what is new, once, and whatever happens in between."""

import imaplib
import tempfile
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from pitcrew.channels.email import fetching
from pitcrew.channels.email.mailboxes import change_mailbox, name_mailbox
from pitcrew.channels.email.models import Arrival, Mailbox
from pitcrew.history.reading import events_of
from tests.mail_servers import Dovecot
from tests.ports import free_port


@pytest.fixture(scope="module")
def dovecot():
    with tempfile.TemporaryDirectory(prefix="dovecot-") as home, Dovecot(Path(home)) as server:
        yield server


@pytest.fixture
def box(dovecot):
    """The customer's side: puts mails into the mailbox, which begins empty."""
    client = imaplib.IMAP4("127.0.0.1", dovecot.port, timeout=30)
    client.login("support", "secret")
    client.select("INBOX")
    if client.search(None, "ALL")[1][0]:
        client.store("1:*", "+FLAGS", r"\Deleted")
        client.expunge()

    def put(number: int, body: str = "hello") -> None:
        raw = f"Message-ID: <{number}@customer.test>\r\nFrom: c@customer.test\r\nSubject: {number}\r\n\r\n{body}\r\n"
        client.append("INBOX", "", "", raw.encode())

    yield put
    client.logout()


@pytest.fixture
def mailbox(cast, dovecot, at):
    return name_mailbox(
        "support@company.test",
        cast.front,
        fetch_host="127.0.0.1",
        fetch_port=dovecot.port,
        fetch_security="none",
        fetch_user="support",
        fetch_secret="secret",
        by=cast.by,
        at=at,
    )


def fetch(mailbox) -> int:
    with fetching.connect(mailbox) as server:
        return fetching.fetch_new(mailbox, server)


def ids() -> set[str]:
    return set(Arrival.objects.values_list("mail_id", flat=True))


def test_what_is_new_is_fetched_once(box, mailbox):
    box(1), box(2)
    assert fetch(mailbox) == 2
    box(3)
    assert fetch(mailbox) == 1
    assert fetch(mailbox) == 0
    assert ids() == {"1@customer.test", "2@customer.test", "3@customer.test"}


def test_a_server_that_numbers_anew_brings_nothing_twice(box, mailbox):
    box(1)
    fetch(mailbox)
    mailbox.fetch_cursor = "another:9999"
    assert fetch(mailbox) == 0
    assert Arrival.objects.count() == 1


def test_mails_stay_on_the_server_unread(box, mailbox, dovecot):
    box(1)
    fetch(mailbox)
    client = imaplib.IMAP4("127.0.0.1", dovecot.port, timeout=30)
    client.login("support", "secret")
    client.select("INBOX", readonly=True)
    assert len(client.search(None, "UNSEEN")[1][0].split()) == 1
    client.logout()


def test_a_token_signs_in_too(box, mailbox, cast, at):
    box(1)
    change_mailbox(mailbox, fetch_login="xoauth2", fetch_secret="good-token", by=cast.by, at=at)
    assert fetch(mailbox) == 1


def test_a_wrong_password_is_told_in_the_servers_words(mailbox, cast, at):
    change_mailbox(mailbox, fetch_secret="wrong", by=cast.by, at=at)
    with pytest.raises(fetching.Refusal, match="Authentication failed"):
        fetching.connect(mailbox)


def test_passwords_are_not_in_the_log(mailbox):
    assert not [e for e in mailbox_events() if "secret" in str(e.changes)]


def mailbox_events():
    return events_of(Mailbox, Mailbox.objects.get().pk)


@pytest.mark.django_db(transaction=True)
class TestRunning:
    """The whole thing, in threads, as the worker runs it."""

    @pytest.fixture(autouse=True)
    def running(self, transactional_db, mailbox):
        stop = threading.Event()
        thread = threading.Thread(target=fetching.run, args=[stop])
        thread.start()
        yield
        stop.set()
        thread.join(90)
        connection.close()
        assert not thread.is_alive()

    def test_a_mail_that_comes_while_we_wait_is_fetched_at_once(self, box):
        box(1)
        wait_for(lambda: Arrival.objects.count() == 1)
        box(2)
        wait_for(lambda: Arrival.objects.count() == 2)


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_cannot_be_reached_is_stopped_and_starts_by_itself(mailbox, box, cast, dovecot, at):
    change_mailbox(mailbox, fetch_port=free_port(), by=cast.by, at=at)
    stop = threading.Event()
    thread = threading.Thread(target=fetching.run, args=[stop])
    thread.start()
    try:
        wait_for(lambda: Mailbox.objects.get().stopped_at is not None)
        assert "refused" in Mailbox.objects.get().stopped_why
        box(1)
        change_mailbox(Mailbox.objects.get(), fetch_port=dovecot.port, by=cast.by, at=at)
        wait_for(lambda: Arrival.objects.count() == 1)
        assert Mailbox.objects.get().stopped_at is None
    finally:
        stop.set()
        thread.join(90)


def wait_for(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
