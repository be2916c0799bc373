"""Pages outside in a real browser without a session: accessible, by keyboard, on a phone, without a script."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.cli.conftest import Running, answers, perform, until
from tests.ports import free_port
from tests.web.test_accessible import serious

pytestmark = pytest.mark.browser
SHOWN = ("offered", "accepted", "asked", "done", "returned", "late", "shut", "progress-offered", "progress-done")


@dataclass
class Place:
    """A running server and the paths on its stage."""

    address: str
    paths: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("outside") / "data"
    paths = perform(folder, "tests.outside.stage")
    port = free_port()
    running = Running(folder.parent, folder, "web", "--port", str(port))
    until(lambda: answers(port), "the first page")
    yield Place(f"http://127.0.0.1:{port}", paths)
    running.stop()


@pytest.fixture
def phone(browser, place) -> Iterator[Page]:
    """A phone without a script; the test fails when the browser complains."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=place.address)
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    assert context.cookies() == []
    context.close()
    assert [one for one in complaints if "404" not in one and "410" not in one] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_anybodys_way_and_nothing_runs_off(phone, place, scheme):
    found = []
    phone.emulate_media(color_scheme=scheme)
    for name in SHOWN:
        phone.goto(place.paths[name])
        for details in phone.locator("summary").all():
            details.click()
        found += [f"{name}: {line}" for line in serious(phone)]
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, name
        assert phone.evaluate("document.scripts.length") == 0
        size = phone.evaluate("getComputedStyle(document.body).fontSize")
        assert size == "16px", name
    for query in ("?say=arrived", "?say=not_yet", "?mail=stop"):
        phone.goto(place.paths["progress-offered"] + query)
        found += [f"{query}: {line}" for line in serious(phone)]
    assert found == []


def test_a_courier_does_all_of_it_by_keyboard(phone, place):
    phone.goto(place.paths["offered"])
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("button", name="I take it")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("You have it")
    summary = phone.locator("summary", has_text="Done")
    summary.focus()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    phone.keyboard.type("M. Haas")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    phone.keyboard.type("At the door")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("button", name="It is done")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("Thank you. This is done")
    expect(phone.locator("main")).to_contain_text("M. Haas")


def test_martin_answers_by_one_click_in_his_mail(phone, place):
    phone.goto(place.paths["progress-done"] + "?say=arrived")
    button = phone.get_by_role("button", name="Yes, it arrived")
    expect(button).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("Thank you for telling us")


def test_martin_writes_what_is_different(phone, place):
    phone.goto(place.paths["progress-accepted"])
    phone.get_by_text("Something is different").click()
    phone.get_by_label("What is different?").fill("I moved again")
    phone.get_by_role("button", name="Tell us").click()
    expect(phone.get_by_role("status")).to_contain_text("We go on with it")
