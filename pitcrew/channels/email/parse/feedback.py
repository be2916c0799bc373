"""Complaints that mail providers pass on: "this is spam", as a report (ARF, RFC 5965)."""

import re
from dataclasses import dataclass, field
from email.message import Message

from pitcrew.channels.email.parse.bounces.leaves import children, leaves
from pitcrew.channels.email.parse.bounces.original import MESSAGE_ID

FIELD = re.compile(
    r"^(feedback-type|original-rcpt-to|original-mail-from"
    r"|removal-recipient)[ \t]*:[ \t]*(\S[^\r\n]{0,400})",
    re.I | re.M,
)
COMPLAINT = re.compile(r"complaint about message from [\d.:a-f]{3,45}", re.I)


@dataclass(slots=True)
class Feedback:
    """A complaint: its type ("abuse", "opt-out", ...), who got the mail, and the ids of the mail."""

    kind: str = ""
    recipients: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


def is_feedback(message: Message) -> bool:
    """Whether a mail is a complaint report: RFC 5965, or the form Outlook.com sends to its members."""
    if "feedback-report" in str(message.get("Content-Type", ""))[:2000].lower():
        return True
    types = [_type(part) for part in children(message)]
    return any("feedback-report" in kind for kind in types) or _from_outlook(message, types)


def feedback(message: Message) -> Feedback | None:
    """What a complaint report says, or None when the mail is none. Ids are without angle brackets."""
    if not is_feedback(message):
        return None
    parts = leaves(message)
    said = "\n".join((*parts.reports, *parts.texts, *parts.originals))
    fields = [(name.lower(), value.strip(" \t<>")) for name, value in FIELD.findall(said)]
    kinds = [value.lower() for name, value in fields if name == "feedback-type"]
    reached = [value.lower() for name, value in fields if name in ("original-rcpt-to", "removal-recipient")]
    ids = list(dict.fromkeys(MESSAGE_ID.findall("\n".join(parts.originals))))
    return Feedback((kinds or ["abuse"])[0], list(dict.fromkeys(reached)), ids)


def _type(part: Message) -> str:
    return str(part.get("Content-Type", ""))[:200].lower()


def _from_outlook(message: Message, types: list[str]) -> bool:
    """Junk Mail Reporting Program: "complaint about message from 192.0.2.1" with the mail attached."""
    if not any(kind.startswith("message/rfc822") for kind in types):
        return False
    return COMPLAINT.match(str(message.get("Subject", "")).strip()) is not None
