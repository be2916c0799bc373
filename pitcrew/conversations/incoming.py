"""What a channel hands over when a customer has said something."""

from dataclasses import dataclass, field
from datetime import datetime

from pitcrew.conversations.models import Conversation
from pitcrew.people.models import Customer, Department


@dataclass
class File:
    """A file that is already in the content store."""

    name: str
    content_type: str
    size: int
    content_hash: str
    content_id: str = ""
    is_inline: bool = False


@dataclass
class Incoming:
    """One message of a customer, decoded, its place in a conversation found by the channel.

    ``conversation`` is the one it certainly answers; ``maybe_part_of`` one it only seems to.
    ``sent_at`` is what the sender's clock says, if it says anything.
    ``department`` gets a new conversation (None: the front desk). ``customer`` is who has the address, if the
    channel knows already; ``is_of_unknown``: it has looked, and nobody has it.
    """

    channel: str
    address: str
    name: str = ""
    subject: str = ""
    text: str = ""
    reply: str = ""
    html: str = ""
    external_id: str = ""
    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    conversation: Conversation | None = None
    maybe_part_of: Conversation | None = None
    department: Department | None = None
    customer: Customer | None = None
    is_of_unknown: bool = False
    sent_at: datetime | None = None
    is_automatic: bool = False
    is_only_thanks: bool = False
    warning: str = ""
