"""What is owed, in a real browser: the light, the priority by a key, the call back, the settings."""

import os

import pytest
from playwright.sync_api import expect

from tests.web.test_accessible import serious

pytestmark = pytest.mark.browser
SETTINGS = ["", "add/", "1/"]
SCREENS = [*(f"/settings/promises/{part}" for part in SETTINGS), "/settings/hours/1/", "/queue/open/"]


@pytest.fixture
def owing(desk, page):
    assert desk.stage("owe") == {"broken": 1, "warned": 1}
    return page


def picture(page, name: str) -> None:
    if folder := os.environ.get("PITCREW_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_an_urgent_matter_and_a_call_back_are_promised_by_keys(owing):
    owing.goto("/conversations/8/")
    expect(owing.locator("trix-editor[contenteditable]")).to_be_visible()
    expect(owing.locator(".owed > summary")).to_contain_text("First reply due")
    owing.keyboard.press("p")
    expect(owing.locator("#ask .choices")).to_be_visible()
    owing.keyboard.type("urgent")
    owing.keyboard.press("Enter")
    expect(owing.locator("#told")).to_contain_text("set to urgent")
    expect(owing.locator("#side")).to_contain_text("Urgent")
    owing.locator(".owed > summary").focus()
    owing.keyboard.press("Enter")
    owing.get_by_label("Promise a call back on").fill("2099-01-01T10:00")
    owing.get_by_label("About", exact=True).fill("The card")
    with owing.expect_response("**/conversations/8/?part=live*"):  # it moves while somebody writes
        owing.evaluate("document.body.dispatchEvent(new CustomEvent('moved', {detail: {ids: [8], opens: []}}))")
    expect(owing.get_by_label("About", exact=True)).to_have_value("The card")
    assert serious(owing) == []
    picture(owing, "call-back")
    owing.get_by_role("button", name="Promise it").press("Enter")
    expect(owing.locator("#told")).to_contain_text("A call back is promised")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_nothing_serious_stands_in_the_way_of_what_is_owed(owing, scheme, width):
    owing.emulate_media(color_scheme=scheme)
    owing.set_viewport_size({"width": width, "height": 800})
    found = []
    for number, screen in enumerate(SCREENS):
        owing.goto(screen)
        expect(owing.locator(".desk")).to_be_visible()
        picture(owing, f"{number}-{scheme}-{width}")
        found += [f"{screen}: {line}" for line in serious(owing)]
        over = owing.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{screen} runs off by {over}"] if over > 0 else []
    assert found == []
