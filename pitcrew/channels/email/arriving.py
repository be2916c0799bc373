"""A mail is kept, durably, before anybody is told that it is.

The sender may forget a mail as soon as we say 250, so the row and its bytes are committed and on the disk by then
(RFC 5321 s. 6.1). Many mails that arrive together share one commit.
"""

import fcntl
import hashlib
import logging
import queue
import re
import threading
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from pitcrew.history import moments

TOGETHER = 64  # mails in one commit
TOGETHER_BYTES = 16 * 1024 * 1024
ID_LENGTH, ADDRESS_LENGTH = 500, 320
log = logging.getLogger(__name__)

MESSAGE_ID = re.compile(rb"^message-id[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.I | re.M)
TRACE = re.compile(
    rb"^(?:return-path|received|received-spf|delivered-to|x-original-to|envelope-to|authentication-results"
    rb"|status|x-status|x-keywords|x-uid|x-imapbase|x-mozilla-status2?|content-length|lines)[ \t]*:"
    rb"(?:[^\r\n]|\r?\n[ \t])*\r?\n",
    re.I | re.M,
)

arrived = threading.Event()  # set when mail was kept in this process: the intake need not wait for its next look
_turn = threading.Lock()


@contextmanager
def writing_turn() -> Iterator[None]:
    """The right to write mail. SQLite has one writer: standing in line for it is quicker than polling its lock.

    In this process the line is a lock, among processes a lock on a file; whoever dies in it leaves it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with _turn, open(Path(settings.DATA) / "writing.lock", "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it came in, ready to be kept: its key, its bytes deflated, and what the envelope said."""

    mail_id: str
    mailbox: str
    digest: bytes
    size: int
    deflated: bytes
    door: str
    arrived_at: datetime
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()
    actor: str = ""

    @property
    def key(self) -> tuple[bytes, bytes]:
        return id_hash(self.mail_id), self.digest


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail that is safe: the id of its arrival, and whether it was not there before."""

    arrival: int
    is_new: bool


def letter(
    raw: bytes,
    *,
    door: str,
    arrived_at: datetime,
    mailbox: str = "",
    envelope_from: str = "",
    envelope_to: Sequence[str] = (),
    actor: str = "",
) -> Letter:
    """Make a mail ready to be kept. This is the expensive half; it needs no database."""
    head = raw[: _end_of_headers(raw)]
    mailbox = _plain(mailbox.lower(), ADDRESS_LENGTH)
    return Letter(
        mail_id=_mail_id(head),
        mailbox=mailbox,
        digest=_digest(mailbox, raw, head),
        size=len(raw),
        deflated=zlib.compress(raw, 1),
        door=door,
        arrived_at=arrived_at,
        envelope_from=_plain(envelope_from, ADDRESS_LENGTH),
        envelope_to=tuple(_plain(address, ADDRESS_LENGTH) for address in envelope_to),
        actor=actor,
    )


def _end_of_headers(raw: bytes) -> int:
    """Where the last header line ends, its line break included."""
    ends = [(raw.find(b"\r\n\r\n"), 2), (raw.find(b"\n\n"), 1)]
    return min((at + length for at, length in ends if at >= 0), default=len(raw))


def _mail_id(head: bytes) -> str:
    """The Message-ID without <>, as written by the sender; empty if there is none."""
    found = MESSAGE_ID.search(head)
    if not found:
        return ""
    words = b"".join(found[1].split()).decode("utf-8", "replace")
    inside = words[words.find("<") + 1 :] if "<" in words else words
    return _plain(inside.partition(">")[0], ID_LENGTH)


def id_hash(mail_id: str) -> bytes:
    """What a Message-ID is found by. Two ids may share one, so who looks for an id compares it too."""
    return hashlib.sha256(mail_id.encode("utf-8", "surrogatepass")).digest()[:8]


def _digest(mailbox: str, raw: bytes, head: bytes) -> bytes:
    """Where it was sent and what, without the marks of the way it took and of the box it lay in.

    So a second delivery of a mail, or its copy in an old mailbox file, is that mail.
    """
    digest = hashlib.sha256(mailbox.encode() + b"\n")
    digest.update(TRACE.sub(b"", head).replace(b"\r\n", b"\n"))
    digest.update(raw[len(head) :].replace(b"\r\n", b"\n").strip(b"\n"))
    return digest.digest()[:16]


def _plain(text: str, length: int) -> str:
    """Text that every database takes: without NUL and broken surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")[:length]


def keep(letters: Sequence[Letter]) -> list[Kept]:
    """Keep these mails in one commit. When this returns they are on the disk; a mail known already is held once.

    Raises a django.db.Error when the database cannot take them: then none of them is kept.
    """
    kept: dict[int, Kept] = {}
    with writing_turn(), transaction.atomic(), connection.cursor() as cursor:
        # Always in the same order, so that two processes that keep the same mails do not wait for each other.
        for place in sorted(range(len(letters)), key=lambda n: letters[n].key):
            kept[place] = _keep_one(cursor, letters[place])
    return [kept[place] for place in range(len(letters))]


_KEEP = """
INSERT INTO email_arrival (id_hash, digest, mail_id, mailbox, size, door, actor, arrived_at, envelope_from,
    envelope_to, is_namesake, is_bulk, quarantined_why, tries)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s <> ''
    AND EXISTS (SELECT 1 FROM email_arrival WHERE id_hash = %s AND mail_id = %s AND mailbox = %s), %s, '', 0)
ON CONFLICT (id_hash, digest) DO NOTHING RETURNING id
"""
_KEEP_BYTES = "INSERT INTO email_rawmail (arrival_id, deflated) VALUES (%s, %s)"
_FIND = "SELECT id FROM email_arrival WHERE id_hash = %s AND digest = %s"


def _keep_one(cursor: CursorWrapper, one: Letter) -> Kept:
    """Written by hand: every mail passes here while its sender waits, and Django's own way takes five times as long.

    The database itself sees to it that a mail is held once (the UNIQUE key), whoever else keeps it at this moment. One
    whose Message-ID this mailbox has seen with other content is a namesake.
    """
    moment = moments.kept(one.arrived_at, connection)
    envelope = connection.ops.adapt_json_value(list(one.envelope_to), None)
    key, name = one.key, (one.mail_id, one.mailbox)
    told = [*key, *name, one.size, one.door, one.actor, moment, one.envelope_from, envelope]
    cursor.execute(_KEEP, [*told, one.mail_id, key[0], *name, False])
    row = cursor.fetchone()
    if row is None:
        cursor.execute(_FIND, key)
        return Kept(cursor.fetchone()[0], is_new=False)
    cursor.execute(_KEEP_BYTES, [row[0], one.deflated])
    return Kept(row[0], is_new=True)


class Unkept(Exception):
    """The mail could not be kept now; the sender should try again later."""


class Keeper:
    """One thread that keeps what waits, all of it in one commit, while the next mails line up."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[Letter, Future[Kept]] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._thread.start()

    def keep(self, one: Letter) -> "Future[Kept]":
        """A promise that the mail is on the disk. It fails with `Unkept` when that cannot be had now."""
        promise: Future[Kept] = Future()
        self._waiting.put((one, promise))
        return promise

    def stop(self) -> None:
        """Keep what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            while some := self._next():
                self._keep_some(some)
        finally:
            connection.close()

    def _next(self) -> list[tuple[Letter, "Future[Kept]"]]:
        first = self._waiting.get()
        if first is None:
            return []
        some, size = [first], len(first[0].deflated)
        while len(some) < TOGETHER and size < TOGETHER_BYTES:
            try:
                more = self._waiting.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._waiting.put(None)
                break
            some.append(more)
            size += len(more[0].deflated)
        return some

    def _keep_some(self, some: list[tuple[Letter, "Future[Kept]"]]) -> None:
        try:
            every = keep([one for one, _ in some])
        except (OperationalError, InterfaceError) as error:
            connection.close()  # the next try connects anew
            log.error("Mail could not be kept: %s", str(error).strip() or type(error).__name__)
            _break_promises(some, error)
        except Exception as error:
            if len(some) > 1:  # one of them is to blame: the others must not wait for it
                for pair in some:
                    self._keep_some([pair])
                return
            log.exception("A mail could not be kept.")
            _break_promises(some, error)
        else:
            arrived.set()
            for (_, promise), kept in zip(some, every, strict=True):
                promise.set_result(kept)


def _break_promises(some: list[tuple[Letter, "Future[Kept]"]], error: Exception) -> None:
    for _, promise in some:
        promise.set_exception(Unkept(str(error)))
