"""WCAG 2.2 AA as far as a machine can tell (axe-core): nothing serious, in light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SCREENS = ["/queue/open/", "/queue/trash/", "/conversations/1/", "/search/?q=card", "/search/", "/history/"]
TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 360)])
def test_nothing_serious_stands_in_anybodys_way(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    found = []
    for screen in SCREENS:
        page.goto(screen)
        expect(page.locator(".desk")).to_be_visible()
        if screen.startswith("/conversations"):
            expect(page.locator("trix-editor[contenteditable]")).to_be_visible()
            expect(page.locator(".line")).to_have_count(5)
        found += [f"{screen}: {line}" for line in serious(page)]
    assert found == []


def test_the_palette_and_the_keys_are_no_obstacle(page):
    page.goto("/queue/open/")
    page.keyboard.press("?")
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#ask .choices")).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_runs_off_a_small_screen(page, screen):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(screen)
    expect(page.locator(".desk")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def serious(page) -> list[str]:
    results = Axe().run(page, options=TAGS)
    return [
        f"{v['id']} ({v['impact']}): {node['target']} {node['failureSummary']}"
        for v in results.response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"][:3]
    ]
