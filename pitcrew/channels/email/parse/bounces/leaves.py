"""The parts of a suspect mail that matter here: its words, its delivery report, and the mail it returns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

MAX_PARTS = 60
MAX_DEPTH = 8
MAX_PART_CHARS = 200_000
REPORTS = {"message/delivery-status", "message/global-delivery-status", "message/feedback-report"}
RETURNED_HEADERS = {"text/rfc822-headers", "text/rfc822-header", "message/global-headers"}
RETURNED = {"message/rfc822", "message/global"}
RETURNED_FIELDS = {"message-id", "to"}


@dataclass(slots=True)
class Leaves:
    """What the parts say, as text.

    `texts` are written by the server, `reports` are delivery-status parts, `originals` are headers of
    returned mail, `rejections` are disposition reports in which a server refused the mail (RFC 5429).
    """

    texts: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    originals: list[str] = field(default_factory=list)
    rejections: list[str] = field(default_factory=list)

    def original_recipients(self) -> list[tuple[str, str]]:
        """The one address the returned mail was written to, if it names just one."""
        found: list[str] = []
        for block in self.originals:
            found += [line[3:].strip(" <>").lower() for line in block.split("\n") if line[:3].lower() == "to:"]
        if len(found) == 1 and found[0].count("@") == 1:
            address = found[0].rpartition("<")[2]
            return [(address, "")] if " " not in address else []
        return []


def leaves(message: Message) -> Leaves:
    """Sort the parts of a suspect mail; at most MAX_PARTS parts and MAX_PART_CHARS of each are read."""
    found = Leaves()
    for part in _parts(message, MAX_DEPTH, [MAX_PARTS]):
        kind = part.get_content_type()
        if kind in REPORTS:
            found.reports.append(_status_text(part))
        elif kind in RETURNED_HEADERS:
            found.originals.append(_text(part))
        elif kind in RETURNED:
            found.originals += _returned_headers(part)
        elif kind == "message/disposition-notification":
            found.rejections += [said for said in [_status_text(part)] if _is_rejection(said)]
        elif kind.startswith("text/") or (part.is_multipart() is False and kind.startswith("multipart/")):
            found.texts.append(_text(part))
    return found


def children(message: Message) -> list[Message]:
    """The first parts directly inside a mail; none for a leaf."""
    return _inside(message)[:10]


def _inside(message: Message) -> list[Message]:
    payload: object = message.get_payload()
    return payload if isinstance(payload, list) else []


def _parts(message: Message, depth: int, budget: list[int]) -> Iterator[Message]:
    budget[0] -= 1
    if budget[0] < 0 or depth < 0:
        return
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in _inside(message):
            yield from _parts(part, depth - 1, budget)
    else:
        yield message


def _text(part: Message) -> str:
    payload = part.get_payload()
    if not isinstance(payload, str) or len(payload) > 2 * MAX_PART_CHARS:
        return str(payload)[:MAX_PART_CHARS] if isinstance(payload, str) else ""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return payload[:MAX_PART_CHARS]
    return raw[:MAX_PART_CHARS].decode("utf-8", "replace").replace("\r\n", "\n")


def _status_text(part: Message) -> str:
    """Fields of a report as text again: the standard parser turns each group into a message of its own."""
    if not part.is_multipart():
        return _text(part)
    groups = []
    for block in _inside(part)[: 4 * MAX_PARTS]:
        fields = "".join(f"{name}: {value}\n" for name, value in block.raw_items())
        inner = block.get_payload()
        groups.append(fields + "\n" + (inner if isinstance(inner, str) else ""))
    return "\n".join(groups)[:MAX_PART_CHARS]


def _returned_headers(part: Message) -> list[str]:
    if not part.is_multipart():
        return [_text(part)]
    found = []
    for inner in _inside(part)[:1]:
        lines = [f"{name}: {value}" for name, value in inner.raw_items() if name.lower() in RETURNED_FIELDS]
        # A mail returned without its headers' end still holds its words; ids may stand there.
        lines.append("\n" + _text(inner)[:4000] if not lines and not inner.is_multipart() else "")
        found.append("\n".join(lines))
    return found


def _is_rejection(said: str) -> bool:
    """RFC 5429 s. 2.2: a refusal is a disposition nobody chose by hand, and the mail is deleted."""
    line = " ".join(said.lower().partition("disposition:")[2].split())[:200]
    return line.startswith("automatic-action") and "deleted" in line
