"""Every bench runs on a tiny company. What it measures there says nothing, so nothing is asserted about it."""

import json

import pytest

from bench import acts, company, disk, links, measure, pages, problems, progress, promises, relays, search
from bench.table import table
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.models import Event, Logged
from pitcrew.history.reading import rebuilt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small_company(monkeypatch) -> None:
    monkeypatch.setattr(company, "BATCH", 30)
    company.fill(30)


@pytest.fixture
def results(monkeypatch, tmp_path):
    path = tmp_path / "results.jsonl"
    monkeypatch.setenv("PITCREW_BENCH_RESULTS", str(path))
    return lambda: [json.loads(line) for line in path.read_text().splitlines()]


def test_a_company_is_filled_up_to_the_size_asked_for(small_company):
    company.fill(30)
    assert Conversation.objects.count() == 30
    assert Message.objects.count() == 30 * company.PER_CONVERSATION


def test_the_log_of_a_filled_company_tells_its_rows(small_company):
    rows: list[Logged] = [*Conversation.objects.all()[:3], *Message.objects.all()[:3]]
    assert all(rebuilt(type(row), row.pk) == row.snapshot() for row in rows)
    assert not Event.objects.filter(is_birth=False).exists()


def test_answering_and_closing_are_measured(small_company, results, monkeypatch):
    monkeypatch.setattr(acts, "MANY", 3)
    monkeypatch.setattr(acts, "ROUNDS", 2)
    monkeypatch.setattr(acts, "ANSWERS", 12)
    company.staff()
    acts.close()
    assert [line["what"] for line in results()] == ["close 600", "undo of closing 600"]


def test_handing_over_is_measured(small_company, results, monkeypatch):
    monkeypatch.setattr(relays, "HANDED", 3)
    monkeypatch.setattr(relays, "WARM", 1)
    company.staff()
    relays.hand_over()
    assert [line["what"] for line in results()][0] == "hand-over, the act"
    assert len(results()) == 6


def test_promises_are_measured(small_company, results, monkeypatch):
    monkeypatch.setattr(promises, "MANY", 3)
    monkeypatch.setattr(promises, "MAILS", 2)
    promises.main()
    assert [line["what"][:5] for line in results()] == ["sweep", "a mai"]


def test_searching_is_measured(small_company, results, monkeypatch):
    monkeypatch.setattr(search, "QUERIES", 2)
    monkeypatch.setattr(search, "WARM", 0)
    search.main()
    assert [line["most"] for line in results()][-2:] == [15.0, 15.0]


def test_the_sweep_for_broken_links_is_measured(small_company, results, monkeypatch):
    monkeypatch.setattr(links, "LIVE", 6)
    monkeypatch.setattr(links, "DUE", 4)
    links.main()
    assert [line["most"] for line in results()] == [2.0, None]


def test_the_progress_page_is_measured(small_company, results, monkeypatch):
    monkeypatch.setattr(progress, "TIMES", 2)
    progress.main()
    [line] = results()
    assert line["most"] == 10.0 and line["floor"]


def test_recognising_problems_is_measured(small_company, results, monkeypatch):
    monkeypatch.setattr(problems, "EACH", 1)
    monkeypatch.setattr(problems, "MESSAGES", 22)
    problems.main()
    assert [line["most"] for line in results()] == [1.0, None, 30.0, 40.0]


def test_the_disk_is_weighed(results):
    disk.run(4)
    assert Conversation.objects.count() == 4
    assert Message.objects.filter(left_at__isnull=False).count() == 4
    [line] = results()
    assert line["more"]["mails"] == "4/4"


def test_a_page_that_counts_exactly_is_refused(monkeypatch):
    counting = type("Browser", (), {"get": lambda self, path, fragment: b""})()
    monkeypatch.setattr(pages, "statements", lambda: _Told(['SELECT COUNT(*) FROM "conversations_conversation"']))
    with pytest.raises(SystemExit, match="counts exactly"):
        pages.page("queue", counting, "/queue/open/", 1.0, times=1)


class _Told:
    def __init__(self, ran: list[str]):
        self.ran = ran

    def __enter__(self) -> list[str]:
        return self.ran

    def __exit__(self, *_: object) -> None:
        return None


def test_the_table_marks_what_is_missed():
    line = {"database": "sqlite", "what": "close 600", "value": 0.5, "unit": "s", "most": 0.25, "floor": 0.1}
    assert "| close 600 | 0.50 s | <= 0.25 (missed) | 0.10 | 5.0 | sqlite |" in table([line])
    assert "(MISSED)" in measure.told(line | {"more": {}})
