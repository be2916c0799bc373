"""Conversations, their messages and notes, and what is tied to them."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from pitcrew.conversations import sight
from pitcrew.conversations.deflated import WordsField
from pitcrew.history.models import Logged, LoggedQuerySet, PresentManager
from pitcrew.history.moments import MomentField
from pitcrew.history.writing import chunks, settle_many
from pitcrew.people.access import departments_seen
from pitcrew.people.models import Customer, Department, Staff

PREVIEW = 160  # characters of the last message that a queue row shows


def filled_in(row: str, *fields: str) -> list[models.Index]:
    """An index of each of these fields that holds only the rows where it is filled in: few are."""
    return [
        models.Index(fields=[name], name=f"{row}_{name}", condition=Q(**{f"{name}__isnull": False})) for name in fields
    ]


class State(models.TextChoices):
    """Whose move it is. Five fixed categories."""

    OPEN = "open", "Open"
    WAITING_ON_CUSTOMER = "customer", "Waiting on customer"
    WAITING_ON_DEPARTMENT = "department", "Waiting on department"
    SNOOZED = "snoozed", "Snoozed"
    DONE = "done", "Done"


class Priority(models.TextChoices):
    """How much it presses."""

    LOW = "low", "Low"
    NORMAL = "normal", "Normal"
    HIGH = "high", "High"
    URGENT = "urgent", "Urgent"


class Place(models.TextChoices):
    """Where a conversation lies. Spam and trash are places, not states."""

    DESK = "desk", "Desk"
    SPAM = "spam", "Spam"
    TRASH = "trash", "Trash"


class ConversationQuerySet(LoggedQuerySet):
    def on_the_desk(self) -> "ConversationQuerySet":
        """Neither spam nor trash nor merged into another."""
        return self.filter(place=Place.DESK, merged_into=None)

    def visible_to(self, staff: Staff) -> "ConversationQuerySet":
        """What this person may see: their departments' work, what they hold, follow, and what they take part in."""
        if not staff.is_active:
            return self.none()
        if staff.is_administrator:
            return self
        return self.within(departments_seen(staff), staff.pk)

    def within(self, departments: list[int], staff: int) -> "ConversationQuerySet":
        """What lies in these departments, what this person (id) holds or follows, and what a room lets them see."""
        followed = Following.objects.filter(staff=staff, conversation=OuterRef("pk"))
        mine = Q(department__in=departments) | Q(assignee=staff) | Exists(followed)
        return self.filter(mine | sight.given(staff))


ConversationManager = PresentManager.from_queryset(ConversationQuerySet)


class Conversation(Logged):
    """A customer and the company about one matter. Its number is its id.

    ``last_message_at``, ``preview`` and ``customer_wrote_last`` follow from its messages.
    """

    subject = models.CharField(max_length=500, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="conversations")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="conversations")
    assignee = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    place = models.CharField(max_length=8, choices=Place.choices, default=Place.DESK)
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    channel = models.CharField(max_length=20, default="email")
    opened_at = MomentField()
    snoozed_until = MomentField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )
    maybe_part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    last_message_at = MomentField(null=True)
    preview = models.CharField(max_length=PREVIEW, blank=True)
    customer_wrote_last = models.BooleanField(default=True)

    objects: ClassVar[models.Manager] = ConversationManager()
    about_field = "id"
    derived_fields = frozenset({"last_message_at", "preview", "customer_wrote_last"})
    written_once = frozenset({"channel", "opened_at"})
    inseparable = (frozenset({"state", "snoozed_until"}),)

    class Meta:
        indexes = [
            models.Index(
                fields=["place", "state", "-last_message_at", "-id"],
                name="conversation_queue",
                condition=Q(retired_at=None, merged_into=None),
            ),
            models.Index(
                fields=["department", "place", "state", "-last_message_at", "-id"],
                name="conversation_queue_department",
                condition=Q(retired_at=None, merged_into=None),
            ),
            models.Index(
                fields=["assignee", "place", "state", "-last_message_at", "-id"],
                name="conversation_queue_assignee",
                condition=Q(retired_at=None, merged_into=None, assignee__isnull=False),
            ),
            models.Index(
                fields=["snoozed_until"],
                name="conversation_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
            *filled_in("conversation", "merged_into", "maybe_part_of"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    def is_visible_to(self, staff: Staff) -> bool:
        """What `visible_to` says, of this one."""
        if not staff.is_active or staff.is_administrator:
            return staff.is_active
        if self.assignee_id == staff.pk or self.department_id in departments_seen(staff):
            return True
        if Following.objects.filter(staff=staff, conversation=self).exists():
            return True
        return Conversation.objects.filter(sight.given(staff.pk), pk=self.pk).exists()

    @property
    def standing(self) -> "Conversation":
        """The conversation that this one is part of now: itself, unless it was merged into another."""
        conversation = self
        while conversation.merged_into is not None:
            conversation = conversation.merged_into
        return conversation

    @classmethod
    def show_newest(cls, ids: Iterable[int]) -> None:
        """Let the queue rows of these conversations show their newest messages."""
        for some in chunks(ids):
            everything: models.QuerySet = models.QuerySet(cls).filter(pk__in=some)
            rows = list(everything.select_for_update().only("opened_at").order_by("pk"))
            newest = {message.conversation_id: message for message in _newest_of(everything)}
            for row in rows:
                row._show(newest.get(row.pk))
            settle_many(rows, cls.derived_fields)

    def _show(self, newest: "Message | None") -> None:
        self.last_message_at = newest.at if newest else self.opened_at
        self.preview = newest.opening if newest else ""
        self.customer_wrote_last = newest is None or newest.direction == Direction.IN


def _newest_of(conversations: models.QuerySet) -> models.QuerySet:
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-at", "-id").values("pk")[:1]
    return Message.objects.filter(pk__in=conversations.annotate(last=Subquery(last)).values("last"))


class Direction(models.TextChoices):
    IN = "in", "from the customer"
    OUT = "out", "to the customer"


class Said(Logged):
    """Something that was said. All its words lie in one column, which `text` and its like read."""

    words = WordsField()

    class Meta:
        abstract = True

    @property
    def text(self) -> str:
        return self.words.text

    @property
    def html(self) -> str:
        return self.words.html


class Message(Said):
    """What was said to or by the customer.

    ``text`` is all of it, ``reply`` the new words without quotes and signature (empty where they are the same).
    ``name`` and ``address`` are the sender's as the message says them.
    ``external_id`` is the Message-ID of a mail; an outgoing one has an id that we made.
    An outgoing message leaves at ``leaves_at`` (its undo window) and has left at ``left_at``.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    channel = models.CharField(max_length=20, default="email")
    at = MomentField()
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False)
    author = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=320, blank=True)
    to = models.JSONField(default=list, blank=True)
    cc = models.JSONField(default=list, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    external_id = models.CharField(max_length=500, blank=True)
    is_automatic = models.BooleanField(default=False)
    warning = models.CharField(max_length=300, blank=True)
    leaves_at = MomentField(null=True)
    left_at = MomentField(null=True)
    undelivered_at = MomentField(null=True)
    undelivered_why = models.CharField(max_length=500, blank=True)
    has_html = models.BooleanField(default=False)

    about_field = "conversation_id"
    inseparable = (frozenset({"undelivered_at", "undelivered_why"}),)
    written_once = frozenset(
        {"direction", "channel", "at", "name", "address", "to", "cc", "subject", "external_id"}
        | {"is_automatic", "warning", "has_html", "words"}
    )

    class Meta:
        indexes = [
            models.Index(fields=["external_id"], name="message_external_id", condition=~Q(external_id="")),
            *filled_in("message", "customer", "author"),
            models.Index(
                fields=["leaves_at"],
                name="message_outbox",
                condition=Q(leaves_at__isnull=False, left_at=None, undelivered_at=None, retired_at=None),
            ),
        ]

    @property
    def reply(self) -> str:
        return self.words.reply

    @property
    def opening(self) -> str:
        """Its new words as far as a queue row shows them."""
        return (self.reply or self.text)[:PREVIEW]

    @classmethod
    def derive(cls, ids: list[int], changes: list[dict]) -> None:
        """The queue rows of where the messages are now, and of where they were."""
        touched = {pk for some in chunks(ids) for pk in _conversations_of(some)}
        moved = {pk for change in changes for pk in change.get("conversation_id", ()) if pk}
        Conversation.show_newest(sorted(touched | moved))


def _conversations_of(messages: list[int]) -> models.QuerySet:
    return Message.everything.filter(pk__in=messages).values_list("conversation_id", flat=True)


class Note(Said):
    """What only staff may read. It lies in a table of its own so that no query can show it to a customer."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="notes")
    at = MomentField()

    about_field = "conversation_id"
    written_once = frozenset({"at", "words"})


class Attachment(Logged):
    """A file that came with a message or a note; its bytes lie in the content store under their SHA-256."""

    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="attachments")
    note = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    content_hash = models.CharField(max_length=64, db_index=True)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)

    written_once = frozenset({"content_type", "size", "content_hash", "content_id", "is_inline"})

    @property
    def about(self) -> int | None:
        owner = self.message or self.note
        return owner.conversation_id if owner else None


class Tag(Logged):
    """A word that conversations can be found by."""

    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], condition=Q(retired_at=None), name="one_tag_per_name")]

    def __str__(self) -> str:
        return self.name


class Tagging(Logged):
    """A tag on a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="taggings")
    about_field = "conversation_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "tag"], condition=Q(retired_at=None), name="one_tagging_per_tag"
            )
        ]


class Following(Logged):
    """Somebody who wants to know what becomes of a conversation, and keeps sight of it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="followings")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="followings")
    about_field = "conversation_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "conversation"], condition=Q(retired_at=None), name="one_following_each"
            )
        ]


class Link(Logged):
    """Two conversations that have to do with each other."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="linked_from")
    about_field = "conversation_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "other"], condition=Q(retired_at=None), name="one_link_each"
            )
        ]


class CannedReply(Logged):
    """A text kept for reuse, with placeholders such as {customer.name}."""

    name = models.CharField(max_length=100)
    text = models.TextField()
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)


class Draft(models.Model):
    """What somebody has begun to write. It is nobody else's, so the log does not tell it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="drafts")
    is_note = models.BooleanField(default=False)
    html = models.TextField(blank=True)
    saved_at = MomentField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "staff", "is_note"], name="one_draft_each")]
