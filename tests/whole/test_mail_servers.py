"""Mail by way of other people's servers: Debian's Postfix both ways, Debian's Dovecot with a password that is wrong."""

import email
import imaplib
import tempfile
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.cli.conftest import until
from tests.mail_servers import Dovecot
from tests.whole.house import MAILBOX, letter, row, send_by, watch
from tests.whole.postfix import Postfix

pytestmark = pytest.mark.browser


@pytest.fixture
def folder():
    """A folder that the servers' own users may enter; pytest keeps its folders to itself."""
    with tempfile.TemporaryDirectory(prefix="pitcrew-server-") as name:
        inner = Path(name) / "open" / "home"
        inner.mkdir(parents=True)
        Path(name).chmod(0o755)
        yield inner


@pytest.fixture
def postfix(house, folder):
    with Postfix(folder, MAILBOX.partition("@")[2], house.smtp) as server:
        yield server


def test_postfix_brings_the_mail_takes_the_answer_and_brings_the_reply(house, ana, postfix):
    send_by(ana, postfix.port)
    watch(ana)
    first = letter("By way of Postfix", "Does it reach you?")
    house.send(first, postfix.port)
    row(ana, "By way of Postfix").click()
    ana.locator("trix-editor").click()
    ana.keyboard.type("It does.")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#timeline")).to_contain_text("It does.")
    answer = email.message_from_bytes(until(postfix.mails, f"the answer in Martin's mailbox\n{postfix.log}")[0])
    assert answer["In-Reply-To"] == first["Message-ID"]
    assert answer["Return-Path"].strip("<>").startswith("bounce+")

    back = letter("Re: By way of Postfix", "Wonderful.", to=answer["Reply-To"], answers_to=answer["Message-ID"])
    house.send(back, postfix.port)
    expect(ana.locator("#timeline .message").last).to_contain_text("Wonderful.")


def test_a_wrong_password_is_shown_in_the_servers_words_and_the_right_one_fetches(ana, folder):
    with Dovecot(folder) as dovecot:
        put(dovecot, letter("Waits at the host", "Fetched by IMAP.", to="support@company.test"))
        ana.goto("/settings/mailboxes/add/")
        fill(ana, address="support@company.test", fetch_host="127.0.0.1", fetch_port=str(dovecot.port))
        fill(ana, fetch_user="support", fetch_secret="not the password")
        ana.locator("[name=fetch_security]").select_option("none")
        ana.get_by_role("button", name="Add the mailbox").click()
        ana.get_by_role("button", name="Test the connection").click()
        expect(ana.locator("#tried")).to_contain_text("AUTHENTICATIONFAILED")
        reloaded(ana, lambda: ana.get_by_text("Stopped").is_visible())
        expect(ana.locator("#main")).to_contain_text("New mail waits there and is safe")

        fill(ana, fetch_secret="secret")
        ana.get_by_role("button", name="Save").click()
        watch(ana)
        expect(row(ana, "Waits at the host")).to_be_visible()


def fill(page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def reloaded(page, shows) -> None:
    """Look again until the page shows it."""

    def look() -> bool:
        page.reload()
        return shows()

    until(look, "the page to show it")


def put(dovecot: Dovecot, mail) -> None:
    with imaplib.IMAP4("127.0.0.1", dovecot.port, timeout=30) as host:
        host.login("support", "secret")
        host.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail.as_bytes())
