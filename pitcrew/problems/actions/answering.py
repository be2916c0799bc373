"""One text, told to everybody whom a problem touched."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.actions.answering import FEW, UNDO_WINDOW
from pitcrew.conversations.models import Message, State
from pitcrew.history.actors import Actor
from pitcrew.history.writing import operation
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import NeedsConfirmation, Refused
from pitcrew.problems.letters import prepare
from pitcrew.problems.models import Problem

MOST_NAMED = 5  # letters at fault that one refusal names


@operation
def answer_all(
    problem: Problem,
    texts: dict[str, str],
    *,
    except_for: Iterable[int] = (),
    edits: dict[int, str] | None = None,
    then: str = State.WAITING_ON_CUSTOMER,
    window: timedelta = UNDO_WINDOW,
    confirmed: bool = False,
    by: Actor,
    at: datetime,
) -> list[Message]:
    """Answer every conversation of the problem, each in its language (`texts` by code) with its own facts.

    One operation, so one undo takes back every letter that has not left. ``except_for`` (ids) get nothing; ``edits``
    are letters that somebody wrote by hand. Raises Refused when one of them cannot go as it is, then none goes;
    NeedsConfirmation, unless `confirmed`, when there are more than `FEW`.
    """
    staff = as_staff(by)
    if staff is None:
        raise Refused("Only a colleague can answer customers.")
    letters = prepare(problem, texts, staff, except_for=except_for, edits=edits)
    if letters.wrongs:
        rest = len(letters.wrongs) - MOST_NAMED
        named = " ".join(letters.wrongs[:MOST_NAMED])
        raise Refused(named + (f" And {rest} more." if rest > 0 else ""))
    if not letters.going:
        raise Refused(letters.skipped or "Nobody is left to answer. Tick at least one conversation.")
    if len(letters.going) > FEW and not confirmed:
        raise NeedsConfirmation(f"This goes to {len(letters.going)} customers. Send it to all of them?")
    how = {"then": then, "window": window, "by": by, "at": at}
    return [conversations.reply(each.conversation, each.text, to=[each.to], **how) for each in letters.going]
