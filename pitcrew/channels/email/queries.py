"""Questions about mailboxes and about what arrived."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from pitcrew.channels.email.models import Arrival, Mailbox
from pitcrew.conversations.models import Conversation, Direction, Message

OURS = ("reply", "part", "bounce", "postmaster")  # local parts that every domain of ours answers to
ANSWERS_PER_CONVERSATION = 2  # automatic answers within the hour
ANSWERS_PER_CUSTOMER = 5  # automatic answers within the day
MAILS_OF_A_LOOP = 20  # mails from one address within the hour: no person writes so
MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce", "bounces")


@dataclass(frozen=True)
class Served:
    """The addresses we take mail for. Until the first mailbox is named, any."""

    mailboxes: tuple[str, ...]

    @property
    def is_nobody_named(self) -> bool:
        return not self.mailboxes

    def takes(self, address: str) -> bool:
        """Whether this address is one of ours: a mailbox, one with a +detail, or an address we answer from."""
        return self.is_nobody_named or bool(self._mailbox(address))

    def mailbox(self, recipients: list[str] | tuple[str, ...]) -> str:
        """The mailbox that a mail to these recipients is for: the first that is ours; "" if none is named yet."""
        return next(filter(None, map(self._mailbox, recipients)), "")

    def _mailbox(self, address: str) -> str:
        address = address.strip().lower()
        local, _, domain = address.rpartition("@")
        plain = local.partition("+")[0]
        for candidate in (address, f"{plain}@{domain}"):
            if candidate in self.mailboxes:
                return candidate
        if plain in OURS:
            return next((m for m in self.mailboxes if m.endswith("@" + domain)), "")
        return ""


def addresses_served() -> Served:
    """What the mailboxes of this installation answer to."""
    found = Mailbox.objects.order_by("id").values_list("address", flat=True)
    return Served(tuple(address.lower() for address in found))


def waiting() -> QuerySet[Arrival]:
    """Mail that is safe but not yet in a conversation, oldest first."""
    return Arrival.objects.filter(message=None, letter=None, quarantined_at=None).order_by("id")


def quarantined() -> QuerySet[Arrival]:
    """Mail that could not be read or stored; each says why. Newest first."""
    return Arrival.objects.filter(quarantined_at__isnull=False).order_by("-quarantined_at")


def mailbox_of(arrival: Arrival) -> Mailbox | None:
    """The mailbox an arrival came to, if it is still there."""
    return Mailbox.objects.filter(address=arrival.mailbox).select_related("department").first()


def may_answer_automatically(message: Message, *, at: datetime | None = None) -> bool:
    """Whether a machine of ours may answer this message by itself (RFC 3834).

    Never a machine, never ourselves, and not more often than a person would bear: a loop of two machines ends here.
    """
    at = at or message.at
    if message.direction != Direction.IN or message.is_automatic or message.warning or _is_machine(message.address):
        return False
    if Mailbox.objects.filter(address=message.address.lower()).exists():
        return False
    if Arrival.objects.filter(message=message, is_bulk=True).exists():
        return False
    return not (_is_loop(message, at) or _is_answered_enough(message, at))


def _is_machine(address: str) -> bool:
    local, at, _ = address.lower().rpartition("@")
    return not at or local.partition("+")[0] in MACHINES


def _is_loop(message: Message, at: datetime) -> bool:
    lately = Message.objects.filter(customer=message.customer, direction=Direction.IN)
    return lately.filter(at__gt=at - timedelta(hours=1))[: MAILS_OF_A_LOOP + 1].count() > MAILS_OF_A_LOOP


def _is_answered_enough(message: Message, at: datetime) -> bool:
    sent = Message.objects.filter(direction=Direction.OUT, is_automatic=True)
    here = sent.filter(conversation_id=message.conversation_id, at__gt=at - timedelta(hours=1))
    theirs = Conversation.objects.filter(customer=message.customer)
    everywhere = sent.filter(Q(conversation__in=theirs), at__gt=at - timedelta(days=1))
    return here.count() >= ANSWERS_PER_CONVERSATION or everywhere.count() >= ANSWERS_PER_CUSTOMER
