"""The documents that hold the words, newest first, from SQLite FTS5 or from PostgreSQL."""

from collections.abc import Callable, Iterator

from django.db import connection

from pitcrew.conversations.search.indexing import FAR, NEAR, array, far, near, numbers
from pitcrew.conversations.search.query import Term

Asked = tuple[str, list]  # a piece of SQL and its values
Candidate = tuple[int, int | None]  # a document, and its conversation if that is in sight
Portion = tuple[int, list[Candidate]]  # how many were looked at; of them at least those in sight and the last


def newest(terms: list[Term], sight: Asked, portion: Callable[[], int]) -> Iterator[Portion]:
    """The documents that hold all terms, newest first, a portion at a time; how many is asked before each.

    ``sight`` tells the conversation of ``document.id``. It is told in the same statement, so that the ids of a
    thousand candidates need not travel to be looked up.
    """
    find = _postgres if connection.vendor == "postgresql" else _sqlite
    return find(terms, sight, portion)


def _sqlite(terms: list[Term], sight: Asked, portion: Callable[[], int]) -> Iterator[Portion]:
    below = 1 << 62
    while True:
        looked, found = _seen(_MATCHING, [_fts5(terms), below, asked := portion()], sight)
        yield looked, found
        if looked < asked:
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
_BY_INDEX = "SELECT id FROM search_words WHERE {held} AND id + 0 < %s ORDER BY id + 0 DESC LIMIT %s"
_WALKING = (
    "SELECT id FROM (SELECT id, words FROM search_words WHERE id < %s ORDER BY id DESC OFFSET 0) AS walked"
    " WHERE {held} ORDER BY id DESC LIMIT %s"
)
_FREQUENT = 14  # ids: what is found in one of so many is found faster by reading them all
_MOST_NAMES = 16  # neighbourhoods asked for at once


def _postgres(terms: list[Term], sight: Asked, portion: Callable[[], int]) -> Iterator[Portion]:
    """Neighbourhood by neighbourhood, from the newest: as many at once as should fill the portion.

    GIN cannot walk newest first, and sorting all hits of a frequent word costs seconds. Every document therefore
    also holds the names of its neighbourhoods, and the search asks for the words within some of them.
    """
    top = (_rows("SELECT id FROM search_words ORDER BY id DESC LIMIT 1", []) or [(0,)])[0][0]
    below, (held, values), width, hits = top + 1, _held(terms), 0, 0
    while below > 0:
        asked = portion()
        width = asked * (top + 1 - below) * 5 // (hits * 4) if hits else width << 5 or 1 << NEAR
        if hits * _FREQUENT > top + 1 - below:
            edge, (looked, found) = 0, _seen(_WALKING.format(held=held), [below, *values, asked], sight)
        else:
            edge, (within, names) = _neighbourhoods(below, width)
            looked, found = _seen(_BY_INDEX.format(held=held + within), [*values, *names, below, asked], sight)
        yield looked, found
        hits += looked
        below = found[-1][0] if looked == asked else edge


def _neighbourhoods(below: int, width: int) -> tuple[int, Asked]:
    """The lowest id of the neighbourhoods that hold so many ids below this one, and how these are asked for."""
    for bits, name in ((NEAR, near), (FAR, far)):
        first, last = max(0, below - width) >> bits, (below - 1) >> bits
        if last - first < _MOST_NAMES:
            return first << bits, (" AND words && %s::int[]", [array(map(name, range(first, last + 1)))])
    return 0, ("", [])


# The zeros stand before and after each part of the words: see indexing.py.
_PARTS = {
    "": "words",
    "subject": "words[:array_position(words, 0, 2)]",
    "who": "words[array_position(words, 0, 2):array_position(words, 0, array_position(words, 0, 2) + 1)]",
}


def _held(terms: list[Term]) -> Asked:
    """What the words of a document must hold. The index knows all of a document's words, not where they stand."""
    asked = [("words @> %s::int[]", array(numbers(w for t in terms if not t.is_absent for w in t.words)))]
    for term in terms:
        held = numbers(term.words)
        if term.part or len(held) > 1:
            in_order = f"array_to_string({_PARTS[term.part]}, ' ') {'NOT ' * term.is_absent}LIKE %s"
            asked.append((in_order, f"% {' '.join(map(str, held))} %"))
        elif term.is_absent:
            asked.append(("NOT words @> %s::int[]", array(held)))
    return " AND ".join(sql for sql, _ in asked), [value for _, value in asked]


def _seen(documents: str, values: list, sight: Asked) -> Portion:
    conversation, of_sight = sight
    if connection.vendor == "postgresql":
        rows = _rows(_ONLY_SEEN.format(documents=documents, conversation=conversation), [*values, *of_sight])
        looked = rows[0][2] if rows else 0
    else:
        sql = f"WITH document AS ({documents}) SELECT document.id, {conversation} FROM document"
        rows = _rows(sql, [*values, *of_sight])
        looked = len(rows)
    return looked, sorted((row[:2] for row in rows), reverse=True)  # the order of an inner query is nobody's promise


# PostgreSQL must choose how to find the documents by what that costs, or it starts workers for a thousand look-ups. Of
# those not in sight only the lowest travels: where to go on.
_ONLY_SEEN = (
    "WITH document AS MATERIALIZED ({documents}),"
    " seen AS MATERIALIZED (SELECT document.id, {conversation} AS conversation FROM document)"
    " SELECT id, conversation, (SELECT count(*) FROM document) FROM seen"
    " WHERE conversation IS NOT NULL OR id = (SELECT min(id) FROM document)"
)


def _rows(sql: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
