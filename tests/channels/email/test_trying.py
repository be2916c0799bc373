"""Knocking at a mailbox's servers: what they say is told in their own words, and nothing is fetched or sent."""

import tempfile
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from pitcrew.channels.email import trying
from pitcrew.channels.email.mailboxes import change_mailbox, name_mailbox
from pitcrew.channels.email.models import Arrival
from tests.mail_servers import Dovecot
from tests.ports import free_port


@pytest.fixture(scope="module")
def dovecot():
    with tempfile.TemporaryDirectory(prefix="dovecot-", dir="/tmp") as home, Dovecot(Path(home)) as server:
        yield server


@pytest.fixture
def smtp():
    def only_the_right_password(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"right", handled=False)

    port = free_port()
    options = {"authenticator": only_the_right_password, "auth_required": True, "auth_require_tls": False}
    controller = Controller(object(), hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def mailbox(cast, dovecot, smtp, at):
    fetch = {"fetch_host": "127.0.0.1", "fetch_port": dovecot.port, "fetch_security": "none", "fetch_user": "support"}
    send = {"send_host": "127.0.0.1", "send_port": smtp, "send_security": "none", "send_user": "support"}
    secrets = {"fetch_secret": "secret", "send_secret": "right"}
    return name_mailbox("support@company.test", cast.front, by=cast.by, at=at, **fetch, **send, **secrets)


def test_servers_that_let_us_in_are_told_to_work(mailbox):
    fetching, sending = trying.both(mailbox)
    assert fetching.works and "INBOX holds" in fetching.sentence
    assert sending.works and "250" in sending.sentence
    assert not Arrival.objects.exists()


def test_a_wrong_password_is_told_in_the_words_of_the_server(mailbox, cast, at):
    change_mailbox(mailbox, fetch_secret="wrong", send_secret="wrong", by=cast.by, at=at)
    fetching, sending = trying.both(mailbox)
    assert not fetching.works and "refused our password" in fetching.sentence
    assert not sending.works and "535" in sending.sentence


def test_a_folder_that_is_not_there_is_told(mailbox, cast, at):
    change_mailbox(mailbox, fetch_folder="Nowhere", by=cast.by, at=at)
    fetching = trying.fetching(mailbox)
    assert not fetching.works and "Nowhere" in fetching.sentence


def test_without_servers_there_is_nothing_to_knock_at(mailbox, cast, at):
    change_mailbox(mailbox, fetch_host="", send_host="", by=cast.by, at=at)
    assert all(one.works for one in trying.both(mailbox))
