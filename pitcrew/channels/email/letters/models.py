"""Letters that wait to leave, and what became of those that left."""

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from pitcrew.conversations.models import Conversation
from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField
from pitcrew.relays.doors.models import AROUND, Door
from pitcrew.relays.models import Leg


class Kind(models.TextChoices):
    """What a letter is about; its words are found when it leaves, so they are never older than what they tell."""

    OFFERED = "offered", "Something to do"
    ANSWERED = "answered", "The answer to a question"
    NOT_NEEDED = "not_needed", "It is not needed any more"
    ASKED = "asked", "A question about what was handed over"
    RETURNED = "returned", "What was handed over came back"
    DONE = "done", "What was handed over is done"
    UNCLEAR = "unclear", "An answer that nobody could act on"
    MILESTONE = "milestone", "A step of the customer's matter"
    FOLLOW_UP = "follow_up", "Whether it worked"


FOR_CUSTOMERS = (Kind.MILESTONE, Kind.FOLLOW_UP)


class Letter(Logged):
    """One mail about a leg, to one address; without an ``address`` to the customer, wherever they read mail then.

    ``about_at`` is the moment of what it tells: when that was taken back, the letter is not sent. ``door`` is the link
    it carries, and what an answer to it is bound to. ``words`` are what it says beyond the leg. It names all three by
    number alone, so that a letter keeps nobody from undoing what it tells of.
    """

    tells = models.CharField(max_length=12, choices=Kind.choices)
    leg_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True, blank=True)
    door_id = models.BigIntegerField(null=True, blank=True)
    address = models.CharField(max_length=320, blank=True)
    about_at = MomentField()
    words = models.TextField(blank=True)
    answers = models.CharField(max_length=500, blank=True)  # the Message-ID of the mail that this one answers
    external_id = models.CharField(max_length=20)
    leaves_at = MomentField()
    left_at = MomentField(null=True, blank=True)
    undelivered_at = MomentField(null=True, blank=True)
    undelivered_why = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = MomentField(null=True, blank=True)
    said = models.CharField(max_length=500, blank=True)

    about_field = "conversation_id"
    written_once = frozenset({"tells", "about_at", "words", "answers", "external_id", "leaves_at"})
    unlogged_fields = frozenset({"tries", "next_at", "said"})
    inseparable = (frozenset({"undelivered_at", "undelivered_why"}),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["leg_id", "tells", "address", "about_at"],
                condition=Q(retired_at=None),
                name="one_letter_about_each",
            )
        ]
        indexes = [
            models.Index(fields=["external_id"], name="letter_external_id"),
            models.Index(
                fields=["leaves_at"],
                name="letter_outbox",
                condition=Q(left_at=None, undelivered_at=None, retired_at=None),
            ),
        ]

    @cached_property
    def leg(self) -> Leg:
        """The leg it tells of, with what stands around it."""
        return Leg.everything.select_related(*AROUND).get(pk=self.leg_id)

    @cached_property
    def conversation(self) -> Conversation | None:
        """The conversation it belongs to."""
        around = Conversation.everything.select_related("department", "customer")
        return around.filter(pk=self.conversation_id).first()

    @cached_property
    def door(self) -> Door | None:
        """The link it carries."""
        return Door.everything.filter(pk=self.door_id).first() if self.door_id else None
