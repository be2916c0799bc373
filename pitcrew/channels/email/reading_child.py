"""The process that reads mail, apart from everything it could harm: no database, no Django, little memory.

It takes batches of raw mails on its standard input, a socket, and answers each in order. A mail that is slow is
answered "slow" the first time and gets its full time later; one that uses up that too, or the memory, costs this
process its life, and the parent sets the mail aside.
"""

import pickle
import re
import resource
import signal
import socket
import struct
import time
from collections.abc import Iterator

from pitcrew.channels.email.parse import Inbound, parse
from pitcrew.channels.email.parse.addresses import addresses
from pitcrew.channels.email.parse.limits import Unreadable

MEMORY = 1024 * 1024 * 1024  # bytes of address space
HARD_SECONDS, HARD_RATE = 4.0, 5e6  # CPU time of one mail: so much, and a second more per so many bytes
SOFT_SECONDS, SOFT_RATE = 0.06, 40e6  # what a mail may use while others wait
BATCH_SECONDS = 1.0  # CPU time after which the rest of a batch is answered "later"
FROM = re.compile(rb"^from[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.I | re.M)
LENGTH = struct.Struct(">Q")

Answer = tuple[str, object]


class Slow(BaseException):
    """The mail needs more time than it gets while others wait."""


def main() -> None:
    """Read batches until the parent hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    signal.signal(signal.SIGVTALRM, _give_up)
    with socket.socket(fileno=0) as line:
        while (batch := receive(line)) is not None:
            for answer in answers(*batch):
                send(line, answer)


def answers(raws: list[bytes], patient: bool) -> Iterator[Answer]:
    """What each mail says: ("read", Inbound, is_ambiguous), ("unreadable", why), ("slow", ""), or ("later", "")."""
    started = time.process_time()
    for raw in raws:
        if not patient and time.process_time() - started > BATCH_SECONDS:
            yield "later", ""
        else:
            yield _answer(raw, patient)


def _answer(raw: bytes, patient: bool) -> Answer:
    signal.setitimer(signal.ITIMER_PROF, HARD_SECONDS + len(raw) / HARD_RATE)  # its signal ends the process
    if not patient:
        signal.setitimer(signal.ITIMER_VIRTUAL, SOFT_SECONDS + len(raw) / SOFT_RATE)
    try:
        return "read", (_clean(parse(raw)), names_several_senders(raw))
    except Slow:
        return "slow", ""
    except Unreadable as why:
        return "unreadable", str(why)
    except MemoryError:
        return "unreadable", "Reading the mail takes more memory than one mail may use."
    except Exception as error:
        return "unreadable", f"The mail could not be read ({type(error).__name__}: {error})."
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _give_up(*_: object) -> None:
    raise Slow


def _clean(inbound: Inbound) -> Inbound:
    """Texts that every database takes: without NUL and broken surrogates."""
    for name in ("message_id", "subject", "text", "html", "reply"):
        setattr(inbound, name, storable(getattr(inbound, name)))
    if passed_on := inbound.forwarded:
        passed_on.subject, passed_on.body = storable(passed_on.subject), storable(passed_on.body)
    senders = [inbound.sender] + ([passed_on.sender] if passed_on and passed_on.sender else [])
    for person in (*senders, *inbound.to, *inbound.cc, *inbound.reply_to):
        person.name, person.email = storable(person.name), storable(person.email)
    for file in inbound.attachments:
        file.name, file.content_type = storable(file.name), storable(file.content_type)
        file.content_id = storable(file.content_id)
    return inbound


def storable(text: str) -> str:
    """Text without what PostgreSQL refuses: NUL, and halves of surrogate pairs."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def names_several_senders(raw: bytes) -> bool:
    """Whether the mail says it is from more than one: two From headers, or several people in one."""
    found = list(FROM.finditer(raw, 0, _end_of_headers(raw)))
    if len(found) != 1:
        return len(found) > 1
    value = found[0][1]
    return b"," in value and len(addresses(value.decode("utf-8", "replace"))) > 1


def _end_of_headers(raw: bytes) -> int:
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0]
    return min(ends, default=len(raw))


def send(line: socket.socket, value: object) -> None:
    """Write one value to the other side."""
    data = pickle.dumps(value, protocol=5)
    line.sendall(LENGTH.pack(len(data)) + data if len(data) < 65536 else LENGTH.pack(len(data)))
    if len(data) >= 65536:
        line.sendall(data)


def receive(line: socket.socket):
    """The next value of the other side; None when it has hung up."""
    head = _exactly(line, LENGTH.size)
    if head is None:
        return None
    data = _exactly(line, LENGTH.unpack(head)[0])
    return None if data is None else pickle.loads(data)


def _exactly(line: socket.socket, count: int) -> bytearray | None:
    data = bytearray(count)
    view, at = memoryview(data), 0
    while at < count:
        read = line.recv_into(view[at:])
        if not read:
            return None
        at += read
    return data


if __name__ == "__main__":
    main()
