"""Mail is read in a child process; one that kills, stalls or bloats it is set aside and the child is replaced."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pitcrew.channels.email.parse.inbound import Inbound
from pitcrew.channels.email.reading_child import receive, send

PATIENCE = 30.0  # seconds without an answer after which the child is taken for stalled
ROOM = 4 * 1024 * 1024  # bytes that may lie between the two
PLUMP = 200 * 1024 * 1024  # bytes of memory after which a child is replaced, to give them back


@dataclass(slots=True)
class Read:
    """What a mail says. `names_several_senders`: its From does not say who wrote it."""

    inbound: Inbound
    names_several_senders: bool = False


@dataclass(slots=True)
class Failed:
    """A mail that cannot be read; `why` is a sentence for the quarantine."""

    why: str


@dataclass(slots=True)
class Postponed:
    """A mail that was not read now. `is_slow`: because it takes long, not because others did."""

    is_slow: bool


Reading = Read | Failed | Postponed


class Reader:
    """Reads raw mails in a child process, which is started when first needed."""

    def __init__(self) -> None:
        self._child: subprocess.Popen | None = None
        self._line: socket.socket | None = None

    def read(self, raws: Sequence[bytes], *, patient: bool = False) -> Iterator[Reading]:
        """One reading per mail, in order. `patient` gives each its full time; otherwise a slow one is postponed."""
        rest = list(raws)
        while rest:
            self._ask(rest, patient)
            while rest:
                answer = self._answer()
                rest.pop(0)
                yield answer
                if self._line is None:
                    break

    def stop(self) -> None:
        """End the child."""
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            with suppress(ProcessLookupError):
                self._child.kill()
            self._child.wait()
        self._child = self._line = None

    def _ask(self, raws: list[bytes], patient: bool) -> None:
        if self._line is None or (self._child and self._child.poll() is not None):
            self.stop()
            self._start()
        assert self._line is not None
        try:
            send(self._line, (raws, patient))
        except OSError:
            self.stop()
            self._start()
            send(self._line, (raws, patient))

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        ours.settimeout(PATIENCE)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with theirs:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "pitcrew.channels.email.reading_child"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=environment,
            )
        self._line = ours

    def _answer(self) -> Reading:
        assert self._line is not None
        try:
            answer = receive(self._line)
        except TimeoutError:
            self.stop()
            return Failed(f"Reading the mail made no progress within {PATIENCE:.0f} seconds.")
        except OSError:
            answer = None
        if answer is None:
            return Failed(self._cause_of_death())
        return _reading(*answer)

    def _cause_of_death(self) -> str:
        assert self._child is not None
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(2)
        code = self._child.returncode
        self.stop()
        if code == -signal.SIGPROF:
            return "Reading the mail takes more time than one mail may use."
        return f"Reading the mail ended the process that reads ({_told(code)})."

    def relax(self) -> None:
        """Replace a child that has grown, now that nothing waits for it."""
        if self._child is not None and _memory(self._child.pid) > PLUMP:
            self.stop()


def _told(code: int | None) -> str:
    if code is None:
        return "it no longer answers"
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _memory(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def _reading(kind: str, value) -> Reading:
    if kind == "read":
        return Read(*value)
    if kind == "unreadable":
        return Failed(value)
    return Postponed(is_slow=kind == "slow")
