"""Which style declarations may stay, and what a style sheet says, read without trusting it.

Values may only be words, numbers, colours and quoted names: nothing that loads, computes, moves or paints
outside its own box. Source: CSS Syntax Module Level 3, CSS Values and Units Level 4.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pitcrew.kit.mail_html.words import STYLE, names

LONGEST_STYLE = 8_000
LONGEST_VALUE = 400
WINDOW = 800  # pixels; a desk shows mail about this wide
_FUNCTIONS = frozenset(["rgb", "rgba", "hsl", "hsla"])
_KEYWORDS = {
    "display": names(
        """block flex flow-root inline inline-block inline-flex inline-table list-item none table
        table-caption table-cell table-column table-column-group table-footer-group table-header-group
        table-row table-row-group""",
    ),
    "overflow": frozenset(["hidden"]),
    "overflow-x": frozenset(["hidden"]),
    "overflow-y": frozenset(["hidden"]),
}
_KEEP_HEIGHT = names("hr img table tbody td th thead tr")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n\f\r]?|([^0-9a-fA-F\n\f\r]))")
_URL = re.compile(r"url\([^)]*+\)?", re.IGNORECASE)
_ALLOWED = re.compile(r"[\w\s#%.,+\-'\"()\u00a0-\uffff/]*")
_FUNCTION = re.compile(r"([\w-]*)\s*\(")
_HUGE = re.compile(r"(?<![\w.#])\d{5,}")
_NEGATIVE = re.compile(r"(?<![\w.#])-[\d.]+[a-z%]*", re.IGNORECASE)
_SMALL_NEGATIVE = re.compile(r"-\d?(?:\.\d+)?(?:px|pt|em)?", re.IGNORECASE)
_IMPORTANT = re.compile(r"!\s*important\s*$", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACE = re.compile(r"""[{}]|"[^"\n]*"|'[^'\n]*'""")
_WIDTH = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)\s*(px|em|rem)?\s*\)")


def safe_style(style: str, tag: str) -> str:
    """The declarations of a style attribute that only change how the element itself looks.

    `tag` is the element's name: only pictures and table parts may be lower than what they hold.
    """
    if len(style) > LONGEST_STYLE:
        style = style[:LONGEST_STYLE].rpartition(";")[0]
    return _safe_style(style, tag in _KEEP_HEIGHT)


@lru_cache(maxsize=2048)
def _safe_style(style: str, keep_height: bool) -> str:
    found = declarations(style)
    if not keep_height and found.get("overflow") != "hidden":
        found.pop("max-height", None)
        height = found.pop("height", None)
        if height:
            found.setdefault("min-height", height)
    return ";".join(f"{name}:{value}" for name, value in found.items())


def declarations(style: str, mark: str = "") -> dict[str, str]:
    """Allowed properties and their cleaned values; a later one wins, an important one wins over that.

    `mark` is written behind the value of an important one.
    """
    found: dict[str, str] = {}
    important: dict[str, str] = {}
    for part in _COMMENT.sub(" ", style).split(";"):
        name, colon, value = part.partition(":")
        name = name.strip().lower()
        if name not in STYLE or not colon:
            continue
        into = important if _IMPORTANT.search(value) else found
        value = safe_value(name, _IMPORTANT.sub("", value))
        if value:
            into.pop(name, None)  # what stands later must also come later: shorthands
            into[name] = value + mark * (into is important)
    for name in important:
        found.pop(name, None)
    return found | important


def safe_value(name: str, value: str) -> str:
    """The value of one property if it is harmless, else the harmless part of it, else nothing."""
    if len(value) > LONGEST_VALUE and "url(" not in value.lower():
        return ""
    value = " ".join(_URL.sub(" ", _ESCAPE.sub(_unescaped, value)).split())
    if len(value) > LONGEST_VALUE or not _ALLOWED.fullmatch(value) or _HUGE.search(value):
        return ""
    if value.count('"') % 2 or value.count("'") % 2 or value.count("(") != value.count(")"):
        return ""
    if any(function.lower() not in _FUNCTIONS for function in _FUNCTION.findall(value)):
        return ""
    if name in _KEYWORDS and value.lower() not in _KEYWORDS[name]:
        return ""
    return _without_negatives(name, value)


def _without_negatives(name: str, value: str) -> str:
    """What is pushed out of its box by a negative number could lie over something else."""
    if name in ("letter-spacing", "word-spacing"):
        return value if not value.startswith("-") or _SMALL_NEGATIVE.fullmatch(value) else ""
    return value if name in ("font", "font-family") else _NEGATIVE.sub("0", value)


def _unescaped(escape: re.Match[str]) -> str:
    """The letter behind a CSS escape; anything but a letter or digit spoils the value on purpose."""
    letter = chr(min(int(escape[1], 16), 0x10FFFF)) if escape[1] else escape[2]
    return letter if letter.isalnum() or letter == "-" else "\\"


def rules(css: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """(selectors, declarations) of every rule that counts on a screen of `WINDOW` pixels, in order."""
    css = _COMMENT.sub(" ", css)
    open_braces = start = body = 0
    prelude = ""
    for match in _BRACE.finditer(css):
        if match[0] == "{":
            open_braces += 1
            if open_braces == 1:
                prelude, body = css[start : match.start()].rpartition(";")[2].strip(), match.end()
        elif match[0] == "}" and open_braces:
            open_braces -= 1
            if open_braces == 0:
                yield from _rule(prelude, css[body : match.start()], depth)
                start = match.end()
        elif match[0] == "}":
            start = match.end()


def _rule(prelude: str, body: str, depth: int) -> Iterator[tuple[str, str]]:
    if prelude[:6].lower() == "@media":
        if depth < 2 and applies(prelude[6:]):
            yield from rules(body, depth + 1)
    elif not prelude.startswith("@") and "{" not in body:
        yield prelude, body


def applies(media: str) -> bool:
    """Does a media query hold for a light screen of `WINDOW` pixels? What we do not know does not hold."""
    queries = media[:500].lower().split(",")
    return not media.strip() or any(_query_applies(query) for query in queries)


def _query_applies(query: str) -> bool:
    for bound, number, unit in _WIDTH.findall(query):
        pixels = float(number.rstrip(".") or 0) if number.count(".") < 2 else 0
        pixels *= 16 if unit in ("em", "rem") else 1
        if (pixels > WINDOW) if bound == "min" else (pixels < WINDOW):
            return False
    words = _WIDTH.sub(" ", query).replace("(prefers-color-scheme: light)", " ").split()
    return all(word in ("all", "and", "only", "screen") for word in words)
