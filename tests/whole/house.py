"""A whole installation as a customer and a colleague meet it: real processes, real mail servers, a real browser."""

import email
import os
import queue
import smtplib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage, Message
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect
from psycopg.sql import SQL, Identifier

from tests.cli.conftest import Running, answers, until
from tests.ports import free_port

MAILBOX = "service@company.test"
MARTIN = "martin@customer.test"
PATIENCE = 45  # seconds: an undo window of fifteen, and a busy machine
expect.set_options(timeout=30_000)


class Outside:
    """The mail server of everybody else: keeps what it is handed."""

    def __init__(self) -> None:
        self.came: queue.Queue[Message] = queue.Queue()
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server, session, envelope) -> str:
        self.came.put(email.message_from_bytes(envelope.content))
        return "250 OK"

    def next(self) -> Message:
        """The next mail that reaches it."""
        return self.came.get(timeout=PATIENCE)


class House:
    """`pitcrew up` on a folder and ports of its own."""

    program = Running

    def __init__(self, folder: Path, **environment: str):
        self.folder, self.environment = folder, environment
        self.port, self.smtp = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        words = ("up", "--port", str(self.port), "--smtp-port", str(self.smtp))
        self.running = self.program(self.folder.parent, self.folder, *words, **self.environment)
        until(lambda: answers(self.port), "the first page")

    def stop(self) -> None:
        assert self.running.stop() == 0, self.running.said

    @property
    def link(self) -> str:
        """The one-time link that the start printed."""
        return next(line.split()[-1] for line in self.running.said.splitlines() if line.startswith("Sign in once"))

    def send(self, letter: EmailMessage, port: int = 0) -> dict:
        """Hand a mail to the listener (or another server) as a mail server does."""
        with smtplib.SMTP("127.0.0.1", port or self.smtp, timeout=PATIENCE) as server:
            return server.send_message(letter)


def letter(subject: str, text: str, to: str = MAILBOX, answers_to: str = "", sender: str = MARTIN) -> EmailMessage:
    """A mail of Martin's."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Martin Haas <{sender}>", to, subject
    mail["Message-ID"] = f"<{uuid.uuid4().hex}@customer.test>"
    if answers_to:
        mail["In-Reply-To"] = mail["References"] = answers_to
    mail.set_content(text)
    return mail


def page_of(browser: Browser, house: House) -> Page:
    """A browser of somebody's own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=house.address)
    return context.new_page()


def set_up(page: Page, house: House) -> None:
    """The first page: who administrates, the first department, the first mailbox."""
    page.goto(house.link)
    page.get_by_label("Your name").fill("Ana Ruiz")
    page.get_by_label("Your e-mail address").fill("ana@company.test")
    page.get_by_label("Password").fill("a long word for Ana")
    page.get_by_label("First department").fill("Front desk")
    page.get_by_label("Address customers write to").fill(MAILBOX)
    page.get_by_role("button", name="Open the queue").click()
    page.locator("#list").wait_for()


def send_by(page: Page, port: int, address: str = MAILBOX) -> None:
    """Say in the settings by which server the answers of a mailbox leave."""
    page.goto("/settings/mailboxes/")
    page.get_by_role("link", name=address).click()
    page.locator("[name=send_host]").fill("127.0.0.1")
    page.locator("[name=send_port]").fill(str(port))
    page.locator("[name=send_security]").select_option("none")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"{address} is changed.")).to_be_visible()


def colleague(page: Page, browser: Browser, house: House) -> Page:
    """Add Ben, hand him his link, and let him in with it."""
    page.goto("/settings/staff/add/")
    page.get_by_label("Name", exact=True).fill("Ben Ode")
    page.get_by_label("E-mail address").fill("ben@company.test")
    page.locator("[name=department]").select_option("Front desk")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Make a sign-in link").click()
    link = page.locator("#link").input_value()
    his = page_of(browser, house)
    his.goto(link)
    his.get_by_role("button", name="Sign in").click()
    his.wait_for_url(lambda address: "/sign-in/" not in address)
    return his


def row(page: Page, subject: str):
    """The line of a conversation in the queue."""
    return page.locator("#list .line", has_text=subject)


def watch(page: Page, where: str = "/queue/open/") -> None:
    """Open a page and mark it, so that a reload would show."""
    page.goto(where)
    page.locator("#list").wait_for()
    page.evaluate("window.isTheSamePage = true")


def is_the_same(page: Page) -> bool:
    """Whether the page was never loaded anew since `watch`."""
    return bool(page.evaluate("window.isTheSamePage === true"))


@contextmanager
def database(folder: Path) -> Iterator[dict[str, str]]:
    """Where an installation keeps its rows: its folder, or a new database where the suite runs on PostgreSQL."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    name = f"whole_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
