"""Hostile HTML by real mail, on real pages in a real browser: nothing runs, calls out, leads away or stands there."""

import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import APIRequestContext, Browser

from tests.attacks.mails import carrier, word
from tests.attacks.vectors import Vector, both, vectors
from tests.attacks.watching import ALONE, PAGE, Watched, watch
from tests.cli.conftest import Running, answers, perform, until
from tests.ports import free_port

pytestmark = pytest.mark.browser
AT_ONCE = 400  # mails in one turn: fewer than the queue shows on one page
IN_ONE = 40  # mails in one conversation


@dataclass
class Desk:
    """A running installation: where it answers, where it takes mail, and Ana's session."""

    address: str
    smtp: int
    session: str

    def send(self, mails: list[bytes]) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=60) as server:
            for mail in mails:
                server.sendmail("customer@customer.test", ["support@company.test"], mail)


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    folder = tmp_path / "data"
    session = perform(folder, "tests.attacks.stage")["session"]
    port, smtp = free_port(), free_port()
    running = Running(tmp_path, folder, "up", "--port", str(port), "--smtp-port", str(smtp))
    until(lambda: answers(port), "the first page")
    yield Desk(f"http://127.0.0.1:{port}", smtp, session)
    running.stop()


@pytest.fixture
def watched(desk, browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
    context.add_cookies([{"name": "sessionid", "value": desk.session, "url": desk.address}])
    yield watch(context, desk.address)
    context.close()


def rows(request: APIRequestContext, desk: Desk) -> list[int]:
    page = request.get(f"{desk.address}/queue/open/?rows=500").text()
    return [int(found) for found in re.findall(r'id="line-(\d+)"', page)]


def merge(watched: Watched, desk: Desk, ids: list[int]) -> int:
    """Merge them as the queue does; gives the one that is kept."""
    request = watched.page.context.request
    page = request.get(f"{desk.address}/queue/open/").text()
    token = re.search(r'"X-CSRFToken": "(\w+)"', page)
    assert token, "the page hands out no token"
    form = {"ids": ",".join(map(str, ids)), "csrfmiddlewaretoken": token[1]}
    answer = request.post(f"{desk.address}/conversations/merge/", form=form, headers={"Referer": desk.address})
    assert answer.ok, answer.text()[:500]
    return ids[0]


def deliver(watched: Watched, desk: Desk, some: list[Vector], turn: int) -> list[int]:
    """Send one mail for each; gives the conversations they became, once all are there."""
    before = set(rows(watched.page.context.request, desk))
    mails = [
        carrier(v.text, number=turn * AT_ONCE + n, html=v.text, token=f"turn{turn}slice{n // 50}")
        for n, v in enumerate(some)
    ]
    desk.send(mails)

    def new() -> list[int]:
        found = [pk for pk in rows(watched.page.context.request, desk) if pk not in before]
        return found if len(found) == len(some) else []

    return list(until(new, "every mail to be a conversation"))  # type: ignore[call-overload]


def look_everywhere(watched: Watched, desk: Desk, ids: list[int], turn: int) -> int:
    """The queue, search hits, whole conversations with all frames, and each mail at its own address."""
    watched.visit("/queue/open/?rows=500")
    for number in range((len(ids) + 49) // 50):
        watched.visit(f"/search/?q=turn{turn}slice{number}")
        hits = watched.page.locator(".hit").count()
        assert hits == min(50, len(ids) - number * 50), "the search does not show every mail"
    mails = 0
    for start in range(0, len(ids), IN_ONE):
        some = sorted(ids[start : start + IN_ONE])
        kept = merge(watched, desk, some) if len(some) > 1 else some[0]
        watched.visit(f"/conversations/{kept}/?messages=1000")
        mails += watched.open_mails()
        frames = [frame.url.removeprefix(desk.address) for frame in watched.page.frames[1:]]
        for path in frames:
            answer = watched.visit(path, ALONE)
            assert "sandbox" in answer.headers["content-security-policy"]
        watched.visit(f"/conversations/{kept}/?messages=1000")
    return mails


@both
def test_nothing_of_a_hostile_mail_happens_on_any_page(source, desk, watched):
    every, shown = vectors(source, "html"), 0
    for turn, start in enumerate(range(0, len(every), AT_ONCE)):
        some = every[start : start + AT_ONCE]
        shown += look_everywhere(watched, desk, deliver(watched, desk, some, turn), turn)
    print(f"{len(every)} mails, {shown} shown as sent:", {k: len(v) for k, v in watched.seen.items()})
    assert not any(watched.seen.values()), {k: sorted(set(v))[:12] for k, v in watched.seen.items()}
    assert shown > len(every) * 0.5


@both
def test_nothing_of_a_hostile_mail_happens_in_the_quarantine(source, desk, watched):
    """A mail that cannot be read is shown by its headers: those are hostile too."""
    every = vectors(source, "html")[:: 4 if source == "own" else 8]
    filling = "".join(f"X-Filling-{n}: x\r\n" for n in range(5_001))
    for n, vector in enumerate(every):
        plain = " ".join(vector.text.split())[:900]
        head = (
            f"From: {plain} <x{n}@customer.test>\r\nSubject: {word(vector.text[:200])}\r\nX-Raw: {plain}\r\n{filling}"
        )
        desk.send([head.encode() + b"\r\n" + vector.raw])
    request = watched.page.context.request

    def lying() -> list[str]:
        found = sorted(set(re.findall(r'href="(/quarantine/\d+/)"', request.get(f"{desk.address}/quarantine/").text())))
        return found if len(found) == len(every) else []

    pages = until(lying, "every mail to lie in quarantine")
    watched.visit("/quarantine/")
    for path in pages:  # type: ignore[attr-defined]
        watched.visit(path)
        saved = request.get(f"{desk.address}{path}mail/")
        assert saved.headers["content-disposition"].startswith("attachment")
    assert not any(watched.seen.values()), {k: sorted(set(v))[:12] for k, v in watched.seen.items()}


def test_the_watch_sees_what_runs_and_what_stands_there(desk, watched):
    desk.send([carrier("plain words")])
    until(lambda: rows(watched.page.context.request, desk), "the mail")
    watched.visit("/queue/open/")
    assert not any(watched.seen.values())
    planted = "<img src=x onerror=alert(1)><script>alert(2)</script><form action='https://elsewhere.example'></form>"
    watched.page.locator(".line-subject").first.evaluate("(place, html) => { place.innerHTML = html; }", planted)
    watched.page.evaluate(
        "open('https://elsewhere.example'); document.querySelector('.line-subject form').requestSubmit()"
    )
    watched.page.wait_for_timeout(200)
    watched.look(PAGE)
    assert len(watched.seen["ran"]) >= 2 and len(watched.seen["stands"]) >= 2
