"""HTML mail as plain words: what a person reads, line by line, quotes marked with "> ". One linear pass."""

import html
import re

from .limits import MAX_READABLE

TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:_-]{0,40})")
MARKUP = re.compile(r"<[a-zA-Z/!?]")
ALT = re.compile(r"""\balt\s{0,20}=\s{0,20}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s>"']{1,2000}))""", re.I)
BLANKS = re.compile(r"[ \t\r\n\f]+")
# What a browser hides; of the first, everything to the end of the page if they are never closed.
HIDDEN_TO_THE_END = {"script", "style"}
HIDDEN = HIDDEN_TO_THE_END | {"head", "title", "noscript", "template", "xml"}
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "li",
    "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"}
DEEPEST_QUOTE = 12


class Writer:
    """The words so far, and where the next one goes."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.pre = 0
        self.space = False
        self.gap = False
        self.depth = 0

    def words(self, text: str) -> None:
        """Add text as it stands in the page."""
        if "&" in text:
            text = html.unescape(text)
        if self.pre:
            self._as_typed(text)
            return
        text = BLANKS.sub(" ", text)
        if text[:1] == " ":
            self.space, text = True, text[1:]
        if not text:
            return
        if self.space and self.line:
            self.line.append(" ")
        self.space = text[-1] == " "
        self.line.append(text[:-1] if self.space else text)

    def _as_typed(self, text: str) -> None:
        first, *rest = text.replace("\r\n", "\n").split("\n")
        self.line.append(first)
        for line in rest:
            self.end_line(always=True)
            self.line.append(line)

    def end_line(self, *, always: bool = False) -> None:
        """Go to a new line; an empty one is left out unless `always`."""
        text = "".join(self.line).replace("\xa0", " ").rstrip()
        self.line, self.space = [], False
        if not text and not always:
            return
        depth = min(self.quotes, DEEPEST_QUOTE)
        if self.gap and text:
            if self.lines and self.lines[-1].strip("> "):
                self.lines.append(("> " * min(depth, self.depth)).rstrip())
            self.gap = False
        self.lines.append(("> " * depth + text).rstrip())
        self.depth = depth

    def text(self) -> str:
        """All the words."""
        self.end_line()
        return "\n".join(self.lines).strip("\n")


class Reader:
    """Goes through a page once. What is not found behind one place is not looked for again behind it."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.writer = Writer()
        self.missing: set[str] = set()
        self.lower = ""

    def read(self) -> str:
        """The words of the page."""
        at, end = 0, len(self.page)
        while at < end:
            found = MARKUP.search(self.page, at)
            sign = found.start() if found else end
            if sign > at:
                self.writer.words(self.page[at:sign])
            at = self.markup(sign) if found else end
        return self.writer.text()

    def find(self, sign: str, at: int) -> int:
        """Where the sign stands next, -1 if nowhere."""
        if sign in self.missing:
            return -1
        found = self.page.find(sign, at)
        if found < 0:
            self.missing.add(sign)
        return found

    def markup(self, at: int) -> int:
        """Take what begins with `<` here; gives where the text goes on."""
        if self.page.startswith("<!--", at):
            # "<!-->" is a whole comment in HTML; one that is never closed hides only its sign.
            end = self.find("-->", at + 2)
            return end + 3 if end >= 0 else at + 4
        named = TAG.match(self.page, at + 1)
        if not named:
            end = self.find(">", at)
            return end + 1 if end >= 0 else len(self.page)
        end = self.end_of_tag(named.end())
        name, closing = named[1].lower(), self.page[at + 1] == "/"
        if name in HIDDEN and not closing and self.page[end - 2 : end] != "/>":
            return self.past(name, end)
        tag(self.writer, name, closing, self.page[named.end() : min(end, named.end() + 4000)])
        return end

    def end_of_tag(self, at: int) -> int:
        """Behind the `>` of a tag; one inside a quoted value does not count if the quote is closed soon."""
        end = self.find(">", at)
        if end < 0:
            return len(self.page)
        if self.page.count('"', at, end) % 2:
            closed = self.page.find('"', end, end + 4000)
            further = self.page.find(">", closed, closed + 4000) if closed >= 0 else -1
            if further >= 0:
                return further + 1
        return end + 1

    def past(self, name: str, at: int) -> int:
        """Behind `</name>`."""
        mark = "</" + name
        if mark not in self.missing:
            self.lower = self.lower or lowered(self.page)
            closing = self.lower.find(mark, at)
            if closing >= 0:
                return self.end_of_tag(closing)
            self.missing.add(mark)
        return len(self.page) if name in HIDDEN_TO_THE_END else at


def lowered(page: str) -> str:
    """Lower case of the same length: a few letters of Unicode grow when they are made small."""
    small = page.lower()
    return small if len(small) == len(page) else "".join(c.lower() if c.isascii() else c for c in page)


def readable(page: str) -> str:
    """The words of an HTML mail, for search, reply recognition and places that show plain text only."""
    return Reader(page[:MAX_READABLE]).read()


def tag(writer: Writer, name: str, closing: bool, inside: str) -> None:
    """What a tag does to the lines."""
    if name == "br":
        writer.end_line(always=True)
    elif name == "hr":
        writer.end_line()
        writer.line.append("-" * 20)
        writer.end_line()
    elif name in ("td", "th"):
        writer.space = True
    elif name == "img":
        found = ALT.search(inside)
        if found:
            writer.words(found[1] or found[2] or found[3] or "")
    elif name in BLOCKS:
        block(writer, name, closing)


def block(writer: Writer, name: str, closing: bool) -> None:
    """A block begins or ends on a line of its own."""
    writer.end_line()
    step = -1 if closing else 1
    writer.gap = writer.gap or name in APART
    if name == "blockquote":
        writer.quotes = max(0, writer.quotes + step)
    elif name == "pre":
        writer.pre = max(0, writer.pre + step)
    elif name == "li" and not closing:
        writer.line.append("* ")
