"""Words in headers that travel as =?charset?B?...?= (RFC 2047), whole, split or broken."""

import binascii
import re

from .charsets import codec_for, decode, strictly
from .limits import MAX_HEADER_TEXT
from .transfer import base64

START = re.compile(r"=\?([^\s?=\"]{1,60})\?([bBqQ])\?")
NOISE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
HEX = re.compile(r"=[0-9A-Fa-f]{2}")
HEX_BYTES = re.compile(rb"=([0-9A-Fa-f]{2})")


def decoded(text: str) -> str:
    """The header text as a person reads it. Linear; text past `MAX_HEADER_TEXT` stays as it is."""
    if "=?" not in text:
        return text
    rest = text[MAX_HEADER_TEXT:]
    out: list[str] = []
    pending: list[tuple[str, str]] = []
    at, charset = 0, ""
    text = text[:MAX_HEADER_TEXT]
    while found := START.search(text, at):
        end = _end(text, found.end())
        if end < 0:
            break
        between = text[at : found.start()]
        if between.strip() or not (pending or at) or charset.lower() != found[1].lower():
            _flush(out, pending, charset)
            # White space between two encoded words is only there to fold the line (RFC 2047 section 6.2).
            out.append("" if at and not between.strip() and charset else between)
        charset = found[1]
        _add(pending, text[found.end() : end], found[2].upper())
        at = end + 2
    _flush(out, pending, charset)
    tail = text[at:]
    return "".join(out) + _lost_end(tail) + rest


def _end(text: str, at: int) -> int:
    end = text.find("?=", at)
    # "=?utf-8?Q?x?=3D?=": a question mark that should have been coded, before a code.
    if end >= 0 and HEX.match(text, end + 1) and " " not in text[at:end]:
        further = text.find("?=", end + 2)
        if further >= 0 and " " not in text[end:further] and "=?" not in text[end + 1 : further]:
            return further
    return end


def _lost_end(tail: str) -> str:
    """An encoded word whose end was cut off: read what is there."""
    found = START.search(tail)
    if not found or " " in tail[found.end() :].strip():
        return tail
    return tail[: found.start()] + decode(octets_of(tail[found.end() :].rstrip("?="), *found.group(2, 1)), found[1])


def _add(pending: list[tuple[str, str]], text: str, encoding: str) -> None:
    """Keep one more word; base64 that was cut in the middle of a letter group goes on in the next word."""
    if pending and encoding == "B" and pending[-1][1] == "B" and len(pending[-1][0]) % 4 and pending[-1][0][-1:] != "=":
        text = pending.pop()[0] + text
    pending.append((text, encoding))


def _flush(out: list[str], pending: list[tuple[str, str]], charset: str) -> None:
    if not pending:
        return
    octets = b"".join(octets_of(text, encoding, charset) for text, encoding in pending)
    if NOISE.search(octets) and strictly(octets, codec_for(charset) or "utf-8") is None:
        # No charset makes words of this; what was sent can at least be compared.
        out.extend(f"=?{charset}?{encoding}?{text}?=" for text, encoding in pending)
    else:
        out.append(decode(octets, charset))
    pending.clear()


def octets_of(text: str, encoding: str, charset: str) -> bytes:
    """The bytes an encoded word carries; letters that should have been coded are in its charset."""
    raw = text.encode("ascii") if text.isascii() else _uncoded(text, charset)
    if encoding in "bB":
        try:
            return base64(raw)
        except binascii.Error:
            return raw
    return HEX_BYTES.sub(lambda code: bytes.fromhex(code[1].decode("ascii")), raw.replace(b"_", b" "))


def _uncoded(text: str, charset: str) -> bytes:
    try:
        return text.encode(codec_for(charset) or "utf-8")
    except UnicodeError:
        return text.encode("utf-8", "replace")
