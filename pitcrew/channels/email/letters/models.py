"""Letters that wait to leave, and what became of those that left."""

from django.db import models
from django.db.models import Q

from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField


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
    """One mail about a leg, to one address. Without an ``address`` it is for the customer, wherever they read mail then.

    ``about_at`` is the moment of what it tells: when that was taken back, the letter is not sent. ``door`` is the link
    it carries, and what an answer to it is bound to. ``words`` are what it says beyond the leg. Legs do not know their
    letters (``related_name="+"``), so that a letter keeps nobody from undoing what it tells of.
    """

    tells = models.CharField(max_length=12, choices=Kind.choices)
    leg = models.ForeignKey("relays.Leg", on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(
        "conversations.Conversation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    door = models.ForeignKey("doors.Door", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
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
                fields=["leg", "tells", "address", "about_at"],
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
