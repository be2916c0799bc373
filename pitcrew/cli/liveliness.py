"""Whether every part lives and keeps up."""

import os
import shutil
import socket
import urllib.request
from datetime import timedelta
from urllib.error import HTTPError

from django.conf import settings
from django.utils import timezone
from django_tasks import default_task_backend

from pitcrew.channels.email.models import Mailbox
from pitcrew.channels.email.queries import quarantined, waiting
from pitcrew.cli.address import mail_remembered, remembered
from pitcrew.cli.findings import Finding
from pitcrew.history.models import Follower, SetAside
from pitcrew.jobs.models import Beat, Lease
from pitcrew.jobs.sweeping import set_aside

LITTLE = 1_000_000_000  # bytes of disk
LATE = timedelta(minutes=2)
START = "Start it with: pitcrew up (or pitcrew {})."


def disk() -> Finding:
    """There is room for the mail to come."""
    free = shutil.disk_usage(settings.DATA).free
    says = f"{free / 1e9:.1f} GB free for {settings.DATA}."
    if not os.access(settings.DATA, os.W_OK):
        return Finding(
            "data folder", f"{settings.DATA} cannot be written.", "Give the folder to the user Pitcrew runs as."
        )
    return Finding("disk", says, "Make room: below 1 GB mail may soon have to wait." if free < LITTLE else "")


def screens() -> Finding:
    """The screens answer where they were last started."""
    address = remembered()
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            status = answer.status
    except HTTPError as error:
        status = error.code
    except OSError as error:
        return Finding("screens", f"nothing answers at {address} ({_words(error)}).", START.format("web"))
    if status >= 500:
        return Finding("screens", f"{address} answers with {status}.", "Its log lines say why; they are on its stderr.")
    return Finding("screens", f"they answer at {address}.")


def mail_port() -> Finding:
    """The mail listener greets."""
    host, port = mail_remembered()
    try:
        with socket.create_connection((host, port), 5) as line:
            line.settimeout(5)
            greeting = line.recv(100)
    except OSError as error:
        return Finding("mail listener", f"nothing answers at {host}:{port} ({_words(error)}).", START.format("mail"))
    if not greeting.startswith(b"220"):
        mend = "Stop that program, or start Pitcrew with another --smtp-port."
        return Finding("mail listener", f"another program answers at {host}:{port}.", mend)
    return Finding("mail listener", f"it greets at {host}:{port}.")


def intake() -> Finding:
    """What arrived becomes conversations soon."""
    late = waiting().filter(arrived_at__lt=timezone.now() - LATE).count()
    if late:
        mend = "Start the intake: pitcrew up (or pitcrew mail). If it runs, its log says what it waits for."
        return Finding("intake", f"{late} mails wait for more than two minutes.", mend)
    return Finding("intake", f"no mail waits; {quarantined().count()} in quarantine.")


def worker() -> Finding:
    """Jobs are taken when they are due."""
    lag = default_task_backend.lag(timezone.now())  # type: ignore[attr-defined]
    if lag.oldest > LATE:
        says = f"{lag.due} jobs are due, the oldest for {lag.oldest.total_seconds() / 60:.0f} minutes."
        return Finding("worker", says, START.format("worker"))
    return Finding("worker", f"it keeps up ({lag.due} jobs due).")


def dead_letters() -> Finding:
    """No job has failed for good."""
    letters = default_task_backend.dead_letters(20)  # type: ignore[attr-defined]
    if letters:
        says = f"{len(letters)} failed for good; the latest, {letters[0].task}: {letters[0].why}."
        return Finding("jobs", says, "Mend the cause; they are shown under Settings, where they can be tried again.")
    return Finding("jobs", "none failed for good.")


def clock() -> Finding:
    """Somebody holds the clock, and what it calls goes well."""
    lease = Lease.objects.filter(name="clock").first()
    if lease is None or lease.until < timezone.now():
        return Finding("clock", "it does not run.", START.format("worker"))
    failing = Beat.objects.filter(failures__gt=0).order_by("-failures").first()
    if failing:
        says = f"{failing.name} has failed {failing.failures} times in a row ({failing.failure})."
        return Finding("clock", says, "It is tried again by itself; the log says where it fails.")
    stuck = set_aside()
    if stuck:
        says = f"{len(stuck)} rows are set aside; the latest, {stuck[0].sweep} {stuck[0].row}: {stuck[0].failure}."
        return Finding("clock", says, "Mend the cause, then let it be taken up again.")
    return Finding("clock", f"it runs ({lease.holder.split(':')[0]}).")


def mailboxes() -> Finding:
    """Every mailbox can be fetched."""
    stopped = list(Mailbox.objects.filter(stopped_at__isnull=False))
    if stopped:
        says = "; ".join(f"{m.address} stopped: {m.stopped_why}" for m in stopped)
        return Finding("mailboxes", says, "Correct them under Settings, Mailboxes; they start again by themselves.")
    return Finding("mailboxes", f"{Mailbox.objects.count()} named, none stopped.")


def followers() -> Finding:
    """Every reader of the log digests what it reads."""
    failing = Follower.objects.filter(failures__gt=0).first()
    if failing:
        says = f"{failing.name} cannot digest an event ({failing.failure})."
        return Finding("followers", says, "It is tried three times, then set aside; please report it.")
    aside = SetAside.objects.select_related("follower").order_by("-id").first()
    if aside:
        says = f"{SetAside.objects.count()} events are set aside; the latest by {aside.follower_id}: {aside.failure}."
        return Finding("followers", says, "Nothing else waits for them; please report it.")
    return Finding("followers", "all have read on.")


def _words(error: OSError) -> str:
    return str(getattr(error, "reason", None) or error.strerror or error)


ALIVE = [
    ("disk", disk),
    ("screens", screens),
    ("mail listener", mail_port),
    ("intake", intake),
    ("worker", worker),
    ("jobs", dead_letters),
    ("clock", clock),
    ("mailboxes", mailboxes),
    ("followers", followers),
]
