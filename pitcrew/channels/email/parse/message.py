"""Raw bytes to a tree of parts: linear, capped, and forgiving towards what senders break (RFC 5322, 2046)."""

import re
from functools import lru_cache

from .charsets import decode
from .limits import (
    MAX_BLOCKS,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_HEADER_BYTES,
    MAX_HEADER_TEXT,
    MAX_HEADERS,
    MAX_PARTS,
    Unreadable,
)
from .part import Part

HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,20}:")
KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]{2,30}|received|reply-to|sender"
    rb"|in-reply-to|references|return-path|x-[a-z0-9-]{2,60})[ \t]{0,20}:",
    re.I,
)
MBOX = re.compile(rb"(?:>?From |\xef\xbb\xbf)")
NAMED_CHARSET = re.compile(rb"charset=[\"']?([\w.-]{2,30})|=\?([\w.-]{2,30})[?*][^?\s]{0,8}\?", re.I)
WHOLE = ("message/partial", "message/external-body", "message/http")
BLOCKS = ("message/delivery-status", "message/global-delivery-status")
HEADER_LINE, FOLD, STRAY, SKIPPED, END, BODY = "header", "fold", "stray", "skipped", "end", "body"
TOO_MANY_HEADERS = f"The mail has more than {MAX_HEADERS:,} headers or {MAX_HEADER_BYTES:,} bytes of them."
TOO_MANY_PARTS = f"The mail has more than {MAX_PARTS:,} parts; a mail of people has a few."
TOO_DEEP = f"The mail nests its parts more than {MAX_DEPTH} deep."
BLANK_LINES = re.compile(rb"(?:[ \t]{0,100}\r?\n){1,20}")
BARE_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{0,200}?)[ \t]*\r?$", re.M)


class Reading:
    """One mail being read: its bytes, the number of parts so far and what was odd about it."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.count = 0
        self.oddities: list[str] = []
        self._hint: str | None = None

    def hint(self) -> str:
        """The first charset the mail names that is not plain ASCII or UTF-8; empty if none."""
        if self._hint is None:
            named = (match[1] or match[2] for match in NAMED_CHARSET.finditer(self.raw, 0, MAX_HEADER_TEXT))
            every = (name.decode("ascii").lower() for name in named)
            self._hint = next((name for name in every if name not in ("us-ascii", "ascii", "utf-8", "utf8")), "")
        return self._hint

    def note(self, sentence: str) -> None:
        if sentence not in self.oddities and len(self.oddities) < 50:
            self.oddities.append(sentence)

    def part(self, start: int, end: int, depth: int, default: str = "text/plain") -> Part:
        """The part between two offsets, and all parts inside it."""
        self.count += 1
        if self.count > MAX_PARTS:
            raise Unreadable(TOO_MANY_PARTS)
        if depth > MAX_DEPTH:
            raise Unreadable(TOO_DEEP)
        part = Part()
        part.hint = self.hint
        part.set_default_type(default)
        body = self.headers(part, start, end)
        self.body(part, body, end, depth)
        return part

    def headers(self, part: Part, at: int, end: int) -> int:
        """Read the headers from here on into the part; gives where its body starts."""
        raw, first, words = self.raw, at, -1
        lines: list[list[bytes]] = []
        while at < end:
            stop = raw.find(b"\n", at, end)
            stop = end if stop < 0 else stop
            line = raw[at:stop].rstrip(b"\r")
            here, at = at, min(stop + 1, end)
            role = self._role(line, at, begun=bool(lines))
            if role == HEADER_LINE:
                lines.append([line])
            elif role == FOLD:
                lines[-1].append(line if line[0] in b" \t" else b" " + line)
            elif role == STRAY and words < 0:
                words = here
            elif role in (END, BODY):
                at = here if role == BODY else at
                break
            if len(lines) > MAX_HEADERS or at - first > MAX_HEADER_BYTES:
                raise Unreadable(TOO_MANY_HEADERS)
        part.fill([self._header(pieces) for pieces in lines])
        if words >= 0:
            self.note("a line among the headers is none; the text starts there, and headers behind it count as well")
        return words if words >= 0 else at

    def _role(self, line: bytes, following: int, *, begun: bool) -> str:
        """What a line in front of a body is; `following` is where the next one starts."""
        if not line:
            return END
        if line[0] in b" \t" and begun:
            # A line of spaces mostly stands for the empty line that ends the headers.
            return FOLD if line.strip() or HEADER.match(self.raw, following) else END
        if HEADER.match(line):
            return HEADER_LINE
        if MBOX.match(line):
            return SKIPPED
        if line.startswith(b"--") or not KNOWN.match(self.raw, following):
            if begun:
                self.note("the empty line between headers and text was missing")
            return BODY
        return STRAY if b":" in line or not begun else FOLD

    def _header(self, pieces: list[bytes]) -> tuple[str, str]:
        line = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        name, _, value = line.partition(b":")
        return _name(name), self._text(value.strip())

    def _text(self, value: bytes) -> str:
        """A header's bytes as text: ASCII, else UTF-8 (RFC 6532), else the charset of the mail."""
        text = value.decode("ascii") if value.isascii() else decode(value, hint=self.hint())
        return text.replace("\0", "").replace("\r", " ") if "\0" in text or "\r" in text else text

    def body(self, part: Part, start: int, end: int, depth: int) -> None:
        """Give the part what is inside it: parts, a mail, blocks of fields, or bytes."""
        kind = part.get_content_type()
        if kind.startswith("multipart/") and self.multipart(part, start, end, depth):
            return
        part.octets = self.raw[start:end]
        if kind in BLOCKS:
            part.children = self.blocks(part)
        elif kind.startswith("message/") and kind not in WHOLE:
            part.children = [self.inner(part, start, end, depth)]

    def inner(self, part: Part, start: int, end: int, depth: int) -> Part:
        """The mail (or block of fields) inside a message/... part."""
        content = part.content()
        if content is part.octets:
            blank = BLANK_LINES.match(self.raw, start, end)
            return self.part(blank.end() if blank else start, end, depth + 1)
        reading = Reading(content)
        reading.count = self.count
        inner = reading.part(0, len(content), depth + 1)
        self.count = reading.count
        return inner

    def blocks(self, part: Part) -> list[Part]:
        """The groups of fields of a delivery report, divided by empty lines (RFC 3464)."""
        reading = Reading(part.content())
        at, end = 0, len(reading.raw)
        blocks: list[Part] = []
        while at < end and len(blocks) < MAX_BLOCKS:
            block = Part()
            before, at = at, reading.headers(block, at, end)
            if block.keys():
                blocks.append(block)
            elif at == before:
                line = reading.raw.find(b"\n", at)
                at = end if line < 0 else line + 1
        return blocks

    def multipart(self, part: Part, start: int, end: int, depth: int) -> bool:
        """Split a multipart at its boundary; False if there is none to be found."""
        boundary = (part.get_boundary() or "").encode("utf-8", "surrogateescape")
        pieces = self.pieces(boundary, start, end) if boundary else []
        if not pieces:
            found = BARE_BOUNDARY.search(self.raw, start, min(end, start + 100_000))
            pieces = self.pieces(found[1], start, end) if found else []
            if not pieces:
                self.note("the mail says it has parts, but the line that divides them is missing")
                return False
            self.note("the line that divides the parts was not the one the mail names")
        part.preamble = self.raw[start : pieces[0][0]].decode("utf-8", "replace")[:10_000]
        default = "message/rfc822" if part.get_content_type() == "multipart/digest" else "text/plain"
        part.children = [self.part(*piece, depth + 1, default) for piece in pieces]
        return True

    def pieces(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """Where the parts lie between lines of this boundary; the last one may lack its end."""
        raw, mark, pieces = self.raw, b"--" + boundary, []
        opened, at = -1, raw.find(b"--" + boundary, start, end)
        while at >= 0:
            after = at + len(mark)
            rest = raw[after : after + 120].partition(b"\n")[0].strip()
            if (at == start or raw[at - 1] in b"\r\n") and rest in (b"", b"--"):
                if opened >= 0:
                    pieces.append((opened, max(opened, _before_line(raw, at))))
                    if len(pieces) > MAX_PARTS:
                        raise Unreadable(TOO_MANY_PARTS)
                opened = -1
                if rest:
                    break
                line = raw.find(b"\n", after, end)
                opened = end if line < 0 else line + 1
            at = raw.find(mark, after, end)
        if 0 <= opened < end:
            pieces.append((opened, end))
        return pieces


def _before_line(raw: bytes, at: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    if raw[at - 1] == 10:
        at -= 1
    return at - 1 if raw[at - 1] == 13 else at


@lru_cache(maxsize=1024)
def _name(name: bytes) -> str:
    return name.rstrip(b" \t").decode("ascii", "replace")


def read(raw: bytes) -> tuple[Part, list[str]]:
    """The mail as a tree of compat32 parts, and sentences about what had to be mended.

    Raises: Unreadable if it breaks a limit.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"The mail has {len(raw):,} bytes; at most {MAX_BYTES:,} are read.")
    raw = raw.lstrip()
    if b"\n" not in raw[:4000] and b"\r" in raw[:4000]:
        raw = raw.replace(b"\r", b"\n")
    reading = Reading(raw)
    at = 0
    while MBOX.match(raw, at) and at < 4000:
        at = 3 if raw[at] == 0xEF else raw.find(b"\n", at) + 1 or len(raw)
    return reading.part(at, len(raw), 0), reading.oddities
