"""Fetching mail by IMAP: what is new since last time, then waiting for the server to say more (IDLE, RFC 2177).

Mail is never deleted or moved on the server. How far we have read is kept as UIDVALIDITY:UID (RFC 9051 s. 2.3.1.1);
a mail that is fetched twice all the same is held once.
"""

import imaplib
import logging
import ssl
import threading
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils import timezone
from imap_tools import (
    BaseMailBox,
    MailBox,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
    UnexpectedCommandStatusError,
)

from pitcrew.channels.email import mailboxes
from pitcrew.channels.email.arriving import arrived, keep, letter
from pitcrew.channels.email.models import Mailbox
from pitcrew.history.actors import Actor
from pitcrew.history.writing import settle

BY = Actor("pitcrew", "fetching", door="email")
TIMEOUT = 60  # seconds until a server that says nothing counts as gone
IDLE = 3  # seconds of waiting between looks at whether we should stop; servers allow up to 29 minutes
SOME = 50  # mails kept in one commit
LOOK_AGAIN = 30  # seconds between looks at which mailboxes there are
PAUSES = (5, 30, 120, 600)  # seconds between tries of a mailbox that cannot be fetched
log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Fetch every mailbox that has a server, each in a thread of its own, until told to stop."""
    threads: dict[int, threading.Thread] = {}
    while not stop.is_set():
        for mailbox in Mailbox.objects.exclude(fetch_host=""):
            if mailbox.pk not in threads or not threads[mailbox.pk].is_alive():
                name = f"fetching {mailbox.address}"
                threads[mailbox.pk] = threading.Thread(target=_fetch_for_ever, args=[mailbox.pk, stop], name=name)
                threads[mailbox.pk].start()
        connection.close()
        stop.wait(LOOK_AGAIN)
    for thread in threads.values():
        thread.join(TIMEOUT)


def _fetch_for_ever(pk: int, stop: threading.Event) -> None:
    tries = 0
    try:
        while not stop.is_set():
            mailbox = Mailbox.objects.exclude(fetch_host="").filter(pk=pk).first()
            if mailbox is None:
                return
            try:
                _stay_connected(mailbox, stop)
                tries = 0
            except (OSError, imaplib.IMAP4.error, Refusal) as failure:
                said = words(failure)
                log.error("%s cannot be fetched: %s", mailbox.address, said)
                mailboxes.stop(mailbox, said, by=BY, at=timezone.now())
                _pause(mailbox, PAUSES[min(tries, len(PAUSES) - 1)], stop)
                tries += 1
    finally:
        connection.close()


def _pause(mailbox: Mailbox, seconds: int, stop: threading.Event) -> None:
    """Wait, but no longer once somebody has changed the mailbox: they want to see whether it works now."""
    for _ in range(seconds):
        if stop.wait(1) or not Mailbox.objects.filter(pk=mailbox.pk, stopped_at=mailbox.stopped_at).exists():
            return


class Refusal(Exception):
    """The server does not let us in. The text holds its words."""


def _stay_connected(mailbox: Mailbox, stop: threading.Event) -> None:
    with connect(mailbox) as server:
        if mailbox.stopped_at is not None:
            mailboxes.start(mailbox, by=BY, at=timezone.now())
        while not stop.is_set():
            fetch_new(mailbox, server)
            connection.close()
            if "IDLE" in server.client.capabilities:
                server.idle.wait(timeout=IDLE)
            else:
                stop.wait(IDLE * 3)
            if not Mailbox.objects.filter(pk=mailbox.pk, fetch_host=mailbox.fetch_host).exists():
                return


def connect(mailbox: Mailbox, *, patience: float = TIMEOUT) -> BaseMailBox:
    """A signed-in connection with the mailbox's folder selected.

    Raises Refusal with the server's words when it does not let us in, OSError when it cannot be reached.
    """
    kinds = {"tls": MailBox, "starttls": MailBoxStartTls, "none": MailBoxUnencrypted}
    where = {"host": mailbox.fetch_host, "port": mailbox.fetch_port, "timeout": patience}
    if mailbox.fetch_security != "none":
        where["ssl_context"] = ssl.create_default_context()
    server = kinds[mailbox.fetch_security](**where)
    sign_in = server.xoauth2 if mailbox.fetch_login == "xoauth2" else server.login
    try:
        sign_in(mailbox.fetch_user, mailbox.fetch_secret, mailbox.fetch_folder)
    except (MailboxLoginError, imaplib.IMAP4.error) as refusal:
        raise Refusal(f"The server refused our password: {words(refusal)}") from refusal
    except UnexpectedCommandStatusError as refusal:
        raise Refusal(f"The server does not open the folder {mailbox.fetch_folder}: {words(refusal)}") from refusal
    return server


def fetch_new(mailbox: Mailbox, server: BaseMailBox) -> int:
    """Keep every mail that came since last time. Returns how many were new to us."""
    new, portion, last = 0, [], 0
    validity = str(server.folder.status(mailbox.fetch_folder, ["UIDVALIDITY"])["UIDVALIDITY"])
    for last, raw in _mails_after(_cursor(mailbox, validity), server):
        portion.append(letter(raw, door="imap", arrived_at=timezone.now(), mailbox=mailbox.address))
        if len(portion) == SOME:
            new += _keep(mailbox, portion, f"{validity}:{last}")
            portion = []
    if portion:
        new += _keep(mailbox, portion, f"{validity}:{last}")
    return new


def _cursor(mailbox: Mailbox, validity: str) -> int:
    """The last UID we have taken; 0 when the server has numbered its mails anew."""
    known, _, uid = mailbox.fetch_cursor.partition(":")
    return int(uid) if known == validity and uid.isdigit() else 0


def _mails_after(cursor: int, server: BaseMailBox) -> Iterator[tuple[int, bytes]]:
    uids = sorted(int(uid) for uid in server.uids(f"UID {cursor + 1}:*", charset=None))
    for uid in uids:
        if uid <= cursor:
            continue  # "n:*" always holds the newest mail, even when it is older than n
        limit = settings.MAIL_MAX_BYTES
        _, answer = server.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{limit}>)")
        raw = next((part[1] for part in answer if isinstance(part, tuple)), None)
        if raw is not None:
            yield uid, raw


def _keep(mailbox: Mailbox, portion: list, cursor: str) -> int:
    kept = keep(portion)
    settle(mailbox, fetch_cursor=cursor)
    arrived.set()
    return sum(one.is_new for one in kept)


def words(failure: Exception) -> str:
    """What the server said, as text."""
    said = failure.args[-1] if failure.args else type(failure).__name__
    if isinstance(failure, UnexpectedCommandStatusError):
        said = failure.command_result[1][-1]
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
