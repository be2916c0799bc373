"""The documents that hold the words, newest first, from SQLite FTS5 or from PostgreSQL."""

from collections.abc import Iterator

from django.db import connection

from pitcrew.conversations.search.indexing import FAR, NEAR
from pitcrew.conversations.search.query import Term


def newest(terms: list[Term], portion: int) -> Iterator[list[int]]:
    """Ids of documents that hold all terms, newest first, a portion at a time."""
    find = _postgres if connection.vendor == "postgresql" else _sqlite
    return find(terms, portion)


def _sqlite(terms: list[Term], portion: int) -> Iterator[list[int]]:
    below = 1 << 62
    while True:
        ids = _rows(
            "SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s",
            [_fts5(terms), below, portion],
        )
        yield ids
        if len(ids) < portion:
            return
        below = ids[-1]


def _fts5(terms: list[Term]) -> str:
    """An FTS5 expression; every word is quoted, so nothing a person types is syntax."""
    present = " AND ".join(_fts5_term(t) for t in terms if not t.is_absent)
    absent = "".join(f" NOT {_fts5_term(t)}" for t in terms if t.is_absent)
    return present + absent


def _fts5_term(term: Term) -> str:
    phrase = '"' + " ".join(term.words) + '"'
    return f"{term.part} : {phrase}" if term.part else phrase


# A frequent word is found by walking back; a rare one by its index, and "+ 0" keeps the planner from walking then.
_WALKING = "SELECT id FROM search_words WHERE words @@ %s::tsquery AND id < %s ORDER BY id DESC LIMIT %s"
_BY_INDEX = "SELECT id FROM search_words WHERE words @@ %s::tsquery AND id + 0 < %s ORDER BY id + 0 DESC LIMIT %s"
_FREQUENT = 200  # ids: a word found in one of so many is frequent


def _postgres(terms: list[Term], portion: int) -> Iterator[list[int]]:
    """Newest neighbourhoods first: a frequent word fills its page from the last few thousand documents.

    GIN cannot walk newest first, and sorting all hits of a frequent word costs seconds. Every document therefore
    also holds the names of its neighbourhoods as lexemes, and the search widens from the nearest to all of them.
    """
    top = (_rows("SELECT id FROM search_words ORDER BY id DESC LIMIT 1", []) or [0])[0]
    below, tsquery, onwards = top + 1, _tsquery(terms), _BY_INDEX
    for bits, name in ((NEAR, "near"), (FAR, "far")):
        last = top >> bits
        found = _rows(_BY_INDEX, [f"({tsquery}) & ('{name}/{last}' | '{name}/{last - 1}')", below, portion])
        if found:
            yield found
            below = found[-1]
        looked = top - (below if len(found) == portion else (last - 1) << bits)
        if len(found) * _FREQUENT > looked:
            onwards = _WALKING
            break
    while True:
        ids = _rows(onwards, [tsquery, below, portion])
        yield ids
        if len(ids) < portion:
            return
        below = ids[-1]


def _tsquery(terms: list[Term]) -> str:
    return " & ".join(("!" if t.is_absent else "") + _tsquery_term(t) for t in terms)


def _tsquery_term(term: Term) -> str:
    weight = {"subject": ":A", "who": ":B"}.get(term.part, "")
    return "(" + " <-> ".join(f"'{word}'{weight}" for word in term.words) + ")"


def _rows(sql: str, values: list) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
