"""Keeping the words of messages and notes where they can be found.

A document is one message or one note; its id is twice the row's id, plus one for a note. The index holds words, not
texts: what a hit says is read from the row. What has no words, or lost them when its customer was forgotten, is no
document: the index neither holds it nor is asked to lose it again.

On PostgreSQL words are numbers, in their order: 0, subject, 0, who, 0, body, 0, and the names of two neighbourhoods.
A tsvector, which writes them out, takes three times as much.
"""

from collections.abc import Iterable
from zlib import crc32

from django.db import connection

from pitcrew.conversations.models import Message, Note
from pitcrew.kit.words import words

LONGEST = 100_000  # characters of one document that are searched
NEAR, FAR = 12, 16  # bits: a PostgreSQL document names its 4,096 and its 65,536 neighbours, see candidates.py

Document = tuple[int, str, str, str]  # id, subject, who, body


def document(row: Message | Note) -> Document:
    """What is searched of a message or a note."""
    if isinstance(row, Note):
        return row.pk * 2 + 1, "", "", _words(row.text)
    return row.pk * 2, _words(row.subject), _words(f"{row.name} {row.address}"), _words(row.text)


def _words(text: str) -> str:
    return " ".join(words(text[:LONGEST]))


def _with_words(rows: Iterable[Message | Note]) -> list[Document]:
    return [told for row in rows if any((told := document(row))[1:])]


def remember(rows: Iterable[Message | Note]) -> None:
    """Let these messages and notes be found, from the moment their transaction is committed."""
    documents = _with_words(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(_POSTGRES_ADD, [(d[0], array(_numbered(d))) for d in documents])
        else:
            cursor.executemany("INSERT INTO search_words(rowid, subject, who, body) VALUES (%s, %s, %s, %s)", documents)


def forget(rows: Iterable[Message | Note]) -> None:
    """Let these no longer be found. Called before their words are erased: SQLite has to be told them once more.

    Those whose words are erased already are left out. SQLite keeps no list of its documents: told to lose one that it
    does not hold, it loses count and calls itself damaged.
    """
    documents = _with_words(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany("DELETE FROM search_words WHERE id = %s", [(d[0],) for d in documents])
        else:
            cursor.executemany(
                "INSERT INTO search_words(search_words, rowid, subject, who, body) VALUES ('delete', %s, %s, %s, %s)",
                documents,
            )


_POSTGRES_ADD = "INSERT INTO search_words(id, words) VALUES (%s, %s::int[])"


def _numbered(document: Document) -> list[int]:
    pk, *parts = document
    subject, who, body = (numbers(part.split()) for part in parts)
    return [0, *subject, 0, *who, 0, *body, 0, near(pk >> NEAR), far(pk >> FAR)]


def numbers(words: Iterable[str]) -> list[int]:
    """What stands for these words on PostgreSQL; never 0. Two words share one once in 2^31 (CRC-32, one bit less)."""
    return [crc32(word.encode()) >> 1 or 1 for word in words]


def near(neighbourhood: int) -> int:
    """The name of a small neighbourhood, a number that stands for no word."""
    return -2 * neighbourhood - 1


def far(neighbourhood: int) -> int:
    """The name of a large one."""
    return -2 * neighbourhood - 2


def array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL reads them: one type for all, so that a statement with them is prepared once."""
    return f"{{{','.join(map(str, numbers))}}}"
