"""Blocks of mail headers copied into a text: "From: ... Sent: ... To: ... Subject: ...", in any language."""

import re
from dataclasses import dataclass, field

from .languages import FORWARD_OPENINGS, FORWARD_PHRASES, HEADER_ROLE, ORIGINAL_PHRASES, fold

_LONGEST_LABEL = 26
_MOST_LINES = 24
_MOST_CONTINUED = 2
_MARKS = " \t*_>|\u200e\u200f\ufeff"
_RULED = re.compile(r"[\s>*]{0,12}[-_=–—]{2,80}[\s*]{0,4}([^\s].{1,78}?)[\s*]{0,4}[-_=–—]{2,80}[\s*]{0,4}")
_RULE = re.compile(r"[\s>*]{0,20}[-_=~*—–#+]{3,200}\s*")


@dataclass(slots=True)
class HeaderBlock:
    """Headers found in a text: line `end` is the first line after them; values by role, first one wins."""

    end: int
    values: dict[str, str] = field(default_factory=dict)


def role_of(line: str) -> tuple[str, str]:
    """What a line is the header of, and its value: ("from", "Ann <a@b.example>"), or ("", "")."""
    label, colon, value = line[:200].partition(":")
    wide, wide_colon, wide_value = line[:200].partition("：")
    if wide_colon and len(wide) < len(label):
        label, colon, value = wide, wide_colon, wide_value
    if not colon or len(label) > _LONGEST_LABEL + 8:
        return "", ""
    role = HEADER_ROLE.get(fold(label.strip(_MARKS)), "")
    return (role, (value + line[200:]).strip(_MARKS.replace(">", ""))) if role else ("", "")


def header_block(lines: list[str], start: int, *, sure: bool = False) -> HeaderBlock | None:
    """The headers that begin on line `start`, or None when these are no headers of a mail.

    Two different headers at least, and an address or both sender and subject, since people also write
    "From: Berlin, To: Munich, Date: 3 May". `sure` (a separator stands above) asks for one header only.
    """
    if not role_of(lines[start])[0]:
        return None
    block = HeaderBlock(start)
    address, last = _read(lines, start, block)
    if not last:
        return None
    roles = set(block.values) - {"other"}
    if sure and roles & {"from", "date", "subject"}:
        return block
    enough = len(roles) >= 2 and bool(roles & {"from", "date"})
    return block if enough and (address or {"from", "subject"} <= roles) else None


def _read(lines: list[str], start: int, block: HeaderBlock) -> tuple[bool, str]:
    address, last, continued = False, "", 0
    for at in range(start, min(len(lines), start + _MOST_LINES)):
        role, value = role_of(lines[at])
        if role:
            # A second sender is the next mail in the chain, not this one.
            if role in block.values and role in ("from", "subject"):
                break
            block.values.setdefault(role, value)
            last, continued, block.end = role, 0, at + 1
            address = address or "@" in lines[at]
        elif _goes_on(lines, at, continued):
            if lines[at].strip(_MARKS):
                continued += 1
                block.values[last] = (block.values[last] + " " + lines[at].strip(_MARKS.replace(">", ""))).strip()
                address = address or "@" in lines[at]
                block.end = at + 1
        else:
            break
    return address, last


def _goes_on(lines: list[str], at: int, continued: int) -> bool:
    """Whether this line is part of the headers though it names none: folded, or blank between two."""
    if continued >= _MOST_CONTINUED:
        return False
    following = at + 1
    if not lines[at].strip(_MARKS):
        return following < len(lines) and bool(role_of(lines[following])[0])
    return any(role_of(line)[0] for line in lines[following : following + _MOST_CONTINUED - continued])


def separator(line: str) -> str:
    """What kind of separator a line is: "original", "forward" or "" (a mere rule is none)."""
    if len(line) > 240:
        return ""
    inside = line.strip(_MARKS)
    phrase = fold(inside.rstrip(":： "))
    if phrase in FORWARD_OPENINGS and inside.endswith((":", "：")):
        return "forward"
    if not inside.startswith(("-", "_", "=", "–", "—")):
        return ""
    ruled = _RULED.fullmatch(line.replace("&nbsp;", " "))
    return _kind_of(fold(ruled[1].strip(" *"))) if ruled else ""


def _kind_of(phrase: str) -> str:
    if phrase in FORWARD_PHRASES or phrase.startswith("forwarded by "):
        return "forward"
    if phrase in ORIGINAL_PHRASES or phrase.startswith("original message "):
        return "original"
    return ""


def is_rule(line: str) -> bool:
    """Whether a line is nothing but a drawn rule."""
    return bool(_RULE.fullmatch(line[:240]))
