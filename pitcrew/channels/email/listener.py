"""The SMTP listener: takes mail for the addresses we serve and says 250 when it is safe (RFC 5321)."""

import asyncio
import logging
import socket
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax
from django.conf import settings
from django.db import connection
from django.utils import timezone

from pitcrew.channels.email.arriving import Keeper, Letter, Unkept, letter
from pitcrew.channels.email.queries import Served, addresses_served

END = b"\r\n.\r\n"
PIECE = 1024 * 1024  # bytes held of a mail before the reader must hand them on
ALL_AT_ONCE = 256 * 1024 * 1024  # bytes of mails being taken at one moment
ASIDE = 256 * 1024  # a larger mail is deflated off the loop
RECIPIENTS = 100
CONNECTIONS, CONNECTIONS_PER_PEER = 500, 20
FRESH = 5.0  # seconds until a new mailbox is known here
log = logging.getLogger(__name__)
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command


def serve(host: str, port: int, *, stop: threading.Event, ready: threading.Event | None = None) -> None:
    """Take mail until `stop` is set. Raises OSError when the port cannot be had."""
    asyncio.run(_serve(host, port, stop, ready))


async def _serve(host: str, port: int, stop: threading.Event, ready: threading.Event | None) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    threading.Thread(target=_tell_when, args=[stop, loop, ended], daemon=True).start()
    reception = Reception(loop)
    make = _maker(reception, loop)
    server = await loop.create_server(make, host, port, backlog=200)
    if ready:
        ready.set()
    await ended.wait()
    server.close()
    await reception.finish()


def _tell_when(stop: threading.Event, loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    stop.wait()
    loop.call_soon_threadsafe(ended.set)


def _maker(reception: "Reception", loop: asyncio.AbstractEventLoop):
    tls = certificate()
    name = settings.MAIL_NAME or socket.gethostname()

    def make() -> Conversing:
        return Conversing(
            reception,
            data_size_limit=settings.MAIL_MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname=name,
            ident="Pitcrew",
            tls_context=tls,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=loop,
        )

    return make


def certificate() -> ssl.SSLContext | None:
    """The context for STARTTLS, when a certificate is set. Raises OSError or ssl.SSLError for a bad one."""
    if not settings.MAIL_CERTIFICATE:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.MAIL_CERTIFICATE, settings.MAIL_CERTIFICATE_KEY or None)
    return context


@dataclass
class Peers:
    """Who is connected, and how much mail each peer sent within the minute. Loopback is our own MTA: no limits."""

    rate: int
    connected: Counter = field(default_factory=Counter)
    minute: int = 0
    sent: Counter = field(default_factory=Counter)

    def may_connect(self, peer: str) -> bool:
        if _is_loopback(peer):
            return True
        return self.connected.total() < CONNECTIONS and self.connected[peer] < CONNECTIONS_PER_PEER

    def may_send(self, peer: str) -> bool:
        now = int(time.monotonic() // 60)
        if now != self.minute:
            self.minute, self.sent = now, Counter()
        self.sent[peer] += 1
        return _is_loopback(peer) or self.sent[peer] <= self.rate

    def left(self, peer: str) -> None:
        self.connected[peer] -= 1
        if self.connected[peer] <= 0:
            del self.connected[peer]


def _is_loopback(peer: str) -> bool:
    try:
        return ip_address(peer.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _peer(session: Session) -> str:
    return session.peer[0] if isinstance(session.peer, tuple) else ""


class Reception:
    """What we answer in an SMTP dialogue: who may send, to whom, and whether the mail is safe."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.keeper = Keeper()
        self.peers = Peers(settings.MAIL_RATE)
        self.bytes_held = 0
        self.open: set[Conversing] = set()
        self._served: Served | None = None
        self._looked = 0.0

    async def handle_MAIL(self, server, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if not self.peers.may_send(_peer(session)):
            return "451 4.7.1 Too many mails within a minute. Try again later."
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients in one mail."
        served = await self.served()
        if served is None:
            return "451 4.3.0 The mailboxes cannot be looked up now. Try again later."
        if served.is_nobody_named and not _is_loopback(_peer(session)):
            return "451 4.3.0 No mailbox is set up here yet. Try again later."
        if not served.takes(address):
            return "550 5.1.1 There is no such mailbox here."
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def served(self) -> Served | None:
        """The addresses we serve, looked up every few seconds; None when they were never to be had."""
        if self._served is None or time.monotonic() - self._looked > FRESH:
            try:
                self._served = await self.loop.run_in_executor(None, _look_up)
                self._looked = time.monotonic()
            except Exception as error:
                log.error("The mailboxes cannot be looked up: %s", error)
        return self._served

    async def take(self, envelope: Envelope, raw: bytes) -> str:
        """Keep one whole mail; what is said comes after it is on the disk."""
        try:
            one = await self._letter(envelope, raw)
            kept = await asyncio.wrap_future(self.keeper.keep(one))
        except Unkept:
            return "451 4.3.0 The mail cannot be stored now. Try again later."
        return f"250 2.0.0 OK, kept as {kept.arrival}"

    async def _letter(self, envelope: Envelope, raw: bytes) -> Letter:
        served = await self.served()
        mailbox = served.mailbox(envelope.rcpt_tos) if served else ""
        ready = partial(
            letter,
            raw,
            door="smtp",
            arrived_at=timezone.now(),
            mailbox=mailbox,
            envelope_from=envelope.mail_from or "<>",
            envelope_to=envelope.rcpt_tos,
        )
        return await asyncio.to_thread(ready) if len(raw) > ASIDE else ready()

    async def finish(self) -> None:
        """Let the mails that were promised be kept, then hang up."""
        await asyncio.to_thread(self.keeper.stop)
        for conversing in list(self.open):
            conversing.hang_up()


def _look_up() -> Served:
    try:
        return addresses_served()
    finally:
        connection.close()


class Conversing(SMTP):
    """One SMTP connection. Reads a mail by its end mark, so memory stays bounded and a line may be of any length.

    Only CR LF . CR LF ends a mail: a lone CR or LF around a dot is content, so nothing can be smuggled behind it.
    """

    line_length_limit = PIECE

    def __init__(self, reception: Reception, **options) -> None:
        super().__init__(reception, **options)
        self.reception = reception
        self.peer = ""

    def connection_made(self, transport) -> None:
        if self not in self.reception.open:  # STARTTLS comes here a second time
            address = transport.get_extra_info("peername")
            self.peer = address[0] if isinstance(address, tuple) else ""
            if not self.reception.peers.may_connect(self.peer):
                transport.write(b"421 4.7.0 Too many connections. Try again later.\r\n")
                transport.close()
                return
            self.reception.peers.connected[self.peer] += 1
            self.reception.open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self.reception.open:
            self.reception.open.discard(self)
            self.reception.peers.left(self.peer)
            super().connection_lost(error)

    def hang_up(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(b"421 4.3.2 We are closing. Try again later.\r\n")
            self.transport.close()

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if not self.envelope or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Name a recipient first.")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        status = await self._take(self.envelope)
        self._set_post_data_state()
        await self.push(status)

    async def _take(self, envelope: Envelope) -> str:
        pieces = Pieces(self.data_size_limit, self.reception)
        try:
            await self._read_into(pieces)
            if pieces.refused:
                return pieces.refused
            return await self.reception.take(envelope, pieces.whole())
        finally:
            pieces.drop()

    async def _read_into(self, pieces: "Pieces") -> None:
        """Read up to the end mark. The line break before it may be that of the DATA command itself."""
        first = await self._reader.readexactly(3)
        if first == b".\r\n":
            return
        put_back(self._reader, b"\r\n" + first)
        while True:
            try:
                pieces.add((await self._reader.readuntil(END))[: -len(END)])
                return
            except asyncio.LimitOverrunError as over:
                self._reset_timeout()
                pieces.add(await self._reader.readexactly(over.consumed))


def put_back(reader: asyncio.StreamReader, data: bytes) -> None:
    """Let these bytes be read once more. A StreamReader has no door for that, so its buffer is asked for by name."""
    vars(reader)["_buffer"][:0] = data


class Pieces:
    """A mail while it comes in. What goes beyond a limit is read and thrown away, and said at the end."""

    def __init__(self, limit: int | None, reception: Reception) -> None:
        self.limit = limit
        self.reception = reception
        self.pieces: list[bytes] = []
        self.size = 0
        self.refused = ""

    def add(self, piece: bytes) -> None:
        if self.refused:
            return
        self.size += len(piece)
        self.reception.bytes_held += len(piece)
        self.pieces.append(piece)
        if self.limit and self.size > self.limit + 2:
            self._refuse(f"552 5.3.4 The mail is larger than the {self.limit:,} bytes we take.")
        elif self.reception.bytes_held > ALL_AT_ONCE:
            self._refuse("452 4.3.1 Too much mail is coming in at this moment. Try again later.")

    def _refuse(self, why: str) -> None:
        self.drop()
        self.refused = why

    def drop(self) -> None:
        self.reception.bytes_held -= sum(map(len, self.pieces))
        self.pieces.clear()

    def whole(self) -> bytes:
        """The mail as its sender wrote it: without our CR LF in front, dots taken back (RFC 5321 s. 4.5.2)."""
        content = b"".join(self.pieces)[2:]
        if not content:
            return content
        content += b"\r\n"
        content = content[1:] if content.startswith(b".") else content
        return content.replace(b"\r\n.", b"\r\n")
