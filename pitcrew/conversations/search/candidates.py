"""The documents that hold the words, newest first, from SQLite FTS5 or from PostgreSQL."""

from collections.abc import Callable, Iterator

from django.db import connection

from pitcrew.conversations.search.indexing import FAR, NEAR
from pitcrew.conversations.search.query import Term

Asked = tuple[str, list]  # a piece of SQL and its values
Candidate = tuple[int, int | None]  # a document, and its conversation if that is in sight


def newest(terms: list[Term], sight: Asked, portion: Callable[[], int]) -> Iterator[list[Candidate]]:
    """The documents that hold all terms, newest first, a portion at a time; how many is asked before each.

    ``sight`` tells the conversation of ``document.id``. It is told in the same statement, so that the ids of a
    thousand candidates need not travel to be looked up.
    """
    find = _postgres if connection.vendor == "postgresql" else _sqlite
    return find(terms, sight, portion)


def _sqlite(terms: list[Term], sight: Asked, portion: Callable[[], int]) -> Iterator[list[Candidate]]:
    below = 1 << 62
    while True:
        found = _seen(_MATCHING, [_fts5(terms), below, asked := portion()], sight)
        yield found
        if len(found) < asked:
            return
        below = found[-1][0]


_MATCHING = (
    "SELECT rowid AS id FROM search_words WHERE search_words MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"
)


def _fts5(terms: list[Term]) -> str:
    """An FTS5 expression; every word is quoted, so nothing a person types is syntax."""
    present = " AND ".join(_fts5_term(t) for t in terms if not t.is_absent)
    absent = "".join(f" NOT {_fts5_term(t)}" for t in terms if t.is_absent)
    return present + absent


def _fts5_term(term: Term) -> str:
    phrase = '"' + " ".join(term.words) + '"'
    return f"{term.part} : {phrase}" if term.part else phrase


# "+ 0" keeps the planner from walking, "OFFSET 0" from the index.
_BY_INDEX = "SELECT id FROM search_words WHERE words @@ %s::tsquery AND id + 0 < %s ORDER BY id + 0 DESC LIMIT %s"
_WALKING = (
    "SELECT id FROM (SELECT id, words FROM search_words WHERE id < %s ORDER BY id DESC OFFSET 0) AS walked"
    " WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s"
)
_FREQUENT = 14  # ids: what is found in one of so many is found faster by reading them all
_MOST_NAMES = 16  # neighbourhoods asked for at once


def _postgres(terms: list[Term], sight: Asked, portion: Callable[[], int]) -> Iterator[list[Candidate]]:
    """Neighbourhood by neighbourhood, from the newest: as many at once as should fill the portion.

    GIN cannot walk newest first, and sorting all hits of a frequent word costs seconds. Every document therefore
    also holds the names of its neighbourhoods as lexemes, and the search asks for the words within some of them.
    """
    top = (_rows("SELECT id FROM search_words ORDER BY id DESC LIMIT 1", []) or [(0,)])[0][0]
    below, tsquery, width, hits = top + 1, _tsquery(terms), 0, 0
    while below > 0:
        asked = portion()
        width = asked * (top + 1 - below) * 5 // (hits * 4) if hits else width << 5 or 1 << NEAR
        if hits * _FREQUENT > top + 1 - below:
            edge, found = 0, _seen(_WALKING, [below, tsquery, asked], sight)
        else:
            edge, names = _neighbourhoods(below, width)
            found = _seen(_BY_INDEX, [f"({tsquery}){names}", below, asked], sight)
        yield found
        hits += len(found)
        below = found[-1][0] if len(found) == asked else edge


def _neighbourhoods(below: int, width: int) -> tuple[int, str]:
    """The lowest id of the neighbourhoods that hold so many ids below this one, and their names, as a tsquery."""
    for bits, name in ((NEAR, "near"), (FAR, "far")):
        first, last = max(0, below - width) >> bits, (below - 1) >> bits
        if last - first < _MOST_NAMES:
            return first << bits, " & (" + " | ".join(f"'{name}/{n}'" for n in range(first, last + 1)) + ")"
    return 0, ""


def _tsquery(terms: list[Term]) -> str:
    return " & ".join(("!" if t.is_absent else "") + _tsquery_term(t) for t in terms)


def _tsquery_term(term: Term) -> str:
    weight = {"subject": ":A", "who": ":B"}.get(term.part, "")
    return "(" + " <-> ".join(f"'{word}'{weight}" for word in term.words) + ")"


def _seen(documents: str, values: list, sight: Asked) -> list[Candidate]:
    conversation, of_sight = sight
    # PostgreSQL must choose how to find the documents by what that costs, or it starts workers for a thousand look-ups.
    apart = "MATERIALIZED " if connection.vendor == "postgresql" else ""
    sql = f"WITH document AS {apart}({documents}) SELECT document.id, {conversation} FROM document"
    found = _rows(sql, [*values, *of_sight])
    return sorted(found, reverse=True)  # the order of an inner query is nobody's promise


def _rows(sql: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
