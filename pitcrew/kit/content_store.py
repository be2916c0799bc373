"""Files kept once each, under the SHA-256 of their bytes."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

HASH = re.compile(r"[0-9a-f]{64}")
CHUNK = 1024 * 1024


class Damaged(Exception):
    """A kept file no longer has the bytes it was kept under."""


class ContentStore:
    """A folder of files named by what is in them, so the same bytes lie there once and never change.

    What `put` returns is on the disk: the bytes, the name and the folder are synced before it does.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def put(self, content: bytes) -> str:
        """Keep these bytes; gives their SHA-256 in hexadecimal. Raises OSError when the disk will not take them."""
        name = hashlib.sha256(content).hexdigest()
        path = self.path(name)
        if path.exists():
            return name
        self._make_folder(path.parent)
        with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(file.name)
                raise
        _sync_folder(path.parent)
        return name

    def path(self, name: str) -> Path:
        """Where the file with this SHA-256 lies, or would lie. Raises ValueError for anything but a SHA-256."""
        if not HASH.fullmatch(name):
            raise ValueError(f"{name[:80]!r} is not the SHA-256 of a file.")
        return self.root / name[:2] / name

    def open(self, name: str) -> BinaryIO:
        """The file, to be read from its start. Raises FileNotFoundError when it is not kept here."""
        return self.path(name).open("rb")

    def size(self, name: str) -> int:
        """How many bytes it has."""
        return self.path(name).stat().st_size

    def verify(self, name: str) -> None:
        """Read the file and compare. Raises Damaged with a sentence when it is not what it was, or gone."""
        digest = hashlib.sha256()
        try:
            with self.open(name) as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            raise Damaged(f"The file {name} is gone from {self.root}. Restore it from a backup.") from None
        if digest.hexdigest() != name:
            raise Damaged(f"The file {name} has changed on the disk. Restore it from a backup.")

    def names(self) -> Iterator[str]:
        """Every file that is kept, in no order."""
        for path in self.root.glob("??/*"):
            if HASH.fullmatch(path.name):
                yield path.name

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_folder(folder.parent)
        _sync_folder(self.root.parent)


def _sync_folder(folder: Path) -> None:
    """A new name survives a power cut only when its folder is synced too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
