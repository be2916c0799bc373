"""Jobs, the keys that make them unique, leases, and how the clock's work went."""

from django.db import models
from django.db.models import Q

OPEN = Q(finished_at=None, died_at=None)


class Job(models.Model):
    """One piece of background work.

    ``due_at`` is the next moment a worker may take it: when it was asked for, when the next try is, or, while a worker
    has it (``worker``), when that worker's lease ends. So a job whose worker was killed is simply due again.
    """

    task = models.CharField(max_length=200)
    queue = models.CharField(max_length=40)
    priority = models.SmallIntegerField(default=0)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    tries_allowed = models.PositiveSmallIntegerField()
    worker = models.CharField(max_length=80, blank=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    last_tried_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    died_at = models.DateTimeField(null=True)
    failures = models.JSONField(default=list)  # [path of the exception, traceback], one per failed try
    returned = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-priority", "due_at", "id"], name="job_next", condition=OPEN),
            models.Index(fields=["died_at"], name="job_dead", condition=Q(died_at__isnull=False)),
            models.Index(fields=["finished_at"], name="job_finished", condition=Q(finished_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.pk})"


class Key(models.Model):
    """A name under which work was asked for; under the same name it is not asked for twice."""

    key = models.CharField(max_length=200, primary_key=True)
    job = models.BigIntegerField()
    at = models.DateTimeField()


class Outcome(models.Model):
    """What Procrastinate does not keep of a job: why its tries failed, and what it returned."""

    job = models.BigIntegerField(primary_key=True)
    failures = models.JSONField(default=list)
    returned = models.JSONField(null=True)


class Lease(models.Model):
    """Who may do what only one may do at a time, and until when unless they say they still live."""

    name = models.CharField(max_length=60, primary_key=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()


class Beat(models.Model):
    """How one of the things the clock calls went: when last, and how often in a row it failed."""

    name = models.CharField(max_length=120, primary_key=True)
    last_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=500, blank=True)


class Stuck(models.Model):
    """A row that a sweep could not deal with: tried again later, then set aside so that the others go on."""

    sweep = models.CharField(max_length=120)
    row = models.BigIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)  # None: set aside
    failure = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sweep", "row"], name="stuck_once")]
