"""Setting up, signing in by a passkey and undoing a setting, in a real browser against a real server."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.cli.conftest import COMMAND, Running, answers, until
from tests.ports import free_port

pytestmark = pytest.mark.browser
SCREENS = [
    "/settings/mailboxes/",
    "/settings/mailboxes/add/",
    "/settings/mailboxes/1/",
    "/settings/departments/",
    "/settings/departments/1/",
    "/settings/staff/",
    "/settings/staff/add/",
    "/settings/staff/1/",
    "/settings/canned-replies/",
    "/settings/canned-replies/add/",
    "/accounts/",
    "/accounts/logout/",
    "/outbox/",
    "/quarantine/",
]


@pytest.fixture
def installation(tmp_path) -> Iterator[tuple[str, Path]]:
    """An empty installation that answers; gives its address and its folder."""
    folder, port = tmp_path / "data", free_port()
    running = Running(tmp_path, folder, "web", "--port", str(port))
    until(lambda: answers(port), "the first page")
    yield f"http://localhost:{port}", folder
    running.stop()


def link_of(installation: tuple[str, Path], *email: str) -> str:
    """What `pitcrew sign-in-link` prints, as a path."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PITCREW_", "DJANGO_", "DATABASE_"))}
    command = [*COMMAND, "sign-in-link", "--data", str(installation[1]), *email]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=60, check=True)
    return re.sub(r"^https?://[^/]+", "", done.stdout.strip())


@pytest.fixture
def ada(browser: Browser, installation) -> Iterator[Page]:
    """Ada's browser, after she has set Pitcrew up."""
    context = browser.new_context(base_url=installation[0], viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(link_of(installation))
    page.get_by_label("Your name").fill("Ada Lund")
    page.get_by_label("Your e-mail address").fill("ada@company.test")
    page.get_by_label("Address customers write to").fill("support@company.test")
    page.get_by_role("button", name="Open the queue").click()
    expect(page.get_by_role("heading", name="Send yourself a mail")).to_be_visible()
    yield page
    context.close()


def with_a_key(page: Page) -> None:
    """Give the browser a device that proves who one is."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    what = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": what | able})


def test_a_passkey_is_added_and_signs_in_alone(ada):
    with_a_key(ada)
    ada.goto("/accounts/")
    ada.get_by_role("link", name="Add a passkey").click()
    ada.get_by_label("What you call it").fill("Ada's laptop")
    ada.get_by_role("button", name="Add it").click()
    expect(ada.get_by_role("heading", name="Recovery codes")).to_be_visible()
    ada.goto("/accounts/")
    expect(ada.get_by_text("Ada's laptop")).to_be_visible()
    ada.get_by_role("button", name="Sign out").click()
    ada.get_by_role("button", name="Sign in with a passkey").click()
    ada.wait_for_url("**/queue/open/")


def test_a_device_that_says_no_is_told_in_a_sentence(ada):
    ada.goto("/accounts/logout/")
    ada.get_by_role("button", name="Sign out").click()
    expect(ada.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    no = "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    ada.evaluate(no)
    ada.get_by_role("button", name="Sign in with a passkey").click()
    expect(ada.get_by_role("alert")).to_contain_text("Nothing was chosen")


def test_a_setting_is_undone_by_a_key_and_the_page_shows_it(ada):
    ada.goto("/settings/departments/1/")
    ada.get_by_label("Role of Ada Lund").select_option("agent")
    expect(ada.locator("#told")).to_contain_text("Ada Lund is agent in Front desk.")
    ada.wait_for_load_state("domcontentloaded")  # the sentence stands in the page before its keys are alive
    ada.keyboard.press("u")
    expect(ada.locator("#told")).to_contain_text("Taken back")
    expect(ada.get_by_label("Role of Ada Lund")).to_have_value("lead")


def test_a_canned_reply_explains_itself_while_one_writes(ada):
    ada.goto("/settings/canned-replies/add/")
    ada.get_by_label("Text").fill("Dear ")
    ada.get_by_role("button", name="{customer.first_name}").click()
    expect(ada.get_by_label("Text")).to_have_value("Dear {customer.first_name}")
    expect(ada.locator("[data-preview-of]")).to_have_text("Dear Martin")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_can_be_read_by_everybody_and_on_a_phone(scheme, ada):
    ada.emulate_media(color_scheme=scheme)
    ada.set_viewport_size({"width": 360, "height": 740})
    for address in SCREENS:
        ada.goto(address)
        found = [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(ada).response["violations"]]
        assert found == [], address
        assert ada.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
