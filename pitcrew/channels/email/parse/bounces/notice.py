"""What a server wrote in plain words: its notice, cut from the mail it returns, and the addresses in it."""

import re
from dataclasses import dataclass

from pitcrew.channels.email.parse.bounces.leaves import Leaves
from pitcrew.channels.email.parse.bounces.wording import tells_of_failure
from pitcrew.channels.email.parse.phrases import any_of

MAX_NOTICE = 20_000
MAX_REST = 200_000
MAX_LINES = 600
MAX_RECIPIENTS = 200
# The line after which the returned mail begins.
DIVIDER = re.compile(
    r"^[ \t>*=_#-]{0,80}(?:"
    r"(?:begin )?(?:the )?(?:original|returned|unsent|undelivered|offending) (?:message|mail|e-mail)"
    r"(?:[ \t]*$|[ \t]*[-:=*_(.]| (?:follow|header|attach|below|text|info|is included|details:?$))"
    r"|below (?:this line|is)|(?:(?:this|included|enclosed|attached|here) is )?an? copy of (?:the|your)"
    r"|(?:message|full|mail|original) headers? (?:follow|:?[ \t]*$)|message (?:header|text|content)s? follow"
    r"|(?:the )?(?:headers?|text|body|first .{1,20} lines|content) of (?:the|your) (?:original )?(?:message|mail)"
    r"|forwarded message|message header|ursprüngliche nachricht|original mail info"
    r"|message d'origine|mensaje original|mensagem original|messaggio originale"
    r"|(?:return-path|received|dkim-signature|mime-version|arc-seal):[ \t]?\S"
    r")[^\n]{0,200}$",
    re.I | re.M,
)
ANY = r"[^\s<>()\[\],;:\"'`|@\\]{1,64}@[a-z0-9][\w.-]{1,250}"
ADDRESS = re.compile(ANY, re.I)
AT_START = re.compile(
    r"[ \t>*•·\-]{0,12}(?:\(expanded from:[ \t]*)?[<\[(\"']?(?:smtp[:=]|mailto:)?("
    + ANY
    + r")[>\])\"']?[ \t]{0,8}(?:$|[:;,<()]|-[ \t]|\.\.\.|on [a-z]{3},)",
    re.I,
)
LABELLED = re.compile(
    r"\b(?:recipients?|address(?:es)?|users?|mailbox(?:es)?|rcpt to|to|for|account|alias|an|à|a|para|at)"
    r"[^\w@\n]{1,6}<?(?:smtp[:=]|mailto:)?("
    + ANY
    + r")|<?\b("
    + ANY
    + r")>?(?:\.\.\.|[ \t]+(?:is|was|could|does|on [a-z]{3},|-[ \t]))",
    re.I,
)
REPLY_WITH_ADDRESS = re.compile(r"(?:^|[\s:;>(])[45][0-5]\d[ -].{0,80}?<?(" + ANY + ")", re.I)
# Lines that name the sender, a person to ask, or an id: never a recipient.
NOT_A_RECIPIENT = any_of(
    r"(?:\b(?:from|sender|reply-to|return-path|message-id|in-reply-to|references|envelope-from|contact"
    r"|assistance|questions|help|abuse|support|please (?:send|mail|e-mail|call)"
    r"|mail from)\b[^\n@]{0,60}[:<( ][^\n@]{0,60}@)",
    r"^[ \t>]{0,8}(?:from|to|cc|subject|sent|date|received|x-[\w-]+|message-id)[ \t]{0,8}:",
)
RCPT = re.compile(r"rcpt to:?[ \t]{0,4}<", re.I)
SERVICE = re.compile(r"(?:postmaster|mailer-daemon|abuse|hostmaster|helpdesk|no-?reply|support)@", re.I)


@dataclass(slots=True)
class Notice:
    """What the server wrote (`text`) and, in the same text, the mail it returns (`rest`)."""

    text: str = ""
    rest: str = ""

    @classmethod
    def of(cls, text: str, mail: Leaves) -> "Notice":
        """Join the decoded body and the server's other text parts, then cut the returned mail off."""
        own = text if text.strip() else "\n".join(mail.texts)
        own = own[:MAX_REST].replace("\r\n", "\n")
        cut = _cut(own)
        return cls(own[:cut][:MAX_NOTICE], own[cut:])

    def unquoted(self) -> str:
        """The server's words without lines quoted with ">"."""
        return "\n".join(line for line in self.text.split("\n") if line.lstrip()[:1] != ">")

    def begins_with_address(self) -> bool:
        """Whether a line begins with an address, as in a list of recipients."""
        return any(AT_START.match(line) for line in self._lines())

    def any_address(self, *, ours: set[str]) -> list[tuple[str, str]]:
        """The only foreign address the notice names, when it names just one."""
        found = {_clean(a) for line in self._lines() if not NOT_A_RECIPIENT.search(line) for a in ADDRESS.findall(line)}
        found = {a for a in found if a not in ours and not SERVICE.match(a)}
        return [(found.pop(), self.text)] if len(found) == 1 else []

    def _lines(self) -> list[str]:
        return [line[:500] for line in self.text.split("\n", MAX_LINES)[:MAX_LINES] if "@" in line[:500]]


def recipients(notice: Notice, *, named: list[str], ours: set[str]) -> list[tuple[str, str]]:
    """The addresses a notice says it could not reach, each with what it says of it.

    `named` come from a header and are believed; else a line that begins with an address (qmail, Postfix,
    Exim and most others), else an address behind "to", "recipient", ..., else one in an SMTP reply.
    """
    lines = [line[:500] for line in notice.text.split("\n", MAX_LINES)[:MAX_LINES]]
    if named:
        return _with_words(list(dict.fromkeys(named)), lines)
    for find in (_at_start, _labelled, _in_replies, _beside_failure):
        found = [a for a in find(lines) if not SERVICE.match(a)] or find(lines)
        chosen = [address for address in found if address not in ours] or found
        if chosen:
            return _with_words(chosen, lines)
    return []


def _cut(own: str) -> int:
    """Where the returned mail begins; a divider before any word of the server's does not count."""
    for divider in DIVIDER.finditer(own, 0, MAX_NOTICE):
        if own[: divider.start()].strip():
            return divider.start()
    return len(own)


def _at_start(lines: list[str]) -> list[str]:
    found = [AT_START.match(line) for line in lines if "@" in line]
    return list(dict.fromkeys(_clean(hit.group(1)) for hit in found if hit))


def _labelled(lines: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for line in lines:
        if "@" in line and (RCPT.search(line) or not NOT_A_RECIPIENT.search(line)):
            for first, second in LABELLED.findall(line):
                found.setdefault(_clean(first or second))
    return list(found)


def _in_replies(lines: list[str]) -> list[str]:
    found = [REPLY_WITH_ADDRESS.search(line) for line in lines if "@" in line]
    return list(dict.fromkeys(_clean(hit.group(1)) for hit in found if hit))


def _beside_failure(lines: list[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if line.count("@") == 1 and tells_of_failure(line) and not NOT_A_RECIPIENT.search(line):
            found += ADDRESS.findall(line)
    return list(dict.fromkeys(_clean(address) for address in found))


def _clean(address: str) -> str:
    address = address.lower().rstrip(".-_")
    return address.partition("=")[2] if address.startswith(("smtp=", "rfc822=")) else address


def _with_words(addresses: list[str], lines: list[str]) -> list[tuple[str, str]]:
    """Each address with the lines from the first that names it to the next that names another."""
    lowered = [line.lower() for line in lines]
    starts = {address: _first(address, lowered) for address in addresses[:MAX_RECIPIENTS]}
    ends = sorted({*starts.values(), len(lines)})
    return [
        (address, "\n".join(lines[start : min(start + 30, ends[ends.index(start) + 1])]) if start < len(lines) else "")
        for address, start in starts.items()
    ]


def _first(address: str, lowered: list[str]) -> int:
    return next((at for at, line in enumerate(lowered) if address in line), len(lowered))
