"""Who a mail names: address lists as programs really write them (RFC 5322 section 3.4), in linear time."""

import re

from .encoded_words import decoded
from .inbound import Address
from .limits import MAX_ADDRESSES, MAX_HEADER_TEXT, MAX_NAME

# An encoded word is one piece, even if a program left a comma in it.
SIGNS = re.compile(r'(=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s<>"]{0,500}\?=|\\.|["(),:;<>])', re.S)
SPACES = re.compile(r"[ \t\r\n]+")
AROUND_DOTS = re.compile(r"\s?([.@])\s?")
BARE = re.compile(r"[^\s<>()\"',;:]{1,200}@[^\s<>()\"',;:]{1,255}")


class Entry:
    """One entry of a list while it is being read."""

    __slots__ = ("angle", "comment", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.angle: list[str] | None = None
        self.comment: list[str] = []

    def address(self) -> Address | None:
        """The entry as a person; None if it names nobody."""
        words = _tidy("".join(self.words))
        comment = _tidy("".join(self.comment))
        if self.angle is not None:
            email = _email("".join(self.angle))
            if "@" not in email and (inside := BARE.search(words)):
                return _person(words.replace(inside[0], ""), inside[0])
            return _person(words or comment, email) if email or words else None
        return _bare(words, comment)


def _bare(words: str, comment: str) -> Address | None:
    """An entry without angle brackets: an address, a name, or both."""
    closed_up = AROUND_DOTS.sub(r"\1", words)
    found = BARE.search(words)
    if "@" in words and " " not in closed_up and (whole := BARE.match(closed_up)):
        return _person(comment, whole[0])
    if found:
        rest = words.replace(found[0], " ")
        return _person(comment or (rest if rest.strip(" '\"<>") else ""), found[0])
    if words and " " not in words:
        return _person(comment, words)
    return _person(words, "") if words else None


class ListReader:
    """Reads an address list sign by sign; each sign is looked at once."""

    def __init__(self, quotes: bool) -> None:
        self.quotes = quotes
        self.quoted = False
        self.nesting = 0
        self.entry = Entry()
        self.entries: list[Entry] = []

    def take(self, piece: str) -> None:
        """The next sign or run of text."""
        if self.quoted:
            self._in_quotes(piece)
        elif self.nesting:
            self._in_comment(piece)
        elif piece == '"' and self.quotes:
            self.quoted = True
        elif self.entry.angle is not None and not self.closed:
            self._in_angle(piece)
        else:
            self._in_words(piece)

    closed = True

    def _in_quotes(self, piece: str) -> None:
        if piece == '"':
            self.quoted = False
            return
        text = piece[1] if len(piece) == 2 and piece[0] == "\\" else piece
        in_angle = self.entry.angle is not None and not self.closed
        target = self.entry.angle if in_angle and self.entry.angle is not None else self.entry.words
        target.append(text)

    def _in_comment(self, piece: str) -> None:
        if piece == "(":
            self.nesting += 1
        elif piece == ")":
            self.nesting -= 1
            self.entry.comment.append(" ")
        else:
            self.entry.comment.append(piece[1] if piece[0] == "\\" and len(piece) == 2 else piece)

    def _in_angle(self, piece: str) -> None:
        angle = self.entry.angle
        if piece == ">":
            self.closed = True
        elif piece == "(":
            self.nesting = 1
        elif piece == "<" or angle is None:
            self.entry.angle = []
        elif piece == ":":
            # <@route,@route:person@host>: the route is of no use any more (RFC 5322 section 4.4).
            if _is_route(angle):
                angle.clear()
            else:
                angle.append(piece)
        elif piece == ";" or (piece == "," and not _is_route(angle)):
            self.closed = True
            self._end()
        else:
            angle.append(piece)

    def _in_words(self, piece: str) -> None:
        if piece == "<":
            self.entry.angle, self.closed = [], False
        elif piece == "(":
            self.nesting = 1
        elif piece in ",;":
            self._end()
        elif piece == ":" and self.entry.angle is None:
            # What stands before a colon is the name of a group.
            self.entry = Entry()
        elif self.entry.angle is None:
            self.entry.words.append(piece[1] if piece[0] == "\\" and len(piece) == 2 else piece)

    def _end(self) -> None:
        if self.entry.words or self.entry.angle is not None or self.entry.comment:
            self.entries.append(self.entry)
        self.entry, self.closed = Entry(), True

    def finish(self) -> None:
        """The list is over."""
        self._end()


def addresses(value: str) -> list[Address]:
    """The people in an address header, in order, at most `MAX_ADDRESSES`; nobody left out but the empty."""
    pieces = [piece for piece in SIGNS.split(value[:MAX_HEADER_TEXT]) if piece]
    reader = _read(pieces, quotes=True)
    if reader.quoted:
        # A quote nobody closed would swallow the rest of the list.
        reader = _read(pieces, quotes=False)
    return _named(reader.entries)


def _named(entries: list[Entry]) -> list[Address]:
    """The entries as people; "Doe, John <j@x>" without quotes is one person, not two."""
    people: list[Address] = []
    before: Address | None = None
    label = ""
    for entry in entries:
        person = entry.address() or Address()
        if before:
            if entry.angle is not None and person.name:
                person.name = f"{label}, {person.name}"
            elif before.email:
                people.append(before)
            before = None
        if "@" not in person.email and entry.angle is None:
            before, label = person, person.name or _tidy("".join(entry.words))
        elif person.email or person.name:
            people.append(person)
    if before and before.email:
        people.append(before)
    return people


def _is_route(angle: list[str]) -> bool:
    return bool(angle) and angle[0].lstrip().startswith("@")


def _read(pieces: list[str], *, quotes: bool) -> ListReader:
    reader = ListReader(quotes)
    for piece in pieces:
        reader.take(piece)
        if len(reader.entries) >= MAX_ADDRESSES:
            reader.quoted = False
            return reader
    reader.finish()
    return reader


def _tidy(text: str) -> str:
    text = decoded(text)
    return SPACES.sub(" ", text).strip()


def _email(text: str) -> str:
    text = "".join(text.split())
    if text.lower().startswith("mailto:"):
        text = text[7:]
    return text.strip("'\"<>")[:320]


def _person(name: str, email: str) -> Address:
    name = SPACES.sub(" ", name).strip()
    if name.count('"') == 1:
        name = name.replace('"', "").strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return Address(name[:MAX_NAME], email.lower())
