"""What a subject is about: without the marks of replies and without our number."""

import re
from functools import lru_cache

NUMBER = re.compile(r"\[#(\d{1,15})\]")
_MARKS = "re|aw|antw|antwort|sv|vs|rv|ref|res|odp|ynt|fw|fwd|wg|tr|enc|回复|回覆|答复|转发|转寄"
REPLY_MARK = re.compile(rf"\s*(?:{_MARKS})(?:\s?\[\d{{1,3}}\]|\s?\(\d{{1,3}}\))?\s?[:：]", re.I)
LONGEST = 500


@lru_cache(maxsize=1024)
def base_subject(subject: str) -> str:
    """A subject without reply marks and our number."""
    rest = NUMBER.sub("", subject[:1000])
    for _ in range(20):
        mark = REPLY_MARK.match(rest)
        if not mark:
            break
        rest = rest[mark.end() :]
    return " ".join(rest.split())


def spellings(subject: str) -> set[str]:
    """The ways a conversation about this may be called."""
    base = base_subject(subject)
    usual = {f"{mark}{base}"[:LONGEST] for mark in ("", "Re: ", "RE: ", "AW: ", "Fwd: ", "FW: ", "WG: ")}
    return usual | {subject[:LONGEST]} if base else set()


def numbers(subject: str) -> list[int]:
    """Numbers of ours that a subject names."""
    return [int(number) for number in NUMBER.findall(subject[:2000])[:3]]


def has_reply_mark(subject: str) -> bool:
    """Whether a subject says that it answers or sends on."""
    return bool(REPLY_MARK.match(subject))
