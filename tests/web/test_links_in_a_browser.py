"""A lead at the page of broken links: by keyboard, in both lights, on a phone; nothing in anybody's way."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import is_complaint
from tests.web.test_accessible import serious

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PITCREW_PICTURES", "")


def picture(page, name: str) -> None:
    """Keep what it looks like, when somebody wants to look."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.fixture
def lead(browser, desk):
    """Cleo's page."""
    session = desk.stage("broken")["session"]
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=desk.address)
    context.add_cookies([{"name": "sessionid", "value": session, "url": desk.address}])
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def test_a_lead_mends_by_keyboard_and_takes_it_back(lead):
    lead.goto("/links/")
    row = lead.locator(".broken > li", has_text="Card has not arrived").first
    expect(row).to_contain_text("Not accepted")
    row.get_by_role("button", name="Accept it").focus()
    lead.keyboard.press("Enter")
    expect(lead.locator("#told")).to_contain_text("You have Card processing now")
    expect(lead.locator(".broken > li", has_text="Card has not arrived")).to_have_count(0)
    lead.keyboard.press("u")
    expect(lead.locator(".broken > li", has_text="Card has not arrived")).to_have_count(1)


def test_nothing_serious_stands_in_a_lead_s_way(lead):
    found = []
    for scheme, width in (("light", 1440), ("dark", 1440), ("light", 360), ("dark", 360)):
        lead.emulate_media(color_scheme=scheme)
        lead.set_viewport_size({"width": width, "height": 800})
        for address, name in (
            ("/links/", "links"),
            ("/conversations/1/", "links-conversation"),
            ("/accounts/", "away"),
        ):
            lead.goto(address)
            expect(lead.locator("main")).to_be_visible()
            picture(lead, f"{name}-{scheme}-{width}")
            found += [f"{address} {scheme} {width}: {line}" for line in serious(lead)]
            assert lead.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
    assert found == []
