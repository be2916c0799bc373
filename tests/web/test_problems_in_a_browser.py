"""Problems with a real browser: linked by keys, answered all by hand and by keyboard, nothing serious for axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.test_accessible import serious

pytestmark = pytest.mark.browser
SCREENS = ["/problems/", "/problems/{}/", "/problems/{}/answer/", "/problems/new/", "/victories/"]


@pytest.fixture
def number(desk) -> int:
    return desk.stage("problems")["problem"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 360)])
def test_nothing_serious_is_wrong_with_the_screens(page, number, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for address in [screen.format(number) for screen in SCREENS]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert serious(page) == [], address


def test_a_conversation_becomes_part_of_a_problem_by_keys(page, number):
    page.goto("/conversations/1/")
    expect(page.locator("#live h1")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#ask .choices button").first).to_be_visible()
    page.keyboard.type("flat number")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text(f"part of problem {number}")
    expect(page.locator("#side .of-problems")).to_contain_text("Printed cards lack the flat number")
    page.keyboard.press("u")
    expect(page.locator("#side .of-problems")).not_to_contain_text("Printed cards lack the flat number")


def test_a_new_problem_is_named_from_the_queue(page, number):
    page.goto("/queue/open/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("c")
    expect(page.locator("#ask .choices")).to_be_visible()
    page.keyboard.type("the print shop is closed")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("2 conversations are part of problem")


def test_all_are_answered_but_one_left_out_by_key_and_one_by_dragging(page, number):
    page.goto(f"/problems/{number}/answer/")
    page.get_by_label(re.compile("^English")).fill("Dear {customer.first_name}, it is fixed.")
    page.get_by_label(re.compile("^German")).fill("Guten Tag {customer.first_name}, es ist behoben.")
    page.get_by_role("button", name="Look at every letter").click()
    page.set_viewport_size({"width": 1440, "height": 2_400})  # nothing has to scroll while it is dragged
    letters = page.locator("[data-letter]")
    expect(letters).to_have_count(6)
    letters.nth(0).locator("input[name=goes]").focus()
    page.keyboard.press("x")
    letters.nth(1).drag_to(page.locator("[data-not-these]"))
    expect(page.locator("[data-count]")).to_have_text("2")
    page.get_by_role("button", name="Look again").click()
    expect(letters).to_have_count(4)
    page.get_by_role("button", name="Send it after all").first.click()
    expect(letters).to_have_count(5)
    page.get_by_role("button", name="Send 5").click()
    expect(page.locator("#told")).to_contain_text("5 answers on the way")
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.locator("#told")).to_contain_text("taken back")
