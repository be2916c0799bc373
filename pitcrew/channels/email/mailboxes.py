"""Mailboxes are named, changed, stopped and started."""

import re
from datetime import datetime
from typing import Any

from pitcrew.channels.email import events
from pitcrew.channels.email.models import Mailbox
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, change, operation, retire, settle
from pitcrew.people.models import Department
from pitcrew.people.refusals import Refused

ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\Z")
SECRETS = ("fetch_secret", "send_secret")


@operation
def name_mailbox(address: str, department: Department, *, by: Actor, at: datetime, **settings: Any) -> Mailbox:
    """Take mail for an address, and answer from it.

    Raises Refused when it is no address, or one that is served already.
    """
    address = free_address(address)
    mailbox = begin(Mailbox, events.MAILBOX_ADDED, address=address, department=department, **_told(settings))
    _keep_secrets(mailbox, settings)
    return mailbox


def free_address(address: str, *, but: Mailbox | None = None) -> str:
    """The address as we write it. Raises Refused when it is none, or when a mailbox other than `but` has it."""
    address = address.strip().lower()
    if not ADDRESS.match(address):
        raise Refused(f"{address or 'Nothing'} is no e-mail address. Write one like support@company.example.")
    if Mailbox.objects.filter(address=address).exclude(pk=but.pk if but else None).exists():
        raise Refused(f"{address} is a mailbox already. Change that one instead.")
    return address


@operation
def change_mailbox(mailbox: Mailbox, *, by: Actor, at: datetime, **settings: Any) -> None:
    """Change how a mailbox is fetched and answered. An empty password keeps the one we have."""
    if "address" in settings:
        settings["address"] = free_address(settings["address"], but=mailbox)
    change(mailbox, events.MAILBOX_CHANGED, **_told(settings))
    _keep_secrets(mailbox, settings)
    start(mailbox, by=by, at=at)


@operation
def remove_mailbox(mailbox: Mailbox, *, by: Actor, at: datetime) -> None:
    """Take no more mail for an address. What came stays."""
    retire(mailbox, events.MAILBOX_RETIRED)


@operation
def stop(mailbox: Mailbox, why: str, *, by: Actor, at: datetime) -> None:
    """Note that a mailbox cannot be fetched, in the server's words, so that somebody mends it."""
    why = " ".join(why.split())[:500]
    if mailbox.stopped_why != why or mailbox.stopped_at is None:
        change(mailbox, events.MAILBOX_STOPPED, stopped_at=at, stopped_why=why)


@operation
def start(mailbox: Mailbox, *, by: Actor, at: datetime) -> None:
    """Note that a mailbox works again."""
    change(mailbox, events.MAILBOX_STARTED, stopped_at=None, stopped_why="")


def _told(settings: dict[str, Any]) -> dict[str, Any]:
    """What the log may know."""
    return {name: value for name, value in settings.items() if name not in SECRETS}


def _keep_secrets(mailbox: Mailbox, settings: dict[str, Any]) -> None:
    given = {name: settings[name] for name in SECRETS if settings.get(name)}
    if given:
        settle(mailbox, **given)
