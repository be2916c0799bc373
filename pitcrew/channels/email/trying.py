"""Knocking at the servers of a mailbox, to hear whether they let us in. No mail is fetched or sent."""

import imaplib
from dataclasses import dataclass

from pitcrew.channels.email.fetching import Refusal, connect, words
from pitcrew.channels.email.models import Mailbox
from pitcrew.channels.email.transport import NotYet, knock

PATIENCE = 10  # seconds; somebody looks at the screen meanwhile


@dataclass(frozen=True)
class Tried:
    """One server: what it is for, whether it let us in, and a sentence with its own words."""

    what: str
    works: bool
    sentence: str


def both(mailbox: Mailbox) -> list[Tried]:
    """What the server that is fetched from and the one that sends say."""
    return [fetching(mailbox), sending(mailbox)]


def fetching(mailbox: Mailbox) -> Tried:
    """Whether we could fetch its mail."""
    if not mailbox.fetch_host:
        return Tried("Fetching", True, "Nothing is fetched: mail for this address comes to Pitcrew's own listener.")
    try:
        with connect(mailbox, patience=PATIENCE) as server:
            mails = server.folder.status(mailbox.fetch_folder, ["MESSAGES"])["MESSAGES"]
    except Refusal as refusal:
        return Tried("Fetching", False, f"{mailbox.fetch_host} answers. {refusal}")
    except (OSError, imaplib.IMAP4.error) as failure:
        return Tried("Fetching", False, f"{mailbox.fetch_host} cannot be reached: {words(failure)}")
    return Tried("Fetching", True, f"{mailbox.fetch_host} lets us in. {mailbox.fetch_folder} holds {mails} mails.")


def sending(mailbox: Mailbox) -> Tried:
    """Whether it would take our answers."""
    if not mailbox.send_host:
        return Tried("Sending", True, "Answers leave by the mail settings of the installation (docs/settings.md).")
    try:
        said = knock(mailbox, patience=PATIENCE)
    except NotYet as failure:
        return Tried("Sending", False, str(failure))
    return Tried("Sending", True, f"{mailbox.send_host} lets us in and says: {said}")
