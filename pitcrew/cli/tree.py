"""A process tree: one parent that watches, and a child for every part.

The parent imports Django once and forks, so the children share its memory. It holds the listening sockets, so a child
that is started again finds the visitors that knocked meanwhile.
"""

import logging
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import connections

PATIENCE = 10.0  # seconds a part has to finish what it does
HEALTHY = 5.0  # seconds after which a start counts as a success
log = logging.getLogger("pitcrew")


@dataclass
class Part:
    """One child: what it is called, what it runs, and how its starts went."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    falls: int = 0
    again_at: float = field(default=0.0)


class Tree:
    """Starts the parts, starts again what dies, and stops them all together."""

    def __init__(self, parts: dict[str, Callable[[], None]]):
        self.parts = [Part(name, run) for name, run in parts.items()]
        self.stopping = False
        self.alive_read, self.alive_write = os.pipe()
        self.woken_read, self.woken_write = os.pipe()

    def stand(self) -> None:
        """Run until somebody says stop (SIGTERM, SIGINT, SIGHUP). Returns when every part has ended."""
        connections.close_all()
        os.set_blocking(self.woken_write, False)
        signal.set_wakeup_fd(self.woken_write, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for part in self.parts:
            self._start(part)
        while not self.stopping:
            self._wait()
            self._bury()
            self._raise_again()
        self._stop()

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _wait(self) -> None:
        due = [part.again_at - time.monotonic() for part in self.parts if not part.pid]
        self._sleep(max(min(due), 0) if due else None)

    def _sleep(self, seconds: float | None) -> None:
        """Until a signal comes, at most so long."""
        ready, _, _ = select.select([self.woken_read], [], [], seconds)
        if ready:
            os.read(self.woken_read, 512)

    def _bury(self) -> None:
        for part in self.parts:
            if not part.pid:
                continue
            pid, status = os.waitpid(part.pid, os.WNOHANG)
            if pid:
                part.pid = 0
                if not self.stopping:
                    self._note_fall(part, status)

    def _note_fall(self, part: Part, status: int) -> None:
        lived = time.monotonic() - part.started
        part.falls = 0 if lived > HEALTHY else part.falls + 1
        pause = min(0.1 * 2**part.falls, 10.0) if part.falls else 0.0
        part.again_at = time.monotonic() + pause
        log.error("%s stopped (%s). Starting it again.", part.name, _told(status))

    def _raise_again(self) -> None:
        for part in self.parts:
            if not part.pid and not self.stopping and part.again_at <= time.monotonic():
                self._start(part)

    def _start(self, part: Part) -> None:
        part.started = time.monotonic()
        part.pid = os.fork()
        if part.pid == 0:
            self._live(part)

    def _live(self, part: Part) -> None:
        """In the child: be nobody's parent, follow the parent into death, run."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
        os.close(self.alive_write)
        threading.Thread(target=_follow_into_death, args=[self.alive_read], daemon=True).start()
        code = 1
        try:
            part.run()
            code = 0
        except BaseException:
            log.exception("%s failed.", part.name)
        finally:
            connections.close_all()
            sys.stderr.flush()
            os._exit(code)

    def _stop(self) -> None:
        self._signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while any(part.pid for part in self.parts) and time.monotonic() < until:
            self._sleep(0.1)
            self._bury()
        self._signal(signal.SIGKILL)
        for part in self.parts:
            if part.pid:
                os.waitpid(part.pid, 0)
        signal.set_wakeup_fd(-1)

    def _signal(self, number: signal.Signals) -> None:
        for part in self.parts:
            if part.pid:
                with suppress(ProcessLookupError):
                    os.kill(part.pid, number)


def _follow_into_death(alive: int) -> None:
    """The parent alone holds the other end: when it is gone, by whatever way, this end says so."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)


def _told(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"exit code {code}"
