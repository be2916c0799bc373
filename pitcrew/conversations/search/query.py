"""What somebody typed into the search box, understood."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pitcrew.kit.words import words

MOST_WORDS = 12
_PIECE = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))')
_NUMBER = re.compile(r"#?(\d{1,15})\Z")

IS = ("open", "waiting", "snoozed", "done", "mine", "unassigned", "spam", "trash", "unanswered")
HAS = ("attachment", "note")


@dataclass(frozen=True)
class Term:
    """Words that must stand in this order (one word is the usual case), perhaps only in one part of a message."""

    words: tuple[str, ...]
    part: str = ""  # "", "subject" or "who"
    is_absent: bool = False


@dataclass
class Query:
    """A search: terms to find in the text, and filters on the conversation.

    ``before`` and ``after`` are moments; ``is_`` and ``has`` hold words of `IS` and `HAS`.
    ``misread`` holds what was meant as a filter but could not be read, said back to the person.
    """

    text: str
    number: int | None = None
    terms: list[Term] = field(default_factory=list)
    is_: set[str] = field(default_factory=set)
    has: set[str] = field(default_factory=set)
    tags: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    before: datetime | None = None
    after: datetime | None = None
    misread: list[str] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        return any(not term.is_absent for term in self.terms)

    @property
    def has_filters(self) -> bool:
        lists = self.is_, self.has, self.tags, self.departments, self.assignees
        return any(lists) or self.before is not None or self.after is not None


def understand(text: str) -> Query:
    """Read a search: words, "phrases", -words, #numbers, and filters such as from: is: before: tag: in:.

    Never fails: what cannot be read as a filter is searched for as words and named in ``misread``.
    """
    query = Query(text=text.replace("\0", " ").strip()[:1000])
    if number := _NUMBER.match(query.text):
        query.number = int(number[1])
    for minus, name, phrase, plain in _PIECE.findall(query.text):
        value = phrase or plain
        reader = _FILTERS.get(name.lower()) if name else None
        if reader is None:
            _add_term(query, f"{name} {value}" if name else value, is_absent=bool(minus))
        elif not reader(query, value.strip()):
            query.misread.append(f"{name}:{value}")
            _add_term(query, value)
    return query


def _add_term(query: Query, value: str, *, part: str = "", is_absent: bool = False) -> bool:
    found = tuple(words(value))
    if found and len(query.terms) < MOST_WORDS:
        query.terms.append(Term(found[:MOST_WORDS], part, is_absent))
    return bool(found)


def _one_of(target: str, known: tuple[str, ...]) -> Callable[[Query, str], bool]:
    def read(query: Query, value: str) -> bool:
        if value.lower() in known:
            getattr(query, target).add(value.lower())
        return value.lower() in known

    return read


def _listed(target: str) -> Callable[[Query, str], bool]:
    def read(query: Query, value: str) -> bool:
        getattr(query, target).append(value)
        return bool(value)

    return read


def _moment(target: str) -> Callable[[Query, str], bool]:
    def read(query: Query, value: str) -> bool:
        day = _day(value)
        if day is not None:
            setattr(query, target, datetime(day.year, day.month, day.day, tzinfo=UTC))
        return day is not None

    return read


def _day(value: str) -> date | None:
    """A day as 2026-03-02, a month as 2026-03, a year as 2026."""
    parts = [*value.split("-"), "1", "1"][:3]
    try:
        day = date(*(int(p) for p in parts))
    except (ValueError, TypeError, OverflowError):
        return None
    return day if day.year < date.max.year else None  # the day after it must be a day too


def _on(query: Query, value: str) -> bool:
    if (day := _day(value)) is None:
        return False
    query.after = datetime(day.year, day.month, day.day, tzinfo=UTC)
    query.before = query.after + timedelta(days=1)
    return True


_FILTERS: dict[str, Callable[[Query, str], bool]] = {
    "from": lambda query, value: _add_term(query, value, part="who"),
    "subject": lambda query, value: _add_term(query, value, part="subject"),
    "is": _one_of("is_", IS),
    "has": _one_of("has", HAS),
    "tag": _listed("tags"),
    "in": _listed("departments"),
    "department": _listed("departments"),
    "assignee": _listed("assignees"),
    "before": _moment("before"),
    "after": _moment("after"),
    "on": _on,
}
