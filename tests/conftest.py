"""The cast: a small company with two departments, three colleagues and a customer. And a browser."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, sync_playwright

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Role


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast(db, at):
    """Ana and Ben answer at the front desk, Cleo leads Accounting, Ada administrates; Martin has written."""
    setup = Actor("pitcrew", "setup")
    how = {"by": setup, "at": at}
    front, accounting = (people.open_department(name, **how) for name in ("Front desk", "Accounting"))
    ada = people.hire("ada@company.test", "Ada Lund", is_administrator=True, **how)
    ana, ben, cleo = (
        people.hire(f"{name.split()[0].lower()}@company.test", name, **how)
        for name in ("Ana Ruiz", "Ben Ode", "Cleo Falk")
    )
    for staff in (ana, ben):
        people.add_member(front, staff, Role.AGENT, **how)
    people.add_member(accounting, cleo, Role.LEAD, **how)
    letter = Incoming(
        channel="email",
        address="martin@customer.test",
        name="Martin Haas",
        subject="Card has not arrived",
        text="I was approved three weeks ago and nothing came.",
        external_id="first@customer.test",
    )
    message = conversations.receive(letter, **how)
    return SimpleNamespace(
        front=front,
        accounting=accounting,
        ada=ada,
        ana=ana,
        ben=ben,
        cleo=cleo,
        martin=message.customer,
        message=message,
        conversation=message.conversation,
        by=Actor("agent", ana.pk, door="test"),
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: Debian's, else Playwright's own."""
    with sync_playwright() as playwright:
        path = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()
