"""Relays and their legs, and the templates they run along."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pitcrew.conversations.models import Conversation
from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField
from pitcrew.people.models import Department, Staff


class Template(Logged):
    """A way that work of one kind goes through the company: "card delivery"."""

    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(retired_at=None), name="one_template_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Edition(Logged):
    """One version of a template. A running relay keeps the one it began with, until somebody moves it.

    ``steps`` is a list of ``{"key", "name", "department" (id or null), "partner" (address or ""), "after": [keys],
    "asks": [{"key", "label", "kind": text | choice | date | yes, "choices": [..], "needed": bool}],
    "is_follow_up": bool, "told": words for the customer, "minutes": to complete, null for the policy's}``.
    What comes after several steps waits for all of them (a join); several that come after one step run side by side.
    """

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    steps = models.JSONField(default=list)
    made_at = MomentField()

    written_once = frozenset({"number", "steps", "made_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], condition=Q(retired_at=None), name="one_edition_per_number"
            )
        ]


class Relay(Logged):
    """An ordered handoff across departments for one conversation, or for one problem (its number).

    ``edition`` is empty for one that is made as one goes (ad hoc). It ends finished, or stopped with a reason.
    ``promised_by`` is the moment of its first brief; ``was_early`` says that it was finished before. ``thanked_at`` is
    when the customer said that it works.
    """

    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.PROTECT, related_name="relays"
    )
    problem = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=100)
    edition = models.ForeignKey(Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="relays")
    started_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    home = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    started_at = MomentField()
    finished_at = MomentField(null=True, blank=True)
    stopped_at = MomentField(null=True, blank=True)
    stopped_why = models.CharField(max_length=300, blank=True)
    promised_by = MomentField(null=True, blank=True)
    was_early = models.BooleanField(default=False)
    thanked_at = MomentField(null=True, blank=True)

    about_field = "conversation_id"
    inseparable = (frozenset({"finished_at", "stopped_at", "stopped_why", "was_early"}),)

    class Meta:
        indexes = [
            models.Index(fields=["problem"], name="relay_problem", condition=Q(problem__isnull=False, retired_at=None))
        ]


class Stage(models.TextChoices):
    """Where a leg is, which says who has the baton.

    ahead: nobody yet. offered: the department has to accept it. accepted: the department (or the person who took it).
    asked: its sender has to answer a question. returned: its sender has to send it elsewhere.
    done, skipped, withdrawn: nobody any more. What follows a skipped leg comes; what follows a withdrawn one does not.
    """

    AHEAD = "ahead", "Ahead"
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    ASKED = "asked", "Asked back"
    RETURNED = "returned", "Returned"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"
    WITHDRAWN = "withdrawn", "Withdrawn"


LIVE = (Stage.OFFERED, Stage.ACCEPTED, Stage.ASKED, Stage.RETURNED)
ENDED = (Stage.DONE, Stage.SKIPPED, Stage.WITHDRAWN)


TOGETHER = frozenset(
    {"stage", "baton_since", "holder_id", "accepted_at", "offered_at", "ended_at", "ended_why", "department_id", "away"}
)


class Leg(Logged):
    """One department's part of a relay. Exactly one party has its baton while it is live.

    ``step`` is its key in the edition; ``branch`` names the line of the relay that it lies on: legs side by side have
    branches of their own, and of each branch one leg at most is live. ``sender`` and ``sent_from`` are who gets it
    back. The brief has four lines: ``need``, ``tried``, ``promised``, ``by_when``. ``outcome`` holds the answers to
    what the step asks, and ``outcome_words``. ``question``, ``answer`` and ``declined_why`` are the last ones said.
    ``after`` names the steps it waits for. Who sends a leg again begins a new row, ``again_of`` the old one, so each
    row lies in one department and its moments say how long: from ``offered_at`` to ``ended_at``, without the ``away``
    seconds in which the baton was back with the sender. ``minutes`` are what it may take, None for the policy's.
    ``asked_first_at`` is set on a follow-up when the customer wrote before we did.
    """

    relay = models.ForeignKey(Relay, on_delete=models.PROTECT, related_name="legs")
    conversation = models.ForeignKey(Conversation, null=True, blank=True, on_delete=models.PROTECT, related_name="legs")
    step = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    branch = models.CharField(max_length=60, default="main")
    order = models.PositiveIntegerField(default=0)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="legs")
    partner = models.EmailField(max_length=254, blank=True)
    holder = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="legs_held")
    sender = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="legs_sent")
    sent_from = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.AHEAD)
    baton_since = MomentField(null=True, blank=True)
    is_follow_up = models.BooleanField(default=False)
    need = models.TextField(blank=True)
    tried = models.TextField(blank=True)
    promised = models.TextField(blank=True)
    by_when = MomentField(null=True, blank=True)
    offered_at = MomentField(null=True, blank=True)
    accepted_at = MomentField(null=True, blank=True)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    declined_why = models.TextField(blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    outcome_words = models.TextField(blank=True)
    ended_at = MomentField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)
    after = models.JSONField(default=list, blank=True)
    again_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="again", db_index=False
    )
    away = models.PositiveIntegerField(default=0)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    asked_first_at = MomentField(null=True, blank=True)

    about_field = "conversation_id"
    live_stages: ClassVar[tuple[str, ...]] = LIVE
    inseparable = (TOGETHER,)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["relay", "branch"],
                condition=Q(stage__in=LIVE, retired_at=None),
                name="one_baton_per_branch",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=LIVE, baton_since__isnull=False)
                | (~Q(stage__in=LIVE) & Q(baton_since__isnull=True)),
                name="live_leg_has_a_baton",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "baton_since"],
                name="leg_live_department",
                condition=Q(baton_since__isnull=False, retired_at=None),
            ),
            models.Index(
                fields=["holder"], name="leg_live_holder", condition=Q(baton_since__isnull=False, retired_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.stage in LIVE
