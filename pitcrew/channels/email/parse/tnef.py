"""Outlook's winmail.dat opened: the files and the words inside (MS-OXTNEF; properties: MS-OXPROPS)."""

import struct
from dataclasses import dataclass, field

from .charsets import decode
from .inbound import Attachment

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 20_000
MAX_PROPERTIES = 5_000
MAX_NESTING = 3
CODEPAGE, BODY, SUBJECT = 0x9007, 0x800C, 0x8004
NEW_FILE, FILE_TITLE, FILE_DATA, FILE_PROPERTIES, PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005, 0x9003
P_BODY, P_HTML, P_NAME, P_LONG_NAME, P_DATA, P_TYPE, P_CID = 0x1000, 0x1013, 0x3704, 0x3707, 0x3701, 0x370E, 0x3712
SIZES = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
STRING, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0xD


@dataclass(slots=True)
class Opened:
    """What a winmail.dat held."""

    text: str = ""
    html: str = ""
    files: list[Attachment] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    title: bytes = b""
    data: bytes = b""
    properties: dict[int, bytes | str] = field(default_factory=dict)


def opened(octets: bytes, nesting: int = 0) -> Opened | None:
    """The contents of a TNEF stream, read as far as it is whole; None if it is none or holds nothing."""
    if octets[:4] != SIGNATURE or nesting > MAX_NESTING:
        return None
    found, codepage = Opened(), "cp1252"
    files: list[_File] = []
    for kind, value in _attributes(octets):
        if kind == CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif kind == NEW_FILE:
            files.append(_File())
        elif kind in (BODY, PROPERTIES):
            _words(found, kind, value, codepage)
        elif files:
            _part_of_file(files[-1], kind, value, codepage)
    for file in files:
        _keep(found, file, codepage, nesting)
    return found if found.files or found.text or found.html else None


def _attributes(octets: bytes):
    at, count = 6, 0
    while at + 9 <= len(octets) and count < MAX_ATTRIBUTES:
        kind, length = octets[at + 1] | octets[at + 2] << 8, struct.unpack_from("<I", octets, at + 5)[0]
        start = at + 9
        if start + length > len(octets):
            # A cut-off file is still worth having.
            if kind == FILE_DATA:
                yield kind, octets[start:]
            return
        yield kind, octets[start : start + length]
        at, count = start + length + 2, count + 1


def _words(found: Opened, kind: int, value: bytes, codepage: str) -> None:
    if kind == BODY:
        found.text = _string(value, codepage)
        return
    properties = _properties(value, codepage)
    html, text = properties.get(P_HTML, ""), properties.get(P_BODY, "")
    found.html = decode(html, codepage) if isinstance(html, bytes) else html
    if text:
        found.text = decode(text, codepage) if isinstance(text, bytes) else text


def _part_of_file(file: _File, kind: int, value: bytes, codepage: str) -> None:
    if kind == FILE_TITLE:
        file.title = value
    elif kind == FILE_DATA:
        file.data = value
    elif kind == FILE_PROPERTIES:
        file.properties = _properties(value, codepage)


def _keep(found: Opened, file: _File, codepage: str, nesting: int) -> None:
    content = file.data or file.properties.get(P_DATA, b"")
    if not isinstance(content, bytes) or not content:
        return
    inner = opened(content[16:], nesting + 1) if content[16:20] == SIGNATURE else None
    if inner:
        found.files.extend(inner.files)
        found.text = "\n\n".join(text for text in (found.text, inner.text) if text)
        return
    names = (file.properties.get(P_LONG_NAME), _string(file.title, codepage), file.properties.get(P_NAME))
    kind = file.properties.get(P_TYPE, "")
    found.files.append(
        Attachment(
            name=next((name for name in names if isinstance(name, str) and name), ""),
            content_type=kind if isinstance(kind, str) and "/" in kind else "application/octet-stream",
            content=content,
            content_id=str(file.properties.get(P_CID, "") or ""),
        )
    )


def _properties(octets: bytes, codepage: str) -> dict[int, bytes | str]:
    """The MAPI properties in a block, by number; only texts and bytes are kept."""
    found: dict[int, bytes | str] = {}
    try:
        count = min(struct.unpack_from("<I", octets)[0], MAX_PROPERTIES)
        at = 4
        for _ in range(count):
            kind, number = struct.unpack_from("<HH", octets, at)
            at = _past_name(octets, at + 4) if number >= 0x8000 else at + 4
            value, at = _value(octets, at, kind, codepage)
            if isinstance(value, bytes | str):
                found.setdefault(number, value)
    except (struct.error, ValueError):
        # What was read before the broken place is kept.
        return found
    return found


def _past_name(octets: bytes, at: int) -> int:
    """Named properties carry a GUID and a number or a name."""
    (by,) = struct.unpack_from("<I", octets, at + 16)
    (length,) = struct.unpack_from("<I", octets, at + 20)
    return at + 24 + (length + 3 & ~3 if by == 1 else 0)


def _value(octets: bytes, at: int, kind: int, codepage: str) -> tuple[bytes | str | None, int]:
    single = kind & ~0x1000
    if single in SIZES:
        count, at = _count(octets, at) if kind & 0x1000 else (1, at)
        return None, at + count * SIZES[single]
    if single not in (STRING, UNICODE, BINARY, OBJECT):
        raise ValueError(f"unknown property type {kind:#x}")
    count, at = _count(octets, at)
    first: bytes | str | None = None
    for _ in range(min(count, MAX_PROPERTIES)):
        length, at = _count(octets, at)
        if at + length > len(octets):
            raise ValueError("a property is longer than its block")
        if first is None:
            first = _as(single, octets[at : at + length], codepage)
        at += length + 3 & ~3
    return first, at


def _count(octets: bytes, at: int) -> tuple[int, int]:
    return struct.unpack_from("<I", octets, at)[0], at + 4


def _as(kind: int, value: bytes, codepage: str) -> bytes | str:
    if kind == UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return _string(value, codepage) if kind == STRING else value


def _string(value: bytes, codepage: str) -> str:
    return decode(value.rstrip(b"\0"), codepage)
