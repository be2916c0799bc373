"""Answers leave when their undo window is over; what fails is tried again, and in the end said.

A mail leaves at least once: a server that took it just before we were killed may get it again, with the same
Message-ID, by which mail programs show it once.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from pitcrew.channels.email.composing import NoMailbox, compose
from pitcrew.channels.email.models import Delivery
from pitcrew.channels.email.transport import Never, NotYet, send
from pitcrew.conversations.actions import delivering
from pitcrew.conversations.models import Message
from pitcrew.history.actors import Actor
from pitcrew.jobs.tasks import task

PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]  # between tries; after the last it counts as undelivered
MOST = 200  # mails looked at in one sweep
BY = Actor("pitcrew", "outbox", door="email")


def waiting():
    """Answers that wait to leave, the next first."""
    leaving = Message.objects.filter(channel="email", leaves_at__isnull=False, left_at=None, undelivered_at=None)
    return leaving.order_by("leaves_at", "id")


def send_due(at: datetime) -> int:
    """Ask for every answer that may leave by now to be sent. The clock calls this. Returns how many were asked for."""
    due = waiting().filter(Q(delivery=None) | Q(delivery__next_at__lte=at), leaves_at__lte=at)
    tried = due.values_list("pk", "delivery__tries", "leaves_at")[:MOST]
    for pk, tries, leaves_at in tried:
        leave.using(key=f"leave:{pk}:{tries or 0}:{leaves_at.timestamp()}").enqueue(pk)
    return len(tried)


@task(tries=3)
def leave(pk: int) -> None:
    """Send one answer, if it still may leave: it may have been taken back, or have left already."""
    message = waiting().select_related("conversation__department", "author").filter(pk=pk).first()
    if message is not None:
        send_now(message, at=timezone.now())


def send_now(message: Message, *, at: datetime) -> None:
    """Hand one answer to its server, and note what came of it."""
    try:
        refused = send(compose(message))
    except NotYet as failure:
        _try_later(message, str(failure), at)
    except (Never, NoMailbox) as failure:
        delivering.mark_undelivered(message, str(failure), by=BY, at=at)
    else:
        delivering.left(message, by=BY, at=at)
        if refused:
            words = "; ".join(f"{address}: {said}" for address, said in refused.items())
            delivering.mark_undelivered(message, words, by=BY, at=at)


def _try_later(message: Message, said: str, at: datetime) -> None:
    delivery, _ = Delivery.objects.get_or_create(message=message, defaults={"next_at": at})
    if delivery.tries >= len(PAUSES):
        delivery.delete()
        delivering.mark_undelivered(message, said, by=BY, at=at)
        return
    delivery.next_at, delivery.said = at + PAUSES[delivery.tries], said[:500]
    delivery.tries += 1
    delivery.save()


def hurry(message: Message, *, at: datetime) -> bool:
    """Let the next try of an answer be now. False when there is none to wait for."""
    return bool(Delivery.objects.filter(message=message).update(next_at=at))
