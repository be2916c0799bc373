"""Root causes and whom they touched."""

from django.db import models
from django.db.models import Q

from pitcrew.conversations.models import Conversation
from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField
from pitcrew.people.models import Department, Organization, Staff
from pitcrew.problems.revision import touch

WINDOW = 14  # days that must stay quiet before a fix counts as permanent


class Stage(models.TextChoices):
    """How far a root cause is on its way to be gone for good."""

    FOUND = "found", "Found"
    OWNED = "owned", "Owned"
    WORKAROUND = "workaround", "Workaround"
    CLAIMED = "claimed", "Fix claimed"
    WATCHING = "watching", "Watching"
    PERMANENT = "permanent", "Permanent"


OPEN = (Stage.FOUND, Stage.OWNED, Stage.WORKAROUND)
FIXED = (Stage.CLAIMED, Stage.WATCHING, Stage.PERMANENT)


class OfProblems(Logged):
    """A row by which root causes are recognised: an undo that moves it makes them be learnt anew."""

    class Meta:
        abstract = True

    @classmethod
    def derive(cls, ids: list[int], changes: list[dict]) -> None:
        touch()


class Problem(OfProblems):
    """One cause behind many conversations. Its number is its id.

    ``department`` owns it, ``owner`` is the colleague who sees to it. A fix is claimed with evidence; then it is
    watched from ``watching_since`` until ``watch_until``, ``watch_days`` long. ``fixed_count`` is how often we said
    it was fixed, ``recurred_at`` when it last came back although we had; the moments of the last watch stay then.
    It ends permanent, dropped or merged.
    """

    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="problems")
    owner = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="problems")
    found_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    found_at = MomentField()
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.FOUND)
    owned_at = MomentField(null=True, blank=True)
    workaround = models.TextField(blank=True)
    workaround_at = MomentField(null=True, blank=True)
    claimed_at = MomentField(null=True, blank=True)
    fixed_count = models.PositiveIntegerField(default=0)
    watch_days = models.PositiveIntegerField(default=WINDOW)
    watching_since = MomentField(null=True, blank=True)
    watch_until = MomentField(null=True, blank=True)
    permanent_at = MomentField(null=True, blank=True)
    recurred_at = MomentField(null=True, blank=True)
    dropped_at = MomentField(null=True, blank=True)
    dropped_why = models.CharField(max_length=300, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    written_once = frozenset({"found_at"})
    inseparable = (
        frozenset(
            {"stage", "owner_id", "owned_at", "workaround", "workaround_at", "claimed_at", "fixed_count"}
            | {"watch_days", "watching_since", "watch_until", "permanent_at", "recurred_at"}
            | {"dropped_at", "dropped_why", "merged_into_id"}
        ),
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["watch_until"], name="problem_watch", condition=Q(stage=Stage.WATCHING, retired_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Nobody works on it any more, whatever became of it."""
        return self.dropped_at is not None or self.merged_into_id is not None

    @property
    def is_open(self) -> bool:
        """It has no fix yet."""
        return not self.is_over and self.stage in OPEN

    @property
    def stage_without_fix(self) -> str:
        """Where it stands when what we said about a fix does not hold."""
        if self.workaround:
            return Stage.WORKAROUND
        return Stage.OWNED if self.owner_id else Stage.FOUND


class Rule(OfProblems):
    """What a message must say to be one of a problem's, as people wrote it down.

    ``words`` (any of them, or all) or the ``phrase`` make a match by themselves. The fields narrow every match, the
    likeness of words too: words in the subject, the customer's organization, a tag, the department. Whatever holds
    one of the ``excluded`` words is none.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="rules")
    words = models.JSONField(default=list, blank=True)
    needs_all = models.BooleanField(default=False)
    phrase = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tag = models.CharField(max_length=60, blank=True)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    excluded = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["problem"], condition=Q(retired_at=None), name="one_rule_per_problem")
        ]


class ProblemLink(OfProblems):
    """A conversation that is about a problem.

    ``angry`` and ``again`` count the words of the customer that say so (see mood.py). ``recurred_at`` is when the
    problem came back although we had told this customer that it was fixed.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="links")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="problem_links")
    linked_at = MomentField()
    is_matched = models.BooleanField(default=False)
    angry = models.PositiveIntegerField(default=0)
    again = models.PositiveIntegerField(default=0)
    recurred_at = MomentField(null=True, blank=True)

    about_field = "conversation_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["problem", "conversation"], condition=Q(retired_at=None), name="one_problem_link_each"
            )
        ]


class Sighting(Logged):
    """A customer's message that speaks of a problem: what the watch counts, and what is suggested for open ones.

    ``message`` is its number; ``why`` says by what it was recognised.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="sightings")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="problem_sightings")
    message = models.BigIntegerField()
    at = MomentField()
    score = models.FloatField(default=0)
    why = models.CharField(max_length=200, blank=True)

    about_field = "conversation_id"
    written_once = frozenset({"message", "at", "score", "why"})

    class Meta:
        indexes = [models.Index(fields=["problem", "at"], name="sighting_day", condition=Q(retired_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["problem", "message"], condition=Q(retired_at=None), name="one_sighting_each"
            )
        ]


class EvidenceKind(models.TextChoices):
    """What shows that a fix is there."""

    RELEASE = "release", "Release"
    CHANGE = "change", "Change"
    PHOTO = "photo", "Photo"
    NOTE = "note", "Note"


class Evidence(Logged):
    """What shows that a problem is fixed: words, an address where it can be looked at, or a stored file."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=8, choices=EvidenceKind.choices, default=EvidenceKind.NOTE)
    words = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    name = models.CharField(max_length=255, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    author = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = MomentField()

    written_once = frozenset({"kind", "words", "url", "name", "content_hash", "at"})


class VictoryKind(models.TextChoices):
    """What was won."""

    PERMANENT = "permanent", "Gone for good"
    EARLY = "early", "Faster than promised"
    THANKED = "thanked", "Thanked after a fix"


class Victory(Logged):
    """Something that went well, with the people of it and the numbers that show it.

    ``before`` and ``after`` are ``{"count", "unit", "ids"}`` (conversations that are counted); ``definition`` says
    what is counted. ``problem`` or ``relay`` (its number) is what was won.
    """

    kind = models.CharField(max_length=10, choices=VictoryKind.choices)
    title = models.CharField(max_length=200)
    problem = models.ForeignKey(Problem, null=True, blank=True, on_delete=models.PROTECT, related_name="victories")
    relay = models.BigIntegerField(null=True, blank=True)
    conversation = models.ForeignKey(Conversation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = MomentField()
    definition = models.CharField(max_length=400)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    about_field = "conversation_id"
    written_once = frozenset({"kind", "title", "relay", "at", "definition", "before", "after"})


class VictoryPart(Logged):
    """Somebody who has a part in a victory, and which."""

    victory = models.ForeignKey(Victory, on_delete=models.PROTECT, related_name="parts")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["victory", "staff"], condition=Q(retired_at=None), name="one_part_each")
        ]


class Revision(models.Model):
    """How often what problems are recognised by has changed: whoever has learnt them sees when to learn anew."""

    number = models.BigIntegerField(default=0)
