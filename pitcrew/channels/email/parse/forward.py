"""Forwarded mails: who wrote the original, about what, and their words."""

import re

from .html_text import readable
from .inbound import Address, Forwarded
from .reply.attribution import MOST_LINES, is_attribution, might_end
from .reply.header_block import HeaderBlock, header_block, is_rule, role_of, separator
from .reply.languages import FORWARD_PHRASES, FORWARD_PREFIXES, HEADER_ROLE, fold
from .reply.strip import is_forward_subject

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_QUOTED = re.compile(r"(?:> ?)+")
_ONE_LINE = re.compile(r"\s{0,20}-{3,12}\s{0,3}([^-\s][^-]{2,60}?)\s{0,3}-{3,12}\s{0,3}(?=\S)")
_LABELS = re.compile(
    r"(?:(?<=[\s>])|(?-i:(?<=[\w.)])(?=[^\W\d_a-z]))|^)("
    + "|".join(re.escape(label) for label in sorted(HEADER_ROLE, key=len, reverse=True) if len(label) > 1)
    + r")\s?[:：]",
    re.I,
)
_NAME_MARKS = " \t\"'<>()[]{}*,;:«»„“”‚‘’\u200e\u200f"
_CLEANED = str.maketrans({"\u00a0": " ", "\ufeff": None, "\u200b": None, "\r": "\n"})
_FAR = 400
_LONGEST = 2_000_000


def forwarded(text: str, html: str = "", subject: str = "") -> Forwarded | None:
    """The original mail inside a forwarded one: its sender, subject and words; None when nothing is forwarded.

    `text` is the plain text of the mail, `html` is read when there is none. A separator ("Forwarded
    message", "Begin forwarded message:" and their translations) is enough; headers, "Original message" or
    an attribution alone count when the subject is marked as forwarded, since replies carry them too.
    """
    lines = (text if text.strip() else readable(html))[:_LONGEST].replace("\r\n", "\n").translate(_CLEANED).split("\n")
    marked = is_forward_subject(subject)
    for at, line in enumerate(lines[:_FAR]):
        found = _from_separator(lines, at, line, marked) or (_from_headers(lines, at) if marked else None)
        if found:
            break
    else:
        found = _from_attribution(lines, 0, _FAR) if marked else None
    if found and not found.subject:
        found.subject = without_prefixes(subject)
    return found


def without_prefixes(subject: str) -> str:
    """A subject without its forward marks ("Fwd: WG: ...")."""
    subject = subject.strip()
    if subject.startswith("[") and subject.endswith("]") and is_forward_subject(subject):
        subject = subject[1:-1]
    for _ in range(5):
        prefix, colon, rest = subject.replace("：", ":", 1).partition(":")
        if not colon or fold(prefix) not in FORWARD_PREFIXES:
            return subject
        subject = rest.strip()
    return subject


def sender_in(value: str) -> Address | None:
    """The person a "From:" line names: "Ann Lee <a@b.example>", "Ann [mailto:a@b.example]", "a@b.example"."""
    value = value[:500].replace("mailto:", " ")
    found = _ADDRESS.search(value)
    if not found:
        return None
    name = value[: found.start()].strip(_NAME_MARKS)
    return Address(name=name, email=found[0].rstrip(".").lower())


def _from_separator(lines: list[str], at: int, line: str, marked: bool) -> Forwarded | None:
    kind = separator(line)
    if kind == "forward" or (kind and marked) or (marked and is_rule(line)):
        head = _next_words(lines, at + 1)
        if head is None:
            return None
        return _from_headers(lines, head, sure=bool(kind)) or (
            _from_attribution(lines, head, head + MOST_LINES) if kind else None
        )
    return _from_one_line(lines, at, line)


def _next_words(lines: list[str], at: int) -> int | None:
    return next((here for here in range(at, min(at + 6, len(lines))) if lines[here].strip(" >\t")), None)


def _from_headers(lines: list[str], at: int, *, sure: bool = False) -> Forwarded | None:
    if not role_of(lines[at])[0]:
        return None
    block = header_block(lines, at, sure=sure)
    if block is None or "from" not in block.values:
        return None
    return _made(block, lines, quoted=lines[at].lstrip().startswith(">"))


def _made(block: HeaderBlock, lines: list[str], *, quoted: bool) -> Forwarded:
    return Forwarded(
        sender=sender_in(block.values["from"]),
        subject=block.values.get("subject", ""),
        body=_body(lines[block.end :], quoted=quoted),
    )


def _body(lines: list[str], *, quoted: bool) -> str:
    """The words of the original, freed of the ">" or the four blanks that set the whole of it apart."""
    if quoted:
        lines = [_without_one_quote(line) for line in lines]
    words = [line for line in lines if line.strip()]
    if words and all(line.startswith("    ") for line in words):
        lines = [line[4:] for line in lines]
    return "\n".join(lines).strip()


def _without_one_quote(line: str) -> str:
    bare = line.lstrip()
    return bare[2:] if bare.startswith("> ") else bare[1:] if bare.startswith(">") else line


def _from_one_line(lines: list[str], at: int, line: str) -> Forwarded | None:
    """The form that has the separator and all headers in one line, run together."""
    if "---" not in line[:30]:
        return None
    ruled = _ONE_LINE.match(line[:200])
    if not ruled or fold(ruled[1]) not in FORWARD_PHRASES:
        return None
    values: dict[str, str] = {}
    found = list(_LABELS.finditer(line, ruled.end(), ruled.end() + 4000))
    for this, following in zip(found, [*found[1:], None], strict=False):
        value = line[this.end() : following.start() if following else len(line)].strip()
        values.setdefault(HEADER_ROLE.get(fold(this[1]), "other"), value)
    if "from" not in values:
        return None
    block = HeaderBlock(end=at + 1, values=values)
    return _made(block, lines, quoted=False)


def _from_attribution(lines: list[str], start: int, end: int) -> Forwarded | None:
    """The form that names the original writer only: "On 28/10/2021, 12:46, Ann <a@b.example> wrote:"."""
    for at in range(start, min(end, len(lines))):
        if not lines[at].strip() or not might_end(lines[at].strip()):
            continue
        for first in range(at, max(start - 1, at - MOST_LINES), -1):
            joined = " ".join(part.strip() for part in lines[first : at + 1])
            if is_attribution(joined.strip("> ")) and _ADDRESS.search(joined):
                below = lines[at + 1 :]
                quoted = any(rest.startswith(">") for rest in below[:3])
                return Forwarded(sender=_writer(joined), subject="", body=_body(below, quoted=quoted))
    return None


def _writer(attribution: str) -> Address | None:
    """Who an attribution names; dates and verbs around the name are no part of it."""
    address = sender_in(attribution)
    if address:
        before = attribution[: attribution.lower().find(address.email)]
        named = re.search(r"[\"«„“]([^\"»”]{1,80})[\"»”]\s{0,3}[<(\[ ]{0,3}(?:mailto:)?$", before)
        tail = re.split(r"[,\d]|\b(?:wrote|schrieb|skrev|heeft|schreef|id\w+ban|giorno|пользователь)\b", before)[-1]
        address.name = (named[1] if named else tail).strip(_NAME_MARKS)
    return address
