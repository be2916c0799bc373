"""Broken links, who was told of them, and when to look at a conversation again."""

from django.db import models
from django.db.models import Q

from pitcrew.conversations.models import Conversation
from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField
from pitcrew.people.models import Department, Staff
from pitcrew.relays.links.judging.findings import ALL, KINDS

HOLDER, LEAD, HEAD = LEVELS = (0, 1, 2)
OPEN = Q(mended_at=None, retired_at=None)


class BrokenLink(Logged):
    """A place where a chain stopped: found, told to whoever has the next move, mended.

    ``place`` names the link: ``leg:7``, ``message:9``, ``mailbox:2``. ``department`` and ``person`` have the next move.
    ``verb`` with ``args`` mends it. ``level`` is how far up it was told: 0 the holder, 1 the lead, 2 the head;
    ``escalate_at`` is when it goes one further up. Without a conversation it is a mailbox's.
    """

    kind = models.CharField(max_length=20, choices=[(kind.name, kind.words) for kind in ALL])
    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.PROTECT, related_name="broken_links"
    )
    place = models.CharField(max_length=120, blank=True)
    leg = models.BigIntegerField(null=True, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = MomentField()
    found_at = MomentField()
    mended_at = MomentField(null=True, blank=True)
    sentence = models.CharField(max_length=500)
    verb = models.CharField(max_length=30)
    words = models.CharField(max_length=60)
    args = models.JSONField(default=dict, blank=True)
    level = models.PositiveSmallIntegerField(default=HOLDER)
    escalate_at = MomentField(null=True, blank=True)

    about_field = "conversation_id"
    written_once = frozenset({"kind", "place", "since", "found_at"})
    inseparable = (frozenset({"person_id", "level", "escalate_at", "mended_at"}),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind", "place"],
                condition=OPEN & Q(conversation__isnull=False),
                name="one_open_link_per_place",
            ),
            models.UniqueConstraint(
                fields=["kind", "place"], condition=OPEN & Q(conversation=None), name="one_open_link_per_mailbox"
            ),
        ]
        indexes = [
            models.Index(fields=["department", "since"], name="link_open", condition=OPEN),
            models.Index(fields=["escalate_at"], name="link_escalate", condition=OPEN & Q(escalate_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind].words


class Alarm(Logged):
    """Somebody was told of a broken link. ``day`` is the house's; beyond three a day it waits in their digest."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="alarms")
    link = models.ForeignKey(BrokenLink, on_delete=models.PROTECT, related_name="alarms")
    level = models.PositiveSmallIntegerField()
    at = MomentField()
    day = models.CharField(max_length=10)
    in_digest = models.BooleanField(default=False)

    written_once = frozenset({"level", "at", "day", "in_digest"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "link", "level"], condition=Q(retired_at=None), name="one_alarm_per_level"
            )
        ]
        indexes = [models.Index(fields=["staff", "day"], name="alarm_day", condition=Q(retired_at=None))]


class LinkCheck(models.Model):
    """When to look at a conversation again. It follows from other rows, so the log does not tell it.

    Only what may break has one: what is looked at and cannot break by time alone loses it.
    """

    conversation = models.OneToOneField(Conversation, primary_key=True, on_delete=models.CASCADE, related_name="+")
    look_at = MomentField()

    class Meta:
        indexes = [models.Index(fields=["look_at"], name="link_check_due")]


class Pace(models.Model):
    """A department's usual pace as it was last computed: seconds of business hours, and from how many silences."""

    department = models.OneToOneField(Department, primary_key=True, on_delete=models.CASCADE, related_name="+")
    seconds = models.PositiveIntegerField()
    silences = models.PositiveIntegerField(default=0)
    at = MomentField()
