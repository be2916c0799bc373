"""What somebody says about a leg, in plain words or by a button: I take it, a question, not for us, done."""

import re
from dataclasses import dataclass, field
from typing import Any

TAKE, ASK, DECLINE, DONE = "take", "ask", "decline", "done"
LONGEST = 20_000  # characters of one answer
BOLD = 40  # of its first characters those that only make it bold do not count


@dataclass(frozen=True)
class Said:
    """``verb`` is one of the four, or empty where nobody could tell; ``words`` are what goes with it."""

    verb: str = ""
    words: str = ""
    outcome: dict[str, Any] = field(default_factory=dict)


_END = r"(?=\s*(?:[.,:;!)\u2013\u2014-]|\n|\Z))"
_GREETING = re.compile(r"\A\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^\n.:;?]{0,60}(?:\n|\Z)", re.I)
_WILL = (
    r"(?:(?:ok|okay|yes|sure|fine|thanks)[\s,.!:;-]*)?"
    r"(?:(?:i|we)(?:\s*['\u2019]ll|\s*['\u2019]ve|\s+will|\s+can|\s+have)?\s+)?"
)
_WHAT = r"(?:\s+(?:it|this|this one|that|care of (?:it|this|that)|it over))?"
_IS = (
    r"(?:(?:ok|okay|yes|it|this|that|all|everything|we|i)"
    r"(?:\s*['\u2019]s|\s+is|\s+are|\s+am|\s+was|\s*['\u2019]m)?[\s,]+)?"
)
_NO = (
    r"(?:no|not (?:for )?us|not ours|not mine)\b[\s,.]*"
    r"(?:because\b|[:\u2013\u2014-])[\s,:]*(?:because\b[\s,:]*)?"
)
_PATTERNS = (
    (ASK, re.compile(r"(?:a |one |my |i have a |we have a )?question\s*[:.,\u2013\u2014-]\s*", re.I)),
    (DECLINE, re.compile(_NO, re.I)),
    (TAKE, re.compile(rf"{_WILL}(?:take|took|taken|accept|accepted|got){_WHAT}{_END}", re.I)),
    (DONE, re.compile(rf"{_IS}(?:done|finished|completed|delivered){_END}[\s.,:;!\u2013\u2014-]*", re.I)),
)


def understood(text: str) -> Said:
    """What an answer in plain words means. Its first words decide; where they do not, nothing is guessed.

    A question and a refusal need words of their own: "no" alone says not why.
    """
    text = text.replace("\0", "").strip()[:LONGEST]
    body = _GREETING.sub("", text, count=1).lstrip(" \t\r\n*_\"'\u201c\u2018")
    body = body[:BOLD].replace("*", "") + body[BOLD:]
    for verb, pattern in _PATTERNS:
        found = pattern.match(body)
        if not found:
            continue
        words = body[found.end() :].strip().strip('*_\u201d"').strip()
        if verb == TAKE:
            words = words.lstrip(".,:;!) -\u2013\u2014").strip()
        return Said(verb, words) if words or verb in (TAKE, DONE) else Said("", text)
    return Said("", text)


def with_fields(said: Said, asks: list[dict[str, Any]]) -> Said:
    """Done by mail: lines such as `Tracking number: 123` fill in what the step asks; one question needs no label."""
    if said.verb != DONE or not asks:
        return said
    names = {
        str(ask[name]).strip().casefold(): ask["key"] for ask in asks for name in ("key", "label") if ask.get(name)
    }
    outcome, rest = {}, []
    for line in said.words.splitlines():
        name, colon, value = line.partition(":")
        key = names.get(name.strip(" *-").casefold()) if colon else None
        if key and value.strip():
            outcome[key] = value.strip()
        else:
            rest.append(line)
    words = "\n".join(rest).strip()
    needed = [ask for ask in asks if ask.get("needed")]
    if not outcome and len(needed) == 1 and needed[0].get("kind") == "text" and words:
        outcome = {needed[0]["key"]: words}
    return Said(DONE, words, outcome)
