"""What a mail says, in plain values: nothing here knows MIME, Django or the network."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Address:
    """A person as a mail header names them: shown name and address (lower case)."""

    name: str = ""
    email: str = ""


@dataclass(slots=True)
class Attachment:
    """A file that came with a mail; `name` is safe to store and show as a name, never a path."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(slots=True)
class Bounce:
    """One address a mail did not reach, and what the server said; status as in RFC 3463, or empty."""

    address: str
    status: str = ""
    diagnostic: str = ""


@dataclass(slots=True)
class Forwarded:
    """The mail inside a forwarded mail: who wrote it first, about what, and their words."""

    sender: Address | None
    subject: str
    body: str


@dataclass(slots=True)
class Inbound:
    """One mail, read: who wrote what to whom, what came with it, and what kind of mail it is.

    Ids are without angle brackets. `html` is as sent and not yet safe to show. `oddities` are
    sentences about what was wrong with the mail and how it was read all the same.
    """

    message_id: str = ""
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    sender: Address = field(default_factory=Address)
    reply_to: list[Address] = field(default_factory=list)
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    reply: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    is_bounce: bool = False
    bounces: list[Bounce] = field(default_factory=list)
    bounced_ids: list[str] = field(default_factory=list)
    is_auto_reply: bool = False
    is_bulk: bool = False
    is_feedback: bool = False
    is_only_thanks: bool = False
    forwarded: Forwarded | None = None
    authentication: list[str] = field(default_factory=list)
    delivered_to: list[str] = field(default_factory=list)
    quoted: bool = False
    oddities: list[str] = field(default_factory=list)
