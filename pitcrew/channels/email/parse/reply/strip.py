"""Which lines of a mail its writer wrote now: the rest is quoted, an attribution or a signature.

Every line gets a kind, as in talon: blank, text, quoted ("> "), or part of a marker (an attribution, a
block of headers, a separator). What may be dropped follows from their order. In doubt a line is kept.
"""

import re
from dataclasses import dataclass

from .attribution import begins_inside, is_attribution, might_end, span_ending
from .header_block import header_block, is_rule, separator
from .languages import FORWARD_PREFIXES, fold
from .signature import trimmed, without_rules_below, without_signature

BLANK, TEXT, QUOTE, MARKER, FORWARD = "e", "t", "q", "m", "f"
QUOTE_BELOW = "\ufffc-quote-\ufffc"
_MANY_WORDS = 12
# Nobody types more; below it quotes are known by ">" alone, so that time stays in proportion.
_MOST_LINES_EXAMINED = 4000
_LINK_REST = re.compile(r"[(<\[]?(?:https?://|mailto:|www\.)\S{1,500}[)>\]]? ?>?")
_REPLY_ABOVE = re.compile(
    r"""[\W_]{0,20}(?:please[ ])?(?:(?:type|write|enter|add)[ ])?(?:your[ ])?(?:reply|replies|respond|answer)
    [ ](?:\w{1,10}[ ]){0,3}above[ ]this[ ]line\b.{0,80}
    |[\W_]{0,20}bitte[ ](?:antworten[ ]sie[ ])?(?:nur[ ])?(?:ober|über)\w{0,6}[ ](?:halb[ ])?dieser[ ]zeile\b.{0,80}
    |[\W_]{0,20}(?:veuillez[ ])?répond\w{1,3}[ ]au-dessus[ ]de[ ]cette[ ]ligne\b.{0,80}""",
    re.I | re.X,
)
_INITIALS = re.compile(r"[A-Z][A-Za-z]{0,14}>(?: |$)")
_CLEANED = str.maketrans({"\u00a0": " ", "\ufeff": None, "\u200b": None, "\u2028": "\n", "\r": "\n"})


@dataclass(slots=True)
class Lines:
    """A text line by line, with the kind of every line."""

    lines: list[str]
    kinds: list[str]

    def next_words(self, at: int) -> int:
        """The next line from `at` on that is not blank; the number of lines when there is none."""
        while at < len(self.kinds) and self.kinds[at] == BLANK:
            at += 1
        return at

    def past(self, at: int, kinds: str) -> int:
        """The first line from `at` on that is none of these kinds."""
        while at < len(self.kinds) and self.kinds[at] in kinds:
            at += 1
        return at


def is_forward_subject(subject: str) -> bool:
    """Whether a subject begins with a forward mark of some language: "Fwd:", "WG:", "TR:"."""
    prefix, colon, _ = subject.strip(" [")[:16].replace("：", ":").partition(":")
    return bool(colon) and fold(prefix) in FORWARD_PREFIXES


def read(text: str) -> Lines:
    """Find the kind of every line of a text."""
    if not text.isascii() or "\r" in text:
        text = text.replace("\r\n", "\n").translate(_CLEANED)
    raw = text.split("\n")
    lines = _inline_split(raw)
    found = Lines(lines, _plain_kinds(lines))
    _mark_blocks(found)
    _mark_attributions(found)
    return found


def _inline_split(raw: list[str]) -> list[str]:
    """Lines where an attribution shares its line with the customer's words become two."""
    if not any(" On " in line for line in raw[:_MOST_LINES_EXAMINED]):
        return raw
    lines = []
    for line in raw[:_MOST_LINES_EXAMINED]:
        at = begins_inside(line) if " On " in line and might_end(line.rstrip()) else 0
        lines.extend([line[:at], line[at:]] if at and line[:at].strip(" >") else [line])
    return lines + raw[_MOST_LINES_EXAMINED:]


def _plain_kinds(lines: list[str]) -> list[str]:
    kinds, open_link = [], 0
    for line in lines:
        bare = line.strip()
        if not bare:
            kinds.append(BLANK)
            open_link = 0
            continue
        # A ">" that closes a link broken over two lines quotes nothing.
        kinds.append(QUOTE if bare[0] == ">" and not open_link else TEXT)
        if kinds[-1] == TEXT and ("<" in bare or open_link):
            open_link = max(0, open_link + bare.count("<") - bare.count(">"))
    return kinds


def _mark_blocks(found: Lines) -> None:
    """Mark header blocks and separators, with the rules drawn above them."""
    lines, kinds = found.lines, found.kinds
    at = 0
    while at < min(len(lines), _MOST_LINES_EXAMINED):
        if kinds[at] != TEXT:
            at += 1
            continue
        at = _mark_one(found, at, _separates(lines[at]))


def _separates(line: str) -> str:
    if line.startswith(QUOTE_BELOW) or (len(line) < 160 and "e" in line and _REPLY_ABOVE.fullmatch(line.strip())):
        return MARKER
    return {"original": MARKER, "forward": FORWARD}.get(separator(line), "")


def _mark_one(found: Lines, at: int, kind: str) -> int:
    lines, kinds = found.lines, found.kinds
    head = found.next_words(at + 1) if kind else at
    sure = bool(kind) or _rule_above(found, at)
    block = header_block(lines, head, sure=sure) if head < len(lines) and kinds[head] == TEXT else None
    end = block.end if block else at + bool(kind)
    for line in range(at, end):
        kinds[line] = kind or MARKER
    return max(end, at + 1)


def _rule_above(found: Lines, at: int) -> bool:
    above = at - 1
    while above >= 0 and above > at - 3 and found.kinds[above] == BLANK:
        above -= 1
    if above < 0 or found.kinds[above] != TEXT or not is_rule(found.lines[above]):
        return False
    return "__" in found.lines[above] or ("@" in found.lines[at] and "-" in found.lines[above])


def _mark_attributions(found: Lines) -> None:
    lines, kinds = found.lines, found.kinds
    bare = [line.strip() for line in lines[:_MOST_LINES_EXAMINED]]
    floor = 0
    for at, line in enumerate(bare):
        if kinds[at] == MARKER or kinds[at] == FORWARD:
            floor = at + 1
        elif kinds[at] == TEXT and might_end(line):
            follows = found.next_words(at + 1)
            quoted = follows < len(kinds) and (
                kinds[follows] == QUOTE or bool(_INITIALS.match(lines[follows].lstrip()))
            )
            first = span_ending(bare, at, floor, quote_follows=quoted)
            if first >= 0:
                kinds[first : at + 1] = [MARKER] * (at + 1 - first)
                floor = at + 1
        elif kinds[at] == QUOTE:
            floor = at + 1
    _mark_broken_quotes(found, bare)


def _mark_broken_quotes(found: Lines, bare: list[str]) -> None:
    """Below an attribution "C> " and "|" quote too; a link alone between quoted lines belongs to them."""
    kinds, mark, above = found.kinds, "", ""
    for at, line in enumerate(bare):
        if kinds[at] == MARKER:
            following = found.next_words(at + 1)
            barred = following < len(bare) and bare[following].startswith("|")
            mark = "|" if barred else ">"
        elif kinds[at] == TEXT and _quotes_otherwise(line, mark, above):
            kinds[at] = QUOTE
        if kinds[at] != BLANK:
            above = kinds[at]


def _quotes_otherwise(line: str, mark: str, above: str) -> bool:
    if mark == "|" and line.startswith("|"):
        return True
    if mark and _INITIALS.match(line):
        return True
    return above == QUOTE and bool(_LINK_REST.fullmatch(line[:600]))


def own_lines(found: Lines, *, is_forward: bool = False) -> tuple[list[str], bool]:
    """The lines the writer wrote, and whether anything quoted was found.

    A forwarded mail is given whole: what the writer passes on is what they have to say.
    """
    first = next((at for at, kind in enumerate(found.kinds) if kind in (MARKER, FORWARD)), -1)
    if first >= 0 and (found.kinds[first] == FORWARD or (is_forward and _nothing_said(found, first))):
        return _forward(found, first), True
    if first < 0 and QUOTE not in found.kinds:
        return without_signature(found.lines), False
    return _Answer(found).lines(), True


def _nothing_said(found: Lines, first: int) -> bool:
    return QUOTE not in found.kinds[:first]


def _forward(found: Lines, first: int) -> list[str]:
    if TEXT in found.kinds[:first]:
        return found.lines
    return found.lines[found.past(first, MARKER + FORWARD) :]


class _Answer:
    """Walks over the kinds of the lines and keeps what is the writer's."""

    def __init__(self, found: Lines) -> None:
        self.found = found
        self.kept: list[str] = []
        self.has_words = False

    def lines(self) -> list[str]:
        found, at, end = self.found, 0, len(self.found.kinds)
        while at < end:
            kind = found.kinds[at]
            if kind in (TEXT, BLANK):
                upto = found.past(at, TEXT + BLANK)
                self._keep_text(found.lines[at:upto], upto < end)
                at = upto
            else:
                at = self._quoted(at)
        return trimmed(self.kept)

    def _keep_text(self, lines: list[str], quote_below: bool) -> None:
        if quote_below:
            lines = without_rules_below(lines)
        words = without_signature(lines, spoken=self.has_words)
        if words:
            self.kept.extend(words if not self.kept else ["", *words])
            self.has_words = True

    def _quoted(self, at: int) -> int:
        """Decide over the marker or quote on line `at`; gives the line to go on with."""
        found = self.found
        body = found.next_words(found.past(at, MARKER + FORWARD + BLANK))
        marked = body > at or self._opens_with_marker(at)
        if body >= len(found.kinds) or found.kinds[body] != QUOTE:
            # The text below is not marked as quoted: all of it is, once the writer has said something.
            return len(found.kinds) if self.has_words else body
        after = found.next_words(found.past(body, QUOTE + BLANK))
        if after >= len(found.kinds) or self._only_signed(after):
            return self._last_quote(body, marked)
        if self._answers(after, marked):
            self.kept.extend([*([""] if self.kept else []), *trimmed(found.lines[body:after])])
        return after

    def _only_signed(self, after: int) -> bool:
        """Whether nothing but a signature stands below the last quote."""
        upto = self.found.past(after, TEXT + BLANK)
        return upto == len(self.found.kinds) and not without_signature(self.found.lines[after:], spoken=self.has_words)

    def _last_quote(self, body: int, marked: bool) -> int:
        if not marked and not self.has_words:
            self.kept.extend(self.found.lines[body:])
        return len(self.found.kinds)

    def _opens_with_marker(self, at: int) -> bool:
        """Whether quoted lines begin with an attribution or headers that are quoted themselves."""
        if at > _MOST_LINES_EXAMINED:
            return False
        quoted = [line.strip().lstrip("> ") for line in self.found.lines[at : at + 4]]
        if separator(quoted[0]) or header_block(quoted, 0):
            return True
        return any(
            might_end(quoted[count - 1]) and is_attribution(" ".join(quoted[:count]), quote_follows=True)
            for count in range(1, min(4, len(quoted) + 1))
        )

    def _answers(self, after: int, marked: bool) -> bool:
        """Whether the text from `after` on answers this quote, which is then kept beside it.

        So it is between two quotes, around a quote, and below a quote nobody is named for; below an
        attributed one it is the whole reply and needs no quote.
        """
        found = self.found
        if not marked:
            return True
        upto = found.past(after, TEXT + BLANK)
        if upto < len(found.kinds) and self._quote_from(upto):
            return True
        return self.has_words and sum(len(line.split()) for line in found.lines[after:upto][:40]) > _MANY_WORDS

    def _quote_from(self, at: int) -> bool:
        body = self.found.next_words(self.found.past(at, MARKER + BLANK))
        return body < len(self.found.kinds) and self.found.kinds[body] == QUOTE
