"""A mail comes, is answered, and the customer writes back: nothing is faked."""

import re

import pytest
from playwright.sync_api import expect

from tests.whole.house import MAILBOX, MARTIN, is_the_same, letter, row, watch

pytestmark = pytest.mark.browser


def test_a_mail_is_answered_and_the_customers_reply_threads_back_live(house, outside, ana, ben):
    for page in (ana, ben):
        watch(page)
    first = letter("Card has not arrived", "I was approved three weeks ago and nothing came.")
    house.send(first)
    for page in (ana, ben):
        expect(row(page, "Card has not arrived")).to_contain_text("Martin Haas")

    for page in (ana, ben):
        row(page, "Card has not arrived").click()
        expect(page.locator("#timeline")).to_contain_text("nothing came")
    editor = ana.locator("trix-editor")
    editor.click()
    ana.keyboard.type("Dear Mr Haas, it leaves us tomorow")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#told")).to_contain_text(f"Sending to {MARTIN}")
    expect(ben.locator("#timeline")).to_contain_text("tomorow")

    ana.keyboard.press("Escape")
    ana.keyboard.press("u")
    expect(editor).to_contain_text("it leaves us tomorow")
    expect(ana.locator("#timeline")).not_to_contain_text("tomorow")
    expect(ben.locator("#timeline .message", has_text="tomorow")).to_have_count(0)

    editor.click()
    ana.keyboard.press("Control+A")
    ana.keyboard.type("Dear Mr Haas, it leaves us today.")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#timeline")).to_contain_text("it leaves us today")
    expect(ben.locator("#timeline")).to_contain_text("it leaves us today")

    answer = outside.next()
    assert outside.came.empty()
    assert answer["In-Reply-To"] == first["Message-ID"]
    assert first["Message-ID"] in answer["References"]
    assert answer["To"] == MARTIN
    assert MAILBOX in answer["From"]
    assert answer["Subject"].startswith("Re: Card has not arrived")
    said = words(answer)
    assert "it leaves us today." in said
    assert "tomorow" not in said
    assert "> I was approved three weeks ago" in said
    for page in (ana, ben):
        expect(page.locator(".leaving")).to_have_count(0)

    back = letter("Re: Card has not arrived", "Good. Please ring twice.", answers_to=answer["Message-ID"])
    back.replace_header("To", answer["Reply-To"])
    house.send(back)
    for page in (ana, ben):
        expect(page.locator("#timeline .message")).to_have_count(3)
        expect(page.locator("#timeline .message").last).to_contain_text("Please ring twice")
        assert is_the_same(page)


def test_what_one_closes_and_takes_back_the_other_sees(house, ana, ben):
    for page in (ana, ben):
        watch(page)
    house.send(letter("Limit for travel", "Can it be raised in May?"))
    for page in (ana, ben):
        expect(row(page, "Limit for travel")).to_be_visible()
    row(ana, "Limit for travel").click()
    ana.locator("#timeline").wait_for()
    ana.keyboard.press("e")
    expect(ana.locator("#told")).to_contain_text(re.compile(r"#\d+ closed"))
    for page in (ana, ben):
        expect(row(page, "Limit for travel")).to_have_count(0)
    ana.keyboard.press("u")
    for page in (ana, ben):
        expect(row(page, "Limit for travel")).to_be_visible()
        assert is_the_same(page)


def words(mail) -> str:
    """The plain words of a mail."""
    plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return plain.get_payload(decode=True).decode()
