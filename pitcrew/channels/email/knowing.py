"""What the mails of a batch point at: asked once for all of them, kept up to date as one after the other is stored."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pitcrew.channels.email.arriving import id_hash
from pitcrew.channels.email.models import Arrival, Awaited
from pitcrew.channels.email.parse.inbound import Inbound
from pitcrew.channels.email.shared_domains import SHARED
from pitcrew.channels.email.subjects import base_subject, numbers, spellings
from pitcrew.channels.email.tokens import REPLY_TO, own_id
from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.people.models import Customer, Identity
from pitcrew.people.queries import normalised

NAMED = 12  # ids of a mail that are looked up: what it answers, and the newest of its references
LATELY = timedelta(days=60)
SHOWN = 5_000  # messages whose people are looked at
CHANNEL = "email"


def named_ids(inbound: Inbound) -> list[str]:
    """The ids a mail answers: In-Reply-To, then its references from the newest, as many as are looked at."""
    every = dict.fromkeys(inbound.in_reply_to + inbound.references[::-1])
    every.pop(inbound.message_id, None)
    return [one[:500] for one in every][:NAMED]


@dataclass
class Participants:
    """Who takes part in a conversation: who wrote or was answered, and everybody who was written to."""

    addresses: set[str] = field(default_factory=set)
    writers: set[str] = field(default_factory=set)

    def learn(self, address: str, to: Iterable[str], cc: Iterable[str], direction: str) -> None:
        """Take in who wrote one message, and to whom."""
        named = [one.lower() for one in (*to, *cc)]
        self.writers.update([address.lower()] if direction == Direction.IN else [one.lower() for one in to])
        self.addresses.update(named)

    @property
    def domains(self) -> set[str]:
        """The domains of those who wrote, where a domain is a company and not a provider for everybody."""
        return {one.rpartition("@")[2] for one in self.writers if "@" in one} - SHARED


class Known:
    """Customers, messages and conversations that these mails may be about.

    The conversations are locked until the transaction ends, so what is known of them stays true.
    """

    def __init__(self, inbounds: list[Inbound], recipients: Iterable[str], at: datetime) -> None:
        self.customers = _customers({normalised(CHANNEL, i.sender.email) for i in inbounds})
        named = {one for i in inbounds for one in named_ids(i)}
        self.messages = _messages(named)
        self._on_their_way = _on_their_way(named - set(self.messages))
        self.awaited = _awaited({i.message_id[:500] for i in inbounds if i.message_id})
        self._alike = self._find_alike(inbounds, at)
        pointed = {m.conversation_id for m in self.messages.values()}
        pointed |= {m.conversation_id for some in self.awaited.values() for m in some}
        pointed |= {number for i in inbounds for number in numbers(i.subject)}
        pointed |= {int(token[1], 36) for one in recipients if (token := REPLY_TO.search(one))}
        self._participants = _participants(pointed)
        self._conversations = _locked(pointed | {pk for some in self._alike.values() for pk in some.values()})

    def _find_alike(self, inbounds: list[Inbound], at: datetime) -> dict[int, dict[str, int]]:
        """For each customer, their recent conversations by what they are about."""
        found: dict[int, dict[str, int]] = defaultdict(dict)
        subjects = {one for i in inbounds for one in spellings(i.subject)}
        ids = [customer.pk for customer in self.customers.values()]
        if not (subjects and ids):
            return found
        recent = Conversation.objects.filter(customer__in=ids, subject__in=subjects, last_message_at__gt=at - LATELY)
        for pk, customer, subject in recent.order_by("id").values_list("pk", "customer_id", "subject"):
            found[customer][base_subject(subject)] = pk
        return found

    def conversation(self, pk: int) -> Conversation | None:
        """The conversation with this number, where it is continued now if it was merged."""
        for _ in range(20):
            if pk not in self._conversations:
                self._conversations |= _locked({pk})
            found = self._conversations.get(pk)
            if found is None or found.merged_into_id is None:
                return found
            pk = found.merged_into_id
        return None

    def participants(self, conversation: Conversation) -> Participants:
        """Who takes part in a conversation."""
        if conversation.pk not in self._participants:
            self._participants |= _participants({conversation.pk})
        return self._participants[conversation.pk]

    def alike(self, inbound: Inbound) -> Conversation | None:
        """The newest recent conversation of this sender with this subject."""
        customer = self.customers.get(normalised(CHANNEL, inbound.sender.email))
        subject = base_subject(inbound.subject)
        pk = self._alike.get(customer.pk, {}).get(subject) if customer and subject else None
        return self.conversation(pk) if pk else None

    def namesakes(self, inbound: Inbound) -> list[Message]:
        """The stored mails with the same Message-ID."""
        same = Message.objects.filter(external_id=inbound.message_id[:500]).only(*_LIGHT)
        return list(same.order_by("id")[:3])

    def is_answered_by_waiting(self, named: Iterable[str], arrival: int) -> bool:
        """Whether a mail that this arrival answers came before it and is still on its way into a conversation."""
        return any(self._on_their_way.get(one, arrival) < arrival for one in named)

    def learn(self, message: Message, awaits: Iterable[str]) -> None:
        """Take in a message that has just been stored."""
        conversation = message.conversation
        self._conversations[conversation.pk] = conversation
        if message.external_id:
            self.messages.setdefault(message.external_id, message)
        for one in awaits:
            self.awaited.setdefault(one, []).append(message)
        if message.customer is not None:
            self.customers[normalised(CHANNEL, message.address)] = message.customer
            self._alike.setdefault(message.customer.pk, {})[base_subject(conversation.subject)] = conversation.pk
        people = self._participants.setdefault(conversation.pk, Participants())
        people.learn(message.address, message.to, message.cc, message.direction)

    def forget(self) -> None:
        """Ask again about every conversation: what was done to one of them was taken back."""
        self._conversations.clear()
        self._participants.clear()


_LIGHT = ("conversation_id", "customer_id", "direction", "external_id", "subject")


def _customers(addresses: set[str]) -> dict[str, Customer]:
    found = Identity.objects.filter(channel=CHANNEL, value__in=addresses).select_related("customer")
    return {identity.value: identity.customer for identity in found}


def _messages(ids: set[str]) -> dict[str, Message]:
    """The messages behind these ids, ours and received ones; the first where several have the same."""
    if not ids:
        return {}
    ours = {own_id(one): one for one in ids if own_id(one)}
    found: dict[str, Message] = {}
    for row in Message.objects.filter(external_id__in=[*ids, *ours]).only(*_LIGHT).order_by("id"):
        is_ours = row.direction == Direction.OUT and row.external_id in ours
        found.setdefault(ours[row.external_id] if is_ours else row.external_id, row)
    return found


def _on_their_way(ids: set[str]) -> dict[str, int]:
    """The first arrival with each of these ids that waits to be taken in."""
    if not ids:
        return {}
    rows = Arrival.objects.filter(id_hash__in=map(id_hash, ids), mail_id__in=ids, quarantined_at=None)
    rows = rows.filter(message=None, letter=None)
    return dict(rows.order_by("-id").values_list("mail_id", "id"))


def _awaited(ids: set[str]) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = {}
    rows = Awaited.objects.filter(mail_id__in=ids).select_related("message")
    light = rows.only("mail_id", *(f"message__{name}" for name in _LIGHT))
    for one in light.order_by("id") if ids else ():
        found.setdefault(one.mail_id, []).append(one.message)
    return found


def _participants(conversations: set[int]) -> dict[int, Participants]:
    found = {pk: Participants() for pk in conversations}
    if not found:
        return found
    rows = Message.objects.filter(conversation__in=conversations).order_by("-id")
    for pk, *told in rows.values_list("conversation_id", "address", "to", "cc", "direction")[:SHOWN]:
        found[pk].learn(*told)
    theirs = Conversation.objects.filter(
        pk__in=conversations, customer__identities__channel=CHANNEL, customer__identities__retired_at=None
    )
    for pk, value in theirs.values_list("pk", "customer__identities__value"):
        found[pk].writers.add(value)
    return found


def _locked(ids: set[int]) -> dict[int, Conversation]:
    if not ids:
        return {}
    rows = Conversation.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return {row.pk: row for row in rows}
