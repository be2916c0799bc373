"""Lines that say who wrote the quoted text below: "On Mon, Jan 5, 2026 at 9:00 AM Ann <a@b.example> wrote:".

Mail programs wrap them over several lines and translate them; they are known by a word for "wrote" near
the end and by a date or an address, not by their exact form. Every look is at a bounded piece of text.
"""

import re

from .languages import OPENERS, WROTE, WROTE_UNSPACED

LONGEST = 400
MOST_LINES = 5

_OPENER = re.compile(
    r"(?:" + "|".join(re.escape(o) for o in sorted(OPENERS, key=len, reverse=True)) + r")\b\.?\s", re.I
)
_OPENED_DATE = re.compile(r"[^\d\n]{0,28}\d")
_DATED_START = re.compile(
    r"(?:[^\W\d]{1,14}[.,]{0,2} ){0,2}\(?\d{1,4}(?:(?:st|nd|rd|th|T|h)\b|[年月년]|(?![\w%]))", re.I
)
_WROTE = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(w) for w in sorted(WROTE, key=len, reverse=True)) + r")(?!\w)", re.I
)
_UNSPACED = re.compile("|".join(WROTE_UNSPACED))
_ADDRESS = re.compile(r"[\w.+'=-]{1,64}@[\w-]{1,63}\.?[\w.-]{0,100}")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}[:.h]\d\d\b|\d年|\d月|\d년")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
_FULL_DATE = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")
_ENDING = re.compile(r"[\s*_:：>\-–<]+$")
_DRAWN = " \t*_<>-\u200e\u200f\ufeff"
_COLONS = (":", "：")
_SENTENCE = re.compile(r"[a-zà-ÿ]{3,}[.!?] +[A-ZÀ-Þ][a-zà-ÿ]+ [a-zà-ÿ]{2,}|[!?] ")
_INLINE = re.compile(r"(?<=\s)On (?=(?:[A-Z][a-z]{2,8},? )?(?:[A-Z][a-z]{2,8}\.? \d|\d{1,4}[ ./-]))")
_RULED_WROTE = re.compile(
    r"-{2,20} ?[^-]{2,60} (?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|skrev):? ?-{2,20}"
)
_POSTED = re.compile(r"posted by .{1,80} on \d{1,2}/\d{1,2}/\d{4}$", re.I)
_ENDS = (":", "：", ">", "-", "*")


def might_end(line: str) -> bool:
    """Whether a line could be the last line of an attribution: a quick look that spares the others."""
    if line.endswith(_ENDS):
        return True
    if line.startswith(("20", "Posted", "> ")):
        return True
    last = line[-24:].rsplit(None, 1)
    return bool(last) and (last[-1].lower() in WROTE or bool(_UNSPACED.search(line[-12:])))


def is_attribution(line: str, *, quote_follows: bool = False) -> bool:
    """Whether this (unwrapped) line says who wrote the text below it.

    `quote_follows` tells that marked quoted text comes next: then a name and "wrote:" are enough.
    """
    if line.startswith("--") and line.endswith("--") and _RULED_WROTE.fullmatch(line[:120]):
        return True
    ruled = line.endswith("--")
    line = line.strip(_DRAWN)
    if not line or len(line) > LONGEST:
        return False
    if _UNSPACED.search(line[-20:]):
        return bool(_DATE.search(line) or _ADDRESS.search(line) or quote_follows)
    if _POSTED.match(line):
        return True
    wrote = _last(_WROTE, line)
    if wrote is None:
        return _dates_a_person(line, quote_follows)
    if _SENTENCE.search(line[: wrote.start()]):
        return False
    if not _ENDING.sub("", line[wrote.end() :]):
        return _wrote_ends(line, ruled or quote_follows, quote_follows)
    return _wrote_someone(line, wrote, quote_follows)


def _wrote_ends(line: str, marked: bool, quote_follows: bool) -> bool:
    """The form "(On date) somebody wrote:"; without a colon it needs an address or a mark around it."""
    colon = line.endswith(_COLONS)
    dated = starts_with_date(line)
    address = _ADDRESS.search(line)
    if address and (dated or quote_follows or _names_writer(line, address.start())):
        return colon or marked or dated
    if not colon and not marked:
        return False
    if _DATE.search(line) and dated:
        return True
    if colon and " via " in line:
        return True
    return quote_follows and colon and len(line.split()) <= 8


def _names_writer(line: str, address: int) -> bool:
    """Whether a line begins with a person: "Ann Lee <ann@b.example>", or with the bare address."""
    before = line[:address]
    return not before or (before.rstrip().endswith(("<", "(", "[", ":")) and len(before.split()) <= 8)


def _wrote_someone(line: str, wrote: re.Match[str], quote_follows: bool) -> bool:
    """The forms "On date wrote somebody:" and "Somebody wrote on date:"."""
    someone = line[wrote.end() :]
    if not line.endswith(_COLONS) or not _DATE.search(line) or _SENTENCE.search(someone):
        return False
    if _ADDRESS.search(line):
        return True
    return starts_with_date(line) and len(someone.split()) <= (8 if quote_follows else 4) and "," not in someone


def _dates_a_person(line: str, quote_follows: bool) -> bool:
    """A form without a verb: "2014-10-17 11:28 GMT+03:00 Bob <bob@example.com>:"."""
    if not starts_with_date(line):
        return False
    if " GMT" in line[:40] and _CLOCK.search(line[:24]) and _DATE.match(line):
        return True
    found = _last(_ADDRESS, line)
    if found is None or "<" not in line[: found.start()] or line[found.end() :].strip(" >)]:*"):
        return False
    dated = _CLOCK.search(line[: found.start()]) or _FULL_DATE.search(line[: found.start()])
    return bool(dated) and (line.endswith(":") or quote_follows)


def _last(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    matches = list(pattern.finditer(line))
    return matches[-1] if matches else None


def starts_with_date(line: str) -> bool:
    """Whether a line begins as a dated attribution does: "On Tue, 4 ...", "23 mar 2017 ...", "вт, 5 ..."."""
    opener = _OPENER.match(line)
    if opener and _OPENED_DATE.match(line, opener.end()):
        return True
    return bool(_DATED_START.match(line)) or line.startswith(("在", "于", "於", "20"))


def begins_inside(line: str) -> int:
    """Where an attribution starts that shares its line with the customer's words; 0 when there is none."""
    for found in _INLINE.finditer(line[:LONGEST]):
        rest = line[found.start() :]
        if (_CLOCK.search(rest) or _ADDRESS.search(rest)) and is_attribution(rest):
            return found.start()
    return 0


def span_ending(lines: list[str], last: int, floor: int, *, quote_follows: bool) -> int:
    """The first line of the attribution that ends on line `last`, or -1.

    `lines` are stripped; nothing before line `floor` is taken. Blank lines inside are passed over only
    where a program breaks an address apart ("Name\\n\\n<\\nmailto:...").
    """
    joined, shortest = lines[last], -1
    if is_attribution(joined, quote_follows=quote_follows):
        if starts_with_date(joined.lstrip(_DRAWN)):
            return last
        shortest = last
    first, taken = last, 1
    while taken < MOST_LINES:
        first = _line_before(lines, first, floor)
        if first < 0 or lines[first].endswith(("!", "?")):
            break
        joined, taken = lines[first] + " " + joined, taken + 1
        if len(joined) > LONGEST:
            break
        if starts_with_date(lines[first].lstrip(_DRAWN)) and is_attribution(joined, quote_follows=quote_follows):
            return first
        if shortest < 0 and _broken_address(lines[first + 1]) and is_attribution(joined):
            shortest = first
    return _with_name(lines, shortest, floor)


def _with_name(lines: list[str], first: int, floor: int) -> int:
    """A name alone on the line above "<ann@b.example> wrote:" belongs to the attribution."""
    if first <= floor or not lines[first].startswith("<"):
        return first
    words = lines[first - 1].strip("\"' ").split()
    return first - 1 if 0 < len(words) <= 4 and all(word[0].isupper() for word in words) else first


def _line_before(lines: list[str], at: int, floor: int) -> int:
    before = at - 1
    if before >= floor and not lines[before] and lines[at].startswith("<"):
        before -= 1
    return before if before >= floor and lines[before] else -1


def _broken_address(line: str) -> bool:
    return "@" in line and (line.startswith("<") or line.endswith(">"))
