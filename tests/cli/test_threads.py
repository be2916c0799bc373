"""Parts that share a process: each is kept running by itself."""

import threading

from pitcrew.cli import threads


def test_a_part_that_raises_is_said_and_started_again(caplog, monkeypatch):
    monkeypatch.setattr(threads, "FIRST_PAUSE", 0.0)
    stop, calls = threading.Event(), []

    def work(stop: threading.Event) -> None:
        calls.append(1)
        if len(calls) == 3:
            stop.set()
            return
        raise OSError("no route")

    threads._keep_running("mail fetching", work, stop)
    assert len(calls) == 3
    assert "The mail fetching stopped: OSError: no route. Starting it again" in caplog.text


def test_a_part_that_was_told_to_stop_is_not_started():
    stop = threading.Event()
    stop.set()
    threads._keep_running("clock", lambda stop: 1 / 0, stop)
