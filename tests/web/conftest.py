"""The desk through Django's client, and in a real browser against a real server on a folder of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from tests.cli.conftest import Running, answers, perform, until
from tests.ports import free_port

STAGE = "tests.web.stage"


@pytest.fixture
def signed_in(cast) -> Callable[[str], Client]:
    """A client signed in as one of the cast: ``signed_in("ana")``."""

    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@dataclass
class Desk:
    """A running server with the cast on its stage."""

    address: str
    folder: Path
    session: str

    def stage(self, *words: str) -> dict:
        """Let something happen in the installation, in a process of its own."""
        return perform(self.folder, STAGE, *words)


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    folder = tmp_path / "data"
    told = perform(folder, STAGE, "open")
    port = free_port()
    running = Running(tmp_path, folder, "web", "--port", str(port))
    until(lambda: answers(port), "the first page")
    yield Desk(f"http://127.0.0.1:{port}", folder, told["session"])
    running.stop()


def is_complaint(said: ConsoleMessage) -> bool:
    """An error in the console; that htmx gave a request up for a newer one is none."""
    return said.type == "error" and not said.text.startswith("htmx:")


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A page of Ana's; the test fails when the browser complained about anything."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=desk.address)
    context.add_cookies([{"name": "sessionid", "value": desk.session, "url": desk.address}])
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.complaints = complaints  # type: ignore[attr-defined]
    yield opened
    opened.unroute_all(behavior="ignoreErrors")
    context.close()
    assert complaints == []


@contextmanager
def held(page: Page, pattern: str) -> Iterator[None]:
    """A slow server without a clock: what the page asks of these addresses is answered when the block has ended."""
    waiting: list[Route] = []
    is_over = False
    page.route(pattern, lambda route: route.continue_() if is_over else waiting.append(route))
    yield
    is_over = True
    for route in waiting:
        route.continue_()
