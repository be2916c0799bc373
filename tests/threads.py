"""Doing things at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all of it at once. Returns what each returned, or the exception that it raised."""
    results: list[Any] = [None] * len(works)
    ready = threading.Barrier(len(works))

    def run(n: int, work: Callable[[], Any]) -> None:
        ready.wait(30)
        try:
            results[n] = work()
        except Exception as failure:
            results[n] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
