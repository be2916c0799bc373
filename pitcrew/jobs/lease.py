"""One at a time: whoever holds the lease does the work, until they let go or are no longer heard of."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, close_old_connections, connections, transaction
from django.db.models import Q

from pitcrew.jobs.models import Lease

LENGTH = timedelta(seconds=30)
log = logging.getLogger("pitcrew.jobs")


def me() -> str:
    """A name for this holder that tells others on the machine whether its process still lives."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:12]}"


def hold(name: str, holder: str, at: datetime) -> bool:
    """Take the lease, or renew it. Whether it is ours until `at` + 30 s; of two that reach for it one has it."""
    until = at + LENGTH
    with suppress(IntegrityError), transaction.atomic():
        if not Lease.objects.filter(name=name).exists():
            Lease.objects.create(name=name, holder=holder, until=until)
            return True
    ours = Lease.objects.filter(Q(holder=holder) | Q(until__lt=at), name=name)
    if ours.update(holder=holder, until=until):
        return True
    other = Lease.objects.filter(name=name).first()
    if other is None or not _is_dead(other.holder):
        return False
    return bool(Lease.objects.filter(name=name, holder=other.holder).update(holder=holder, until=until))


def let_go(name: str, holder: str) -> None:
    """Give the lease up, so that another need not wait for its end."""
    Lease.objects.filter(name=name, holder=holder).delete()


def _is_dead(holder: str) -> bool:
    """Whether the holder was a process of this very machine that is gone: then nobody has to wait."""
    host, _, rest = holder.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:60] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


class Keeper:
    """Keeps a lease in a thread of its own, so that long work does not lose it."""

    def __init__(self, name: str, now: Callable[[], datetime]):
        self.name, self.now, self.holder = name, now, me()
        self.ours_until: datetime | None = None
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._keep, name=f"lease {name}", daemon=True)

    def __enter__(self) -> "Keeper":
        self._renew()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()
        with suppress(Exception):
            let_go(self.name, self.holder)

    def has_it(self) -> bool:
        """Whether the lease is ours at this moment."""
        return self.ours_until is not None and self.now() < self.ours_until

    def _keep(self) -> None:
        try:
            while not self.done.wait(LENGTH.total_seconds() / 3 if self.has_it() else 2.0):
                try:
                    close_old_connections()
                    self._renew()
                except Exception as error:
                    log.error("The lease of the %s could not be renewed: %s", self.name, error)
        finally:
            connections.close_all()

    def _renew(self) -> None:
        at = self.now()
        self.ours_until = at + LENGTH if hold(self.name, self.holder, at) else None
