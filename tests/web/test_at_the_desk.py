"""The desk in a browser: by keyboard, with undo, live. Nothing between the keys and the database is replaced."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import held

pytestmark = pytest.mark.browser


def row(page: Page, subject: str):
    return page.locator(".line", has_text=subject)


def look_at(page: Page, number: int) -> None:
    """Open a conversation and wait for its editor, which is ready a moment after the page."""
    page.goto(f"/conversations/{number}/")
    expect(page.locator("trix-editor[contenteditable]")).to_be_visible()


def test_a_conversation_is_closed_by_a_key_and_comes_back_by_another(page, desk):
    page.goto("/queue/open/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("#told")).to_contain_text("#2 closed")
    expect(row(page, "Charged twice")).to_have_count(0)
    assert desk.stage("tell", "Charged twice")["state"] == "done"
    page.keyboard.press("u")
    expect(row(page, "Charged twice")).to_have_count(1)
    assert desk.stage("tell", "Charged twice")["state"] == "open"


def test_several_are_selected_and_closed_as_one_act(page, desk):
    page.goto("/queue/open/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    for _ in range(2):
        page.keyboard.press("j")
    page.keyboard.press("X")
    expect(page.locator("#bulk")).to_contain_text("3 selected")
    page.keyboard.press("e")
    expect(page.locator("#told")).to_contain_text("3 conversations closed")
    expect(page.locator(".line")).to_have_count(2)
    page.keyboard.press("u")
    expect(page.locator(".line")).to_have_count(5)


def test_closing_an_open_conversation_goes_on_to_the_next(page):
    page.goto("/queue/open/")
    row(page, "Card has not arrived").locator("a").click()
    expect(page.locator(".conversation h1")).to_have_text("Card has not arrived")
    page.keyboard.press("e")
    expect(page.locator(".conversation h1")).to_have_text("Charged twice")


def test_fast_keys_select_row_after_row_while_conversations_open(page):
    look_at(page, 1)
    expect(page.locator(".line")).to_have_count(5)
    for key in "xjxjxj":
        page.keyboard.press(key)
    expect(page.locator("#bulk")).to_contain_text("3 selected")
    expect(page.locator(".conversation h1")).to_have_text("Invoice copy")
    page.keyboard.press("e")
    expect(page.locator("#told")).to_contain_text("3 conversations closed")
    expect(page.locator(".conversation h1")).to_have_text("Invoice copy")


def test_assigning_takes_a_key_a_few_letters_and_enter(page):
    look_at(page, 1)
    page.keyboard.press("a")
    page.keyboard.type("ben")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("#1 given to Ben Ode")
    expect(page.locator("#side")).to_contain_text("Ben Ode")
    expect(row(page, "Card has not arrived")).to_contain_text("Ben Ode has it")


def test_a_new_tag_is_typed_and_put_on(page):
    look_at(page, 1)
    page.keyboard.press("t")
    page.keyboard.type("refund")
    page.keyboard.press("Enter")
    expect(page.locator("#side")).to_contain_text("refund")


def test_an_answer_is_written_sent_and_taken_back_into_a_draft(page, desk):
    look_at(page, 1)
    page.keyboard.press("r")
    page.keyboard.type("The card leaves us today.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#told")).to_contain_text("Sending to martin@customer.test")
    expect(page.locator(".item.message.is-ours")).to_contain_text("The card leaves us today.")
    assert desk.stage("tell", "Card has not arrived") == {
        "id": 1,
        "state": "customer",
        "sent": ["The card leaves us today."],
    }
    page.locator("#told").get_by_role("button", name="Undo").click()
    expect(page.locator(".item.message.is-ours")).to_have_count(0)
    expect(page.locator("trix-editor")).to_have_text("The card leaves us today.")
    assert desk.stage("tell", "Card has not arrived")["sent"] == []


def test_what_is_typed_before_the_conversation_is_there_is_no_command(page, desk):
    """On a slow day the letters come before the page: they belong to the answer, and to nobody else's."""
    page.goto("/queue/open/")
    with held(page, "**/conversations/2/**"):
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("r")
        page.keyboard.type("Here we are: xeau")
    expect(page.locator(".conversation h1")).to_have_text("Charged twice")
    expect(page.locator("trix-editor")).to_have_text("Here we are: xeau")
    page.keyboard.type("!")
    expect(page.locator("trix-editor")).to_have_text("Here we are: xeau!")
    assert desk.stage("tell", "Charged twice")["state"] == "open"


def test_a_key_acts_on_the_conversation_one_went_to_and_not_on_the_one_still_shown(page, desk):
    look_at(page, 1)
    expect(page.locator(".line")).to_have_count(5)
    with held(page, "**/conversations/2/**"):
        page.keyboard.press("j")
        page.keyboard.press("e")
    expect(page.locator("#told")).to_contain_text("#2 closed")
    assert desk.stage("tell", "Card has not arrived")["state"] == "open"


def test_a_row_that_became_part_of_another_is_answered_there(page, desk):
    page.route("**/events", lambda route: route.abort())
    page.goto("/queue/open/")
    expect(page.locator(".line")).to_have_count(5)
    desk.stage("merge", "Charged twice", "Card has not arrived")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator(".conversation h1")).to_have_text("Card has not arrived")
    expect(page.locator("trix-editor")).to_be_focused()
    page.complaints.clear()


def test_a_draft_is_kept_while_one_writes(page):
    look_at(page, 1)
    page.keyboard.press("r")
    page.keyboard.type("Half a sent")
    expect(page.locator(".saved")).to_have_text("draft saved")
    look_at(page, 2)
    look_at(page, 1)
    expect(page.locator("trix-editor")).to_have_text("Half a sent")


def test_a_note_and_a_reply_are_written_side_by_side(page):
    look_at(page, 1)
    page.keyboard.press("r")
    page.keyboard.type("To the customer")
    page.get_by_role("tab", name="Note").click()
    page.keyboard.type("Only for us, see #2")
    page.keyboard.press("Control+Enter")
    note = page.locator(".item.note")
    expect(note).to_contain_text("only staff see this")
    expect(note.get_by_role("link", name="#2")).to_have_attribute("href", "/conversations/2/")
    page.get_by_role("tab", name="Reply").click()
    expect(page.locator("trix-editor")).to_have_text("To the customer")


def test_a_file_is_attached_and_goes_along(page, desk):
    look_at(page, 1)
    page.locator("[data-files]").set_input_files({"name": "form.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    expect(page.locator("#uploads")).to_contain_text("form.pdf")
    page.keyboard.press("r")
    page.keyboard.type("Please sign it.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".item.message.is-ours .file")).to_contain_text("form.pdf")


def test_a_canned_reply_fills_its_gaps(page):
    look_at(page, 1)
    page.locator(".canned summary").click()
    page.get_by_role("button", name="Address").click()
    expect(page.locator("trix-editor")).to_have_text("Dear Martin, we noted your address.")


def test_mail_that_arrives_appears_by_itself(page, desk):
    look_at(page, 1)
    expect(page.locator(".line")).to_have_count(5)
    desk.stage("letter", "A new matter", "Something else entirely.")
    expect(row(page, "A new matter")).to_have_count(1)
    desk.stage("letter", "Card has not arrived", "It arrived just now.")
    expect(page.locator("#timeline")).to_contain_text("It arrived just now.")


def test_who_answers_while_the_customer_writes_is_told_first(page, desk):
    look_at(page, 1)
    page.route("**/events", lambda route: route.abort())
    look_at(page, 1)
    page.keyboard.press("r")
    page.keyboard.type("Still on its way.")
    desk.stage("letter", "Card has not arrived", "It arrived just now.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#told")).to_contain_text("A new message arrived while you were writing")
    expect(page.locator("trix-editor")).to_have_text("Still on its way.")
    expect(page.locator("#timeline")).to_contain_text("It arrived just now.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#told")).to_contain_text("Sending to")
    page.complaints.clear()


def test_a_page_that_lost_its_stream_says_so(page):
    page.route("**/events", lambda route: route.abort())
    page.goto("/queue/open/")
    expect(page.locator(".stale")).to_contain_text("The connection is lost", timeout=15_000)
    page.unroute("**/events")
    expect(page.locator(".stale")).to_have_count(0, timeout=15_000)
    page.complaints.clear()


def test_the_keys_are_listed(page):
    page.goto("/queue/open/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("undo the last act")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
