"""Letters leave when what they tell can no longer be undone in passing; what fails is tried again, in the end said."""

from datetime import datetime

from django.utils import timezone

from pitcrew.channels.email.composing import NoMailbox
from pitcrew.channels.email.letters import actions
from pitcrew.channels.email.letters.composing import compose
from pitcrew.channels.email.letters.models import Letter
from pitcrew.channels.email.letters.queries import due, is_for_customer, mail_of_customer, still_so, waiting
from pitcrew.channels.email.outbox import MOST, PAUSES
from pitcrew.channels.email.transport import Never, NotYet, send
from pitcrew.history.actors import Actor
from pitcrew.history.writing import recording, settle
from pitcrew.jobs.tasks import task

BY = Actor("pitcrew", "letters", door="email")


def send_due(at: datetime) -> int:
    """Ask for every letter that may leave by now to be sent. The clock calls this. Returns how many were asked for."""
    rows = due(at).values_list("pk", "tries")[:MOST]
    for pk, tries in rows:
        leave.using(key=f"letter:{pk}:{tries}").enqueue(pk)
    return len(rows)


@task(tries=3)
def leave(pk: int) -> None:
    """Send one letter, if it still waits."""
    letter = waiting().filter(pk=pk).first()
    if letter is not None:
        send_now(letter, at=timezone.now())


def send_now(letter: Letter, *, at: datetime) -> None:
    """Hand one letter to its server, if what it tells is still so, and note what came of it."""
    if not still_so(letter) or (is_for_customer(letter) and not mail_of_customer(letter)):
        actions.drop(letter, by=BY, at=at)
        return
    try:
        refused = send(compose(letter, at))
    except NotYet as failure:
        _try_later(letter, str(failure), at)
    except (Never, NoMailbox) as failure:
        actions.mark_undelivered(letter, str(failure), by=BY, at=at)
    else:
        actions.left(letter, by=BY, at=at)
        if refused:
            said = "; ".join(f"{address}: {words}" for address, words in refused.items())
            actions.mark_undelivered(letter, said, by=BY, at=at)


def _try_later(letter: Letter, said: str, at: datetime) -> None:
    if letter.tries >= len(PAUSES):
        actions.mark_undelivered(letter, said, by=BY, at=at)
        return
    with recording("letters.try_later", by=BY, at=at):
        settle(letter, next_at=at + PAUSES[letter.tries], said=said[:500], tries=letter.tries + 1)
