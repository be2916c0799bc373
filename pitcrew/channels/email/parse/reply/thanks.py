"""Whether a customer says thank you and nothing else."""

import re

from .courtesies import CLOSINGS, FILLER, GREETINGS, THANKS
from .languages import folded

_MOST_CHARACTERS = 400
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUESTION = re.compile(r"[?？;؟]")

_NO_NAMES = folded(
    """but|no|not|still|please|however|though|broken|never|nothing|wrong|help|aber|nicht|leider|bitte|noch|doch
    |mais|pas|non|toujours|pero|todavía|favor|ma|però|mas|não|ainda|maar|niet|nog|men|inte|ikke|ale|nie|но|не
    |але|fail|failed|error|cancel|refund|kündigung|urgent|dringend|when|why|how|what|where|who"""
)
_BROKEN_OFF = re.compile(r"[.!…]")
_LONGEST_PHRASE = 6
_UNSPACED = tuple(sorted((p for p in THANKS | FILLER | GREETINGS | CLOSINGS if p[0] > "\u2fff"), key=len, reverse=True))


def is_only_thanks(reply: str) -> bool:
    """Whether a reply is a bare thank-you, which does not reopen a closed conversation.

    `reply` is what `reply_text` gives. Every word must belong to thanks, praise, a greeting or a closing
    in one of many languages, or be a name where names stand; a question, a number or any other word makes
    it more than thanks. A thank-you taken for more costs a look; the other mistake costs a customer.
    """
    reply = reply.strip()
    if not reply or len(reply) > _MOST_CHARACTERS or _QUESTION.search(reply):
        return False
    thanked = False
    lines = reply.splitlines()
    for number, line in enumerate(lines):
        kinds = _line_says(line, thanked=thanked)
        if kinds is None:
            return False
        thanked = thanked or "thanks" in kinds
        if thanked and "closing" in kinds:
            return _names(list(_WORD.finditer(" ".join(lines[number + 1 :]))))
    return thanked


def _line_says(line: str, *, thanked: bool) -> set[str] | None:
    """What a line says: "thanks", "closing", "greeting", "filler"; None when it says anything else."""
    found = list(_WORD.finditer(line.replace("’", "'")))
    words = [match[0].casefold() for match in found]
    kinds: set[str] = set()
    at = 0
    while at < len(words):
        kind, length = _phrase(words, at)
        if not kind:
            before = line[found[at - 1].end() : found[at].start()] if at else ""
            return _named(line, before, found[at:], kinds, thanked=thanked)
        kinds.add(kind)
        at += length
    return kinds


def _named(line: str, before: str, found: list[re.Match[str]], kinds: set[str], *, thanked: bool) -> set[str] | None:
    """A line that ends in a name: "Thanks, Ann", or the name alone below the thanks."""
    if not _names(found) or not (kinds or thanked):
        return None
    # "Thanks. Broken." is no name.
    if _BROKEN_OFF.search(before if kinds else line):
        return None
    return kinds or {"closing"}


def _phrase(words: list[str], at: int) -> tuple[str, int]:
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
        phrase = " ".join(words[at : at + length])
        for kind, phrases in (
            ("thanks", THANKS),
            ("closing", CLOSINGS),
            ("filler", FILLER),
            ("greeting", GREETINGS),
        ):
            if phrase in phrases:
                return kind, length
    return _unspaced(words[at])


def _unspaced(word: str) -> tuple[str, int]:
    """A word of a language without blanks is taken apart into the phrases it is made of."""
    says = "filler"
    while word:
        phrase = next((known for known in _UNSPACED if word.startswith(known)), "")
        if not phrase:
            return "", 0
        says = "thanks" if phrase in THANKS else says
        word = word[len(phrase) :]
    return says, 1


def _names(found: list[re.Match[str]]) -> bool:
    """Whether these words can be names: three at most, written as names are."""
    words = [match[0] for match in found]
    return len(words) <= 3 and all(word.istitle() and word.casefold() not in _NO_NAMES for word in words)
