"""What lies around a conversation: the customer's others, what it is linked with, what has yet to leave."""

from django.db.models import Q, QuerySet

from pitcrew.conversations.models import Attachment, Conversation, Direction, Following, Link, Message, Tagging
from pitcrew.conversations.queries.ready import Ready, Shape
from pitcrew.history.models import Event
from pitcrew.people.access import departments_seen
from pitcrew.people.models import Customer, Department, Identity, Staff

CONVERSATION = Shape(
    Conversation, leads_to={"customer": Shape(Customer), "department": Shape(Department), "assignee": Shape(Staff)}
)
STAFF = Shape(Staff, ("name", "email", "deactivated_at", "retired_at"))
IDENTITY = Shape(Identity)
OTHER = Shape(
    Conversation, ("subject", "state", "assignee_id", "department_id", "customer_id", "place", "last_message_at")
)


@Ready
def _numbered(pk):
    return Conversation.objects.filter(pk=pk).values_list(*CONVERSATION.names)


@Ready
def _others(customer, but, departments, staff, *, is_all, limit):
    rows = Conversation.objects.filter(customer=customer, merged_into=None).exclude(pk=but)
    rows = rows if is_all else rows.within(departments, staff)
    return rows.order_by("-last_message_at", "-pk").values_list(*OTHER.names)[:limit]


@Ready
def _pairs(pk):
    return Link.objects.filter(Q(conversation=pk) | Q(other=pk)).values_list("conversation_id", "other_id")


@Ready
def _tags(pk):
    return Tagging.objects.filter(conversation=pk).order_by("pk").values_list("tag__name")


@Ready
def _followers(pk):
    rows = Following.objects.filter(conversation=pk).order_by("pk")
    return rows.values_list(*(f"staff__{name}" for name in STAFF.names))


@Ready
def _identities(customer):
    return Identity.objects.filter(customer=customer).order_by("pk").values_list(*IDENTITY.names)


def seen(staff: Staff, pk: int) -> Conversation | None:
    """The conversation of this number, if this person may see it; None otherwise, without saying why."""
    for row in CONVERSATION.rows(_numbered(pk)):
        return row if row.is_visible_to(staff) else None
    return None


def others_of(conversation: Conversation, staff: Staff, limit: int = 20) -> list[Conversation]:
    """The customer's other conversations that this person may see, newest first."""
    if not staff.is_active:
        return []
    departments = [] if staff.is_administrator else departments_seen(staff)
    asked = (conversation.customer_id, conversation.pk, departments, staff.pk)
    return OTHER.rows(_others(*asked, is_all=staff.is_administrator, limit=limit))


def linked(conversation: Conversation, staff: Staff) -> list[Conversation]:
    """What it is linked with, from either side, as far as this person may see it."""
    ids = {pk for pair in _pairs(conversation.pk) for pk in pair} - {conversation.pk}
    if not ids:
        return []
    rows = Conversation.objects.visible_to(staff).filter(pk__in=ids)
    return list(rows.select_related("customer", "department").order_by("-last_message_at", "-pk"))


def tags_of(conversation: Conversation) -> list[str]:
    """The words on it."""
    return [name for (name,) in _tags(conversation.pk)]


def followers_of(conversation: Conversation) -> list[Staff]:
    """Who wants to know what becomes of it."""
    return STAFF.rows(_followers(conversation.pk))


def identities_of(conversation: Conversation) -> list[Identity]:
    """How its customer reaches us, the oldest first."""
    return IDENTITY.rows(_identities(conversation.customer_id))


def outbox(staff: Staff) -> QuerySet[Message]:
    """Answers that have not left, or were not delivered, where this person may see the conversation; next first."""
    waiting = Q(left_at=None, leaves_at__isnull=False) | Q(undelivered_at__isnull=False)
    rows = Message.objects.filter(waiting, direction=Direction.OUT).select_related("conversation", "author")
    rows = rows.filter(conversation__in=Conversation.objects.visible_to(staff))
    return rows.order_by("leaves_at", "pk")


def unsent(operations: list[int]) -> list[Message]:
    """The answers that these undo operations (ids) kept from leaving: their words are a draft again."""
    births = Event.objects.filter(undone_by__in=operations, is_birth=True, subject_type=Message._meta.label_lower)
    rows = Message.everything.filter(pk__in=births.values("subject_id"), direction=Direction.OUT, left_at=None)
    return list(rows.exclude(retired_at=None).order_by("pk"))


def files_of(customer: Customer) -> list[str]:
    """Content hashes of files that only this customer's conversations hold: what an erasure may delete."""
    own = Attachment.everything.filter(_of(customer))
    hashes = set(own.values_list("content_hash", flat=True))
    held = Attachment.everything.filter(content_hash__in=hashes).exclude(pk__in=own.values("pk"))
    return sorted(hashes - set(held.values_list("content_hash", flat=True)))


def _of(customer: Customer) -> Q:
    return Q(message__conversation__customer=customer) | Q(note__conversation__customer=customer)
