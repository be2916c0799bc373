"""The server goes away, the page is old, somebody else was quicker: the screen says so, and nothing written is lost."""

import pytest
from playwright.sync_api import expect

from tests.whole.house import is_the_same, letter, page_of, row, watch

pytestmark = pytest.mark.browser


@pytest.fixture
def conversation(house, ana, request):
    """A conversation of this test's own, open in Ana's browser; gives the mail that opened it."""
    first = letter(request.node.name.replace("_", " "), "Please look into it.")
    watch(ana)
    house.send(first)
    row(ana, first["Subject"]).click()
    ana.locator("trix-editor").wait_for()
    return first


def write(page, words: str) -> None:
    page.locator("trix-editor").click()
    page.keyboard.type(words)


def test_a_screen_says_that_it_lost_its_stream_and_comes_back(house, ana, conversation):
    write(ana, "We look into it")
    house.stop()
    expect(ana.locator(".stale")).to_contain_text("The connection is lost")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#told")).to_contain_text("Pitcrew cannot be reached")
    expect(ana.locator("trix-editor")).to_contain_text("We look into it")
    house.start()
    house.send(letter("Came after the restart", "Are you there?"))
    expect(ana.locator(".stale")).to_have_count(0)
    expect(row(ana, "Came after the restart")).to_be_visible()
    ana.locator("trix-editor").click()
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#timeline")).to_contain_text("We look into it")
    assert is_the_same(ana)


def test_an_answer_to_what_is_no_longer_the_newest_is_held_back(house, ana, browser, conversation):
    behind = page_of(browser, house)
    behind.context.add_cookies(ana.context.cookies())
    behind.route("**/events", lambda route: route.abort())
    behind.goto(ana.url)
    write(behind, "It is on its way")
    house.send(letter(f"Re: {conversation['Subject']}", "It has come.", answers_to=conversation["Message-ID"]))
    expect(ana.locator("#timeline")).to_contain_text("It has come.")
    behind.keyboard.press("Control+Enter")
    expect(behind.locator("#told")).to_contain_text("A new message arrived while you were writing.")
    expect(behind.locator("#timeline")).to_contain_text("It has come.")
    expect(behind.locator("trix-editor")).to_contain_text("It is on its way")
    behind.context.close()


def test_a_page_that_is_too_old_says_what_to_do(ana, house, browser, conversation):
    old = page_of(browser, house)
    old.context.add_cookies(ana.context.cookies())
    old.goto(ana.url)
    write(old, "Only half")
    old.context.clear_cookies(name="csrftoken")
    old.keyboard.press("Control+Enter")
    expect(old.locator("#told")).to_contain_text("This page is too old to act. Reload it, then do it again.")
    expect(old.locator("trix-editor")).to_contain_text("Only half")
    old.context.close()


def test_who_was_signed_out_meanwhile_comes_to_the_door(ana, house, browser, conversation):
    gone = page_of(browser, house)
    gone.context.add_cookies(ana.context.cookies())
    gone.goto(ana.url)
    gone.context.clear_cookies(name="sessionid")
    gone.keyboard.press("e")
    expect(gone.get_by_role("heading", name="Sign in")).to_be_visible()
    gone.context.close()
