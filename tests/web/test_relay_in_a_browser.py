"""Two colleagues, two browsers: handed over, taken, asked, answered, done. And a way that is drawn by keyboard."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Desk, is_complaint
from tests.web.test_accessible import serious
from tests.web.test_at_the_desk import look_at

pytestmark = pytest.mark.browser


@pytest.fixture
def as_somebody(browser: Browser, desk: Desk) -> Iterator[Callable[[str], Page]]:
    """A page of somebody else's: ``as_somebody("contributor")``."""
    contexts, complaints = [], []

    def open_page(who: str) -> Page:
        context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=desk.address)
        contexts.append(context)
        session = desk.stage(who)["session"]
        context.add_cookies([{"name": "sessionid", "value": session, "url": desk.address}])
        opened = context.new_page()
        opened.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.complaints = complaints  # type: ignore[attr-defined]
        return opened

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def hand_over_by_keyboard(page: Page) -> None:
    """To Accounting, with a brief; the first try forgets what was tried."""
    page.keyboard.press("h")
    form = page.locator(".hand-over-form")
    expect(form.get_by_label("One department")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Acc")
    form.get_by_label("Promised").focus()
    page.keyboard.type("The money by Friday")
    page.keyboard.press("Control+Enter")
    expect(form).to_contain_text("Say what was tried")
    expect(form.get_by_label("Promised")).to_have_value("The money by Friday")
    form.get_by_label("Tried").focus()
    page.keyboard.type("Both statements compared")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#hand-over")).not_to_be_visible()
    page.complaints.clear()  # the browser complains about every refusal


def test_two_colleagues_hand_over_ask_answer_and_finish(page, as_somebody):
    dee = as_somebody("contributor")
    look_at(page, 2)
    hand_over_by_keyboard(page)
    expect(page.locator("#told")).to_contain_text("#2 handed to Accounting")
    expect(page.locator("#head")).to_contain_text("Accounting has the baton")

    dee.goto("/")
    expect(dee).to_have_url(re.compile("/legs/$"))
    dee.get_by_role("link", name="Charged twice").click()
    expect(dee.locator(".brief")).to_contain_text("Both statements compared")
    dee.get_by_role("button", name="I take it").click()
    expect(dee.locator(".leg-state")).to_contain_text("you have it")
    dee.locator("#fold-ask > summary").press("Enter")
    dee.get_by_label("Your question").fill("Which invoice?")
    dee.get_by_role("button", name="Ask", exact=True).click()
    expect(dee.locator(".leg-state")).to_contain_text("A question is open")

    expect(page.locator("#head")).to_contain_text("a question from Accounting")
    page.locator("#head").get_by_role("link", name="a question from Accounting").click()
    page.get_by_label("Your answer").fill("Number 2207")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator("#told")).to_contain_text("Answered Accounting")

    expect(dee.locator(".asked")).to_contain_text("Number 2207")
    dee.get_by_label("What you did").fill("Sent back today")
    dee.get_by_role("button", name="It is done").click()
    expect(dee.locator(".leg-state")).to_contain_text("Done")

    expect(page.locator(".leg-state")).to_contain_text("Done")
    expect(page.locator("#leg-live")).to_contain_text("Sent back today")
    page.goto("/conversations/2/")
    expect(page.locator("#side .track")).to_contain_text("Accounting")


def test_what_somebody_writes_is_never_lost_to_what_happens_meanwhile(page, desk, as_somebody):
    dee = as_somebody("contributor")
    leg = desk.stage("hand_over", "A copy of the invoice")["leg"]
    dee.goto(f"/legs/{leg}/")
    dee.get_by_role("button", name="I take it").click()
    dee.get_by_label("What you did").fill("I looked into the ar")
    desk.stage("letter", "Card has not arrived", "And one thing more")
    expect(dee.locator("#leg-below")).to_contain_text("And one thing more")
    expect(dee.get_by_label("What you did")).to_have_value("I looked into the ar")
    desk.stage("take_back", str(leg))
    expect(dee.locator("#leg-changed")).to_be_visible()
    expect(dee.locator(".leg-state")).to_contain_text("Taken back")
    expect(dee.get_by_label("What you did")).to_have_value("I looked into the ar")
    dee.get_by_role("button", name="It is done").click()
    expect(dee.get_by_label("What you wrote")).to_have_value("I looked into the ar")
    dee.complaints.clear()


def test_a_leg_works_without_a_script(browser, desk):
    session = desk.stage("contributor")["session"]
    leg = desk.stage("hand_over", "A copy of the invoice")["leg"]
    context = browser.new_context(java_script_enabled=False, base_url=desk.address)
    context.add_cookies([{"name": "sessionid", "value": session, "url": desk.address}])
    dee = context.new_page()
    dee.goto(f"/legs/{leg}/")
    dee.get_by_role("button", name="I take it").click()
    dee.get_by_label("What you did").fill("It is in the mail")
    dee.get_by_role("button", name="It is done").click()
    expect(dee.locator(".leg-state")).to_contain_text("Done")
    context.close()


def test_closing_by_key_while_a_leg_is_out_asks_why(page, desk):
    desk.stage("contributor")
    desk.stage("hand_over", "A copy of the invoice")
    look_at(page, 1)
    page.keyboard.press("e")
    expect(page.locator("#told")).to_contain_text("A leg is still with Accounting")
    expect(page.locator("#told input[name=why]")).to_be_focused()
    page.keyboard.type("It came by itself")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("#1 closed")
    assert desk.stage("tell", "Card has not arrived")["state"] == "done"
    page.complaints.clear()


def test_a_way_is_drawn_by_keyboard_while_one_sees_it_grow(desk, as_somebody):
    cleo = as_somebody("lead")
    cleo.set_viewport_size({"width": 1280, "height": 900})
    cleo.goto("/settings/relays/add/")
    cleo.get_by_label("Name of the relay").fill("Card delivery")
    cleo.locator("[name=s0-name]").fill("Cards")
    cleo.locator("[name=s0-department]").select_option(label="Card processing")
    expect(cleo.locator("#drawn .graph-name")).to_have_text(["Cards"])
    cleo.get_by_role("button", name="Add a step").press("Enter")
    cleo.locator("[name=s1-name]").fill("Call back")
    expect(cleo.locator("#drawn .graph-name")).to_have_text(["Cards", "Call back"])
    expect(cleo.locator("#step-new-1 .after")).to_contain_text("Call back")
    cleo.locator("[name=s1-department]").select_option(label="Front desk")
    cleo.locator("[name=s0-after]").check()
    expect(cleo.locator("#drawn")).to_contain_text("wait for each other")
    cleo.locator("[name=s0-after]").uncheck()
    expect(cleo.locator("#drawn")).not_to_contain_text("wait for each other")
    cleo.get_by_role("button", name="Keep it").press("Enter")
    expect(cleo.locator("#told")).to_contain_text("The relay Card delivery is drawn.")
    cleo.get_by_role("link", name="Card delivery").press("Enter")
    expect(cleo.locator("#editions")).to_contain_text("Edition 1")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_nothing_serious_stands_in_anybodys_way(page, desk, as_somebody, scheme, width):
    dee = as_somebody("contributor")
    leg = desk.stage("hand_over", "A copy of the invoice")["leg"]
    cleo = as_somebody("lead")
    found = []
    for who, screen in [
        (dee, "/legs/"),
        (dee, f"/legs/{leg}/"),
        (page, f"/legs/{leg}/"),
        (page, "/legs/"),
        (page, "/conversations/1/hand-over/"),
        (cleo, "/settings/relays/"),
        (cleo, "/settings/relays/add/"),
        (cleo, "/settings/relays/import/"),
    ]:
        who.emulate_media(color_scheme=scheme)
        who.set_viewport_size({"width": width, "height": 800})
        who.goto(screen)
        expect(who.locator(".desk")).to_be_visible()
        found += [f"{screen}: {line}" for line in serious(who)]
        assert who.evaluate("document.documentElement.scrollWidth") <= width, screen
    look_at(page, 1)
    found += serious(page)
    page.keyboard.press("h")
    expect(page.locator(".hand-over-form")).to_be_visible()
    assert [*found, *serious(page)] == []
