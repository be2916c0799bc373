"""Read HTML once, from front to back, and keep only tags that are allowed and nesting that is bearable.

The tree builders behind us take quadratic time (minutes for a mail of 1 MB) on very deep nesting and on
unclosed formatting. This scan cuts the text into tokens as the standard's tokenizer does, so nothing can hide
from it in comments, quotes or raw text, and never looks at a character more than a bounded number of times.

Source: HTML Living Standard, 13.2.5 (tokenization) and 13.2.6 (tree construction).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pitcrew.kit.mail_html.nesting import DEEPEST, Balanced, TooTangled, Trusting
from pitcrew.kit.mail_html.words import ATTRIBUTES, LITERAL, RENAMED, SELECTABLE, UNSEEN, VOID

_WS = r"[\t\n\f\r ]"
_VALUE = r"""(?:"[^"]*"|'[^']*'|(?=>)|[^\t\n\f\r >"'][^\t\n\f\r >]*+)"""
_ATTRIBUTE = rf"[^\t\n\f\r />][^\t\n\f\r />=]*+(?:{_WS}*+={_WS}*+{_VALUE}|(?!{_WS}*+=))"
_TOKEN = re.compile(
    rf"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?][^>]*+(?:>|\Z)|/(?:>|[^a-zA-Z>][^>]*+(?:>|\Z))"
    rf"|(?P<end>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*+)"
    rf"(?P<rest>(?:[\t\n\f\r /]++|{_ATTRIBUTE})*+)(?P<whole>>)?)",
    re.DOTALL,
)
_PAIR = re.compile(
    r"""([^\t\n\f\r />][^\t\n\f\r />=]*+)(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+("[^"]*"|'[^']*'|[^\t\n\f\r >]*+))?""",
)
_SURROGATE = re.compile("[\ud800-\udfff]")

LONGEST = 12_000_000  # characters of HTML read; a picture inside the text may be large
MOST_TAGS = 60_000
MOST_STYLE = 300_000
MOST_REFERENCES = 2_000  # in one run of text; the tree builder takes quadratic time on more
_LONG_TAG = 300
_WANTED = frozenset(name for names in ATTRIBUTES.values() for name in names) | SELECTABLE | {"name"}


@dataclass
class Scanned:
    """A mail body cut down to allowed tags: the fragment, its style sheets and what body and html said."""

    fragment: str = ""
    styles: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    html: str = ""
    remote_pictures: int = 0


class Token(NamedTuple):
    """One piece of HTML: text (name is empty), a start tag or an end tag; `rest` holds text or attributes."""

    name: str
    rest: str
    ends: bool = False


def attributes(rest: str) -> dict[str, str]:
    """The attributes written in a start tag, first of each name, undecoded and without quotes."""
    found: dict[str, str] = {}
    for name, value in _PAIR.findall(rest):
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        found.setdefault(name.lower(), value)
    return found


def tokens(html: str) -> Iterator[Token]:
    """The pieces of `html` in order, without comments and declarations; raw text comes with its start tag."""
    at = 0
    while match := _TOKEN.search(html, at):
        if match.start() > at:
            yield Token("", html[at : match.start()])
        at = match.end()
        name = match["name"]
        if name is None:
            continue
        if match["whole"] is None:
            return  # a tag that never closes: every browser drops the rest
        name = name.lower()
        yield Token(name, match["rest"], bool(match["end"]))
        if not match["end"] and (name in UNSEEN or name in LITERAL):
            stop = _end_of_raw(html, name, at)
            yield Token("#raw", html[at:stop])
            at = stop
    if at < len(html):
        yield Token("", html[at:])


def _end_of_raw(html: str, name: str, at: int) -> int:
    if name == "plaintext":
        return len(html)
    close = _RAW_END[name].search(html, at)
    return close.start() if close else len(html)


_RAW_END = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in (*UNSEEN, *LITERAL)}


def scan(html: str, allowed: frozenset[str]) -> Scanned:
    """Cut `html` down to the `allowed` tags with nesting a tree builder can bear; text and links all stay.

    Where the nesting is tangled beyond what can be trusted, it is rewritten balanced and at most so deep.
    """
    html = _SURROGATE.sub("\ufffd", html[:LONGEST]).replace("\x00", "")
    try:
        return _Scan(allowed, Trusting()).read(html)
    except TooTangled:
        return _Scan(allowed, Balanced(DEEPEST)).read(html)


class _Scan:
    def __init__(self, allowed: frozenset[str], nesting: Trusting | Balanced):
        self.allowed = allowed
        self.nesting = nesting
        self.out: list[str] = []
        self.found = Scanned()
        self.raw_of = Token("", "")
        self.tags = self.references = 0
        self.style_room = MOST_STYLE

    def read(self, html: str) -> Scanned:
        for token in tokens(html):
            if token.name == "":
                self.out.append(self._text(token.rest))
            elif token.name == "#raw":
                self._raw(token.rest)
            elif token.ends:
                self._end(token.name)
            else:
                self._start(token)
        self.out.append(self.nesting.rest())
        self.found.fragment = "".join(self.out)
        return self.found

    def _text(self, text: str) -> str:
        """The text, with a break here and there when it holds thousands of `&`: see MOST_REFERENCES."""
        text = text.replace("<", "&lt;")
        self.references += text.count("&")
        if self.references <= MOST_REFERENCES:
            return text
        self.references = 0
        pieces = text.split("&")
        parts = [pieces[at : at + MOST_REFERENCES] for at in range(0, len(pieces), MOST_REFERENCES)]
        return "<wbr>&".join("&".join(part) for part in parts) + "<wbr>"

    def _raw(self, text: str) -> None:
        name = self.raw_of.name
        if name == "style" and len(text) <= self.style_room:
            self.style_room -= len(text)
            self.found.styles.append((attributes(self.raw_of.rest).get("media", ""), text))
        elif name in LITERAL and LITERAL[name] in self.allowed:
            box = LITERAL[name]
            opened, closed = self.nesting.start(box, ""), self.nesting.end(box)
            self.out += [opened, self._text(text), closed]

    def _end(self, name: str) -> None:
        name = RENAMED.get(name, name)
        if name in self.allowed and name not in VOID and self.tags < MOST_TAGS:
            self.out.append(self.nesting.end(name))
        elif name == "br":
            self.out.append("<br>")

    def _start(self, token: Token) -> None:
        name = RENAMED.get(token.name, token.name)
        self.raw_of = token
        if name in ("body", "html"):
            if not getattr(self.found, name):
                setattr(self.found, name, token.rest)
        elif name in self.allowed and self.tags < MOST_TAGS:
            self.tags += 1
            rest = token.rest if len(token.rest) < _LONG_TAG else _short(token.rest)
            if name == "img":
                self.found.remote_pictures += is_remote(attributes(rest).get("src", ""))
            self.out.append(self.nesting.start(name, rest))


def _short(rest: str) -> str:
    """The same attributes, only those we know: a tag with 100,000 of them would cost a minute."""
    pairs = attributes(rest).items()
    return "".join(f' {name}="{value.replace(chr(34), "&quot;")}"' for name, value in pairs if name in _WANTED)


def is_remote(source: str) -> bool:
    """Would this picture be fetched from somewhere else?"""
    return source.strip().lower().startswith(("http:", "https:", "//"))
