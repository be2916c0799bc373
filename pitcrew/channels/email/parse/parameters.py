"""Parameters behind Content-Type and Content-Disposition, in the many ways programs write them."""

import re
from urllib.parse import unquote_to_bytes

from .charsets import decode
from .encoded_words import decoded
from .limits import MAX_HEADER_TEXT, MAX_PARAMETERS

BARE_END = re.compile(r"[;\r\n]")
NAME = re.compile(r"[ \t\r\n;]*([^\s=;\"]{1,80})\s{0,80}=[ \t\r\n]*")
SECTION = re.compile(r"([^*]+)\*(\d{1,4})?(\*)?\Z")
QUOTED_PAIR = re.compile(r"\\([\"\\])")


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value itself (lower case) and its parameters, with RFC 2231 and RFC 2047 undone.

    Linear in the length of the header; at most `MAX_PARAMETERS` are read.
    """
    value = value[:MAX_HEADER_TEXT]
    end = value.find(";")
    if end < 0:
        return _main(value), {}
    return _main(value[:end]), _joined(_pairs(value, end))


def _main(text: str) -> str:
    words = text.strip().strip("\"'").lower().split(None, 1)
    return words[0].rstrip(",") if words else ""


def _pairs(value: str, at: int) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    while at < len(value) and len(pairs) < MAX_PARAMETERS:
        found = NAME.match(value, at)
        if not found:
            following = value.find(";", at + 1)
            if following < 0:
                break
            at = following
            continue
        text, at = _value(value, found.end())
        pairs.append((found[1].lower(), text))
    return pairs


def _value(value: str, at: int) -> tuple[str, int]:
    if value[at : at + 1] == '"':
        end = _closing_quote(value, at + 1)
        if end > 0:
            return QUOTED_PAIR.sub(r"\1", value[at + 1 : end]), end + 1
        at += 1
    stop = BARE_END.search(value, at)
    end = stop.start() if stop else len(value)
    return value[at:end].strip().rstrip('"'), end


def _closing_quote(value: str, at: int) -> int:
    while True:
        end = value.find('"', at)
        if end < 0:
            return -1
        back = end - 1
        while back >= at and value[back] == "\\":
            back -= 1
        # An even number of backslashes leaves the quote a quote; `C:\dir\"` ends there as well.
        if (end - 1 - back) % 2 == 0 or value[end + 1 : end + 2] in ("", ";"):
            return end
        at = end + 1


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, text in pairs:
        split = SECTION.match(name)
        if split:
            sections.setdefault(split[1], []).append((int(split[2] or 0), bool(split[3] or not split[2]), text))
        else:
            plain.setdefault(name, decoded(text) if "=?" in text else text)
    for name, pieces in sections.items():
        plain[name] = _continued(pieces)
    return plain


def _continued(pieces: list[tuple[int, bool, str]]) -> str:
    """RFC 2231 sections 3 and 4: pieces in the order of their numbers, percent signs undone."""
    pieces.sort(key=lambda piece: piece[0])
    charset, octets = "", b""
    for number, coded, text in pieces:
        if coded and not number and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        octets += unquote_to_bytes(text) if coded else text.encode("utf-8", "surrogateescape")
    text = decode(octets, charset)
    return decoded(text) if "=?" in text else text
