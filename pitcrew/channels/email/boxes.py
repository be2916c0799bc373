"""Old mail on the disk: mbox files, Maildirs and folders of .eml, read mail by mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pitcrew.people.refusals import Refused

LARGEST = 256 * 1024 * 1024  # bytes of one mail
LINE = 1024 * 1024  # bytes read at once
MAILDIR = ("cur", "new")
FROM_LINE = re.compile(rb"From \S.{0,200}\d\d:\d\d")
STUFFED = re.compile(rb"^>(>*From )", re.M)
HEADER = re.compile(rb"[!-9;-~]{1,76}[ \t]{0,8}:")
BOUNDARY = re.compile(rb"^content-type:[^;]{0,100}multipart/[^\0]{0,300}?boundary=\"?([^\"\r\n;]{1,200})", re.I | re.M)


@dataclass(frozen=True)
class Found:
    """One mail of a box, or a sentence about one that cannot be had; `position` is how far we are, in bytes."""

    raw: bytes
    position: int
    problem: str = ""


@dataclass(frozen=True)
class Box:
    """What is to be imported: its files, and how many bytes they have."""

    files: tuple[Path, ...]
    size: int
    is_mbox: bool

    def mails(self) -> Iterator[Found]:
        """Every mail, in the order it lies there."""
        if self.is_mbox:
            yield from _mails_of(self.files[0])
            return
        position = 0
        for path in self.files:
            position += path.stat().st_size
            yield _mail_in(path, position)


def box(path: Path) -> Box:
    """Find out what lies there. Raises Refused with a sentence when it is no mail."""
    if path.is_dir():
        files = sorted(_in_maildirs(path)) or sorted(p for p in path.rglob("*") if p.suffix.lower() == ".eml")
        if not files:
            raise Refused(f"{path} is neither a Maildir (it has no cur or new) nor a folder with .eml files.")
        return Box(tuple(files), sum(p.stat().st_size for p in files), is_mbox=False)
    if not path.is_file():
        raise Refused(f"There is no {path}. Give an mbox file, a Maildir or a folder of .eml files.")
    with path.open("rb") as file:
        start = file.read(4096).lstrip(b"\r\n")
    if FROM_LINE.match(start):
        return Box((path,), path.stat().st_size, is_mbox=True)
    if HEADER.match(start) and b"\0" not in start:
        return Box((path,), path.stat().st_size, is_mbox=False)
    raise Refused(
        f"{path} is not a mailbox file: an mbox begins with a line like"
        " 'From lena@example.org Mon Mar 2 09:00:00 2026',"
        " an .eml with headers. Export the mailbox as mbox or .eml and try again."
    )


def _in_maildirs(folder: Path) -> Iterator[Path]:
    """The mails of this Maildir, and of those inside it (sub-folders such as .Sent)."""
    for name in MAILDIR:
        for sub in folder.rglob(name):
            if sub.is_dir():
                yield from (p for p in sub.iterdir() if p.is_file() and not p.name.startswith("."))


def _mail_in(path: Path, position: int) -> Found:
    if path.stat().st_size > LARGEST:
        return Found(b"", position, f"{path} is larger than {LARGEST:,} bytes and was left out.")
    raw = path.read_bytes()
    if not HEADER.match(raw.lstrip(b"\r\n")) and not FROM_LINE.match(raw):
        return Found(b"", position, f"{path} does not look like a mail and was left out.")
    return Found(raw, position)


def _mails_of(path: Path) -> Iterator[Found]:
    """The mails of an mbox file (RFC 4155, and the mboxrd way of quoting). Memory is bounded by the largest mail."""
    with path.open("rb") as file:
        pieces: list[bytes] = []
        size, start, after_blank, starts_line, ends_line = 0, 0, True, True, True
        while line := file.readline(LINE):
            if starts_line and after_blank and FROM_LINE.match(line):
                if size:
                    yield _whole(pieces, size, start, file.tell() - len(line))
                pieces, size, start = [], 0, file.tell()
            else:
                size += len(line)
                if size <= LARGEST:
                    pieces.append(line)
            after_blank = starts_line and line in (b"\n", b"\r\n")
            starts_line = ends_line = line.endswith(b"\n")
        if size:
            yield _last(pieces, size, start, file.tell(), ends_line)


def _whole(pieces: list[bytes], size: int, start: int, position: int) -> Found:
    if size > LARGEST:
        return Found(b"", position, f"The mail at byte {start:,} is larger than {LARGEST:,} bytes and was left out.")
    return Found(STUFFED.sub(rb"\1", b"".join(pieces)), position)


def _last(pieces: list[bytes], size: int, start: int, position: int, ends_line: bool) -> Found:
    """A file that was cut off ends in the middle of a mail. That one is left out, so that it can come whole later."""
    found = _whole(pieces, size, start, position)
    if found.problem or (ends_line and _is_complete(found.raw)):
        return found
    words = f"The file ends in the middle of the mail at byte {start:,}; that one was left out."
    return Found(b"", position, f"{words} Import the whole file to get it: what is here already is not taken twice.")


def _is_complete(raw: bytes) -> bool:
    head, blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    if not blank:
        return False
    multipart = BOUNDARY.search(head)
    return multipart is None or b"--" + multipart[1].strip() + b"--" in body
