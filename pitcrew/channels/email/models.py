"""Mailboxes, and every mail that arrived: the raw bytes first, what became of them after."""

from django.db import models
from django.db.models import Q

from pitcrew.conversations.models import Message
from pitcrew.history.models import Logged
from pitcrew.history.moments import MomentField
from pitcrew.people.models import Department


class Mailbox(Logged):
    """An address the company is written to, where its mail is fetched, and how its answers leave.

    Without a ``fetch_host`` mail comes by SMTP to our own listener; without a ``send_host`` answers leave by the
    installation's own mail settings. Passwords and tokens are never told to the log.
    """

    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="mailboxes")
    fetch_host = models.CharField(max_length=253, blank=True)
    fetch_port = models.PositiveIntegerField(default=993)
    fetch_security = models.CharField(max_length=10, default="tls")  # tls, starttls, none
    fetch_user = models.CharField(max_length=320, blank=True)
    fetch_login = models.CharField(max_length=10, default="password")  # password, xoauth2
    fetch_secret = models.TextField(blank=True)
    fetch_folder = models.CharField(max_length=200, default="INBOX")
    fetch_cursor = models.CharField(max_length=60, blank=True)  # UIDVALIDITY:UID of the last mail taken
    send_host = models.CharField(max_length=253, blank=True)
    send_port = models.PositiveIntegerField(default=587)
    send_security = models.CharField(max_length=10, default="starttls")  # tls, starttls, none
    send_user = models.CharField(max_length=320, blank=True)
    send_secret = models.TextField(blank=True)
    stopped_at = MomentField(null=True, blank=True)
    stopped_why = models.CharField(max_length=500, blank=True)

    unlogged_fields = frozenset({"fetch_secret", "fetch_cursor", "send_secret"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], condition=Q(retired_at=None), name="one_mailbox_per_address")
        ]

    def __str__(self) -> str:
        return self.address


class Arrival(models.Model):
    """One mail that reached us, kept before anybody was told so.

    Message-ID, receiving mailbox and content together make it one mail: the same one twice is held once, the same id
    with other content is kept too and flagged (``is_namesake``). The key is made of hashes, because the index of the
    long strings would take as much room as the row: ``id_hash`` of the Message-ID, ``digest`` of mailbox and content.
    It waits while it has neither a ``message`` nor a ``letter`` (the number of one of ours that it
    answers, or that came back in it) nor ``quarantined_at``.
    """

    mail_id = models.CharField(max_length=500, blank=True)  # the Message-ID header, without <>
    mailbox = models.CharField(max_length=320, blank=True)
    id_hash = models.BinaryField(max_length=8)
    digest = models.BinaryField(max_length=16)
    size = models.BigIntegerField()
    door = models.CharField(max_length=10)  # smtp, imap, import
    actor = models.CharField(max_length=60, blank=True)  # who brought it, where that was not its sender
    arrived_at = MomentField()
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.JSONField(default=list)
    is_namesake = models.BooleanField(default=False)
    is_bulk = models.BooleanField(default=False)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    letter = models.BigIntegerField(null=True)
    quarantined_at = MomentField(null=True)
    quarantined_why = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id_hash", "digest"], name="one_arrival_per_mail")]
        indexes = [
            models.Index(
                fields=["id"],
                name="arrival_waiting",
                condition=Q(message=None, letter=None, quarantined_at=None),
            ),
            models.Index(fields=["letter"], name="arrival_letter", condition=Q(letter__isnull=False)),
            models.Index(
                fields=["-quarantined_at"],
                name="arrival_quarantine",
                condition=Q(quarantined_at__isnull=False),
            ),
        ]


class RawMail(models.Model):
    """The bytes of an arrival as they came, deflated (zlib, RFC 1950)."""

    arrival = models.OneToOneField(Arrival, primary_key=True, on_delete=models.CASCADE, related_name="raw")
    deflated = models.BinaryField()


class Delivery(models.Model):
    """What became of the tries to send an answer that has not left yet: how many, what was said, when the next is."""

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE, related_name="delivery")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = MomentField()
    said = models.CharField(max_length=500, blank=True)


class Awaited(models.Model):
    """A Message-ID that a stored message answers, of a mail that has not arrived (yet)."""

    mail_id = models.CharField(max_length=500, db_index=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
