"""The parts that share one process: each a thread that is kept running until the process is told to stop."""

import logging
import signal
import threading
from collections.abc import Callable, Iterable

from django.db import connections

Work = Callable[[threading.Event], None]
PATIENCE = 8.0  # seconds for the threads to finish; the parent of the tree waits a little longer
FIRST_PAUSE = 0.5  # seconds; doubled with every fall, up to half a minute
log = logging.getLogger("pitcrew")


def run_together(works: Iterable[tuple[str, Work]]) -> None:
    """Run every work in a thread of its own until SIGTERM; what raises is said and started again.

    Each starts as soon as it is named, so a generator may fetch the code of the next while the first is at work.
    """
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, lambda *_: stop.set())
    threads = []
    for name, work in works:
        threads.append(threading.Thread(target=_keep_running, args=[name, work, stop], name=name, daemon=True))
        threads[-1].start()
    stop.wait()
    for thread in threads:
        thread.join(PATIENCE)


def _keep_running(name: str, work: Work, stop: threading.Event) -> None:
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            work(stop)
        except Exception as error:
            log.error("The %s stopped: %s. Starting it again in %s s.", name, _told(error), pause, exc_info=True)
        finally:
            connections.close_all()
        stop.wait(pause)
        pause = min(pause * 2, 30.0)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(". ")
