"""Files that travel inside the text itself: uuencode and yEnc, from before MIME."""

import re
from collections.abc import Iterator

from .transfer import uu_lines

UU = re.compile(r"^begin (?:[0-7]{3,4}) (\S[^\r\n]{0,250})\r?\n(?=[ -`]{1,90}\r?\n)", re.M)
YENC = re.compile(rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,250})\r?\n", re.M)
SHIFT = bytes((byte - 42) & 255 for byte in range(256))
MAX_FILES = 50


def without_uuencoded(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without uuencoded files, and the files (shown name, content); one that is cut off counts too."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    at = 0
    while len(files) < MAX_FILES and (found := UU.search(text, at)):
        end, behind = _end_of_uu(text, found.end())
        lines = text[found.end() : end]
        content = uu_lines(lines.encode("ascii", "replace"))
        kept.append(text[at : found.start()])
        if content:
            files.append((found[1].strip(), content))
        else:
            kept.append(text[found.start() : behind])
        at = behind
    return "".join(kept) + text[at:], files


def _end_of_uu(text: str, at: int) -> tuple[int, int]:
    """Where the coded lines end, and where the text goes on."""
    for start, line in _lines(text, at):
        bare = line.rstrip("\r\n")
        if bare.strip() in ("end", "`\nend"):
            return start, start + len(line)
        if bare and not _is_coded(bare):
            return start, start
    return len(text), len(text)


def _is_coded(line: str) -> bool:
    """The first sign tells how many bytes the line has; mail programs cut spaces off its end."""
    length = (ord(line[0]) - 32) & 63
    return line[0] <= "`" and len(line) <= 1 + (length + 2) // 3 * 4 + 2 and line.isascii()


def _lines(text: str, at: int) -> Iterator[tuple[int, str]]:
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        yield at, text[at:end]
        at = end


def without_yenc(octets: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Bytes of a text without its yEnc files, and the files."""
    if b"=ybegin " not in octets:
        return octets, []
    kept: list[bytes] = []
    files: list[tuple[str, bytes]] = []
    at = 0
    while len(files) < MAX_FILES and (found := YENC.search(octets, at)):
        end = octets.find(b"\n=yend", found.end())
        end = len(octets) if end < 0 else end + 1
        behind = octets.find(b"\n", end) + 1 or len(octets)
        kept.append(octets[at : found.start()])
        files.append((found[1].strip().decode("utf-8", "replace"), _unyenc(octets[found.end() : end])))
        at = behind
    return b"".join(kept) + octets[at:], files


def _unyenc(octets: bytes) -> bytes:
    if octets.startswith(b"=ypart"):
        octets = octets[octets.find(b"\n") + 1 :]
    first, *rest = octets.replace(b"\r", b"").replace(b"\n", b"").split(b"=")
    # Behind "=" the next sign was moved by 64 more.
    moved = [bytes(((piece[0] - 64) & 255,)) + piece[1:] for piece in rest if piece]
    return (first + b"".join(moved)).translate(SHIFT)
