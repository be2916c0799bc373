"""The words of a message or a note: one column that holds them all, deflated together (zlib, RFC 1950).

The new words of an answer and the page it came as repeat what the text says, so together they take 0.6 of what they
take apart. No SQL looks into them. Inside: the lengths of text and reply in bytes, a line break, text, reply, page.
"""

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

_HEAD = 64  # bytes; the two lengths take fewer


@dataclass(frozen=True)
class Words:
    """What somebody said: ``text`` is all of it, ``reply`` the new words of it, ``html`` the page it came as."""

    text: str = ""
    reply: str = ""
    html: str = ""

    @property
    def deflated(self) -> bytes:
        text, reply, html = (part.encode("utf-8", "surrogatepass") for part in (self.text, self.reply, self.html))
        return zlib.compress(b"%d %d\n%b%b%b" % (len(text), len(reply), text, reply, html))


class KeptWords:
    """`Words` as the database keeps them. The page, which can be long, is inflated only for those who ask for it."""

    def __init__(self, deflated: bytes) -> None:
        self.deflated = deflated

    @property
    def text(self) -> str:
        return self._said[0]

    @property
    def reply(self) -> str:
        return self._said[1]

    @cached_property
    def html(self) -> str:
        head, _, parts = zlib.decompress(self.deflated).partition(b"\n")
        return _read(parts[sum(map(int, head.split())) :])

    @cached_property
    def _said(self) -> tuple[str, str]:
        inflating = zlib.decompressobj()
        head, _, parts = inflating.decompress(self.deflated, _HEAD).partition(b"\n")
        text, reply = map(int, head.split())
        if (missing := text + reply - len(parts)) > 0:
            parts += inflating.decompress(inflating.unconsumed_tail, missing)
        return _read(parts[:text]), _read(parts[text : text + reply])


def _read(part: bytes) -> str:
    return part.decode("utf-8", "surrogatepass")


class WordsField(models.Field):
    """The column: `Words` are written to it, `KeptWords` are read from it."""

    empty_strings_allowed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Words)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> bytes:
        return value.deflated

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> KeptWords | None:
        return None if value is None else KeptWords(bytes(value))
