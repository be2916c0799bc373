"""What rooms above have a say in: closing a conversation, what a merge carries along, and whose move it is."""

from collections.abc import Callable, Iterable

from pitcrew.conversations.models import Conversation
from pitcrew.history.writing import now_recording
from pitcrew.people.refusals import Refused

Closing = Callable[[list[int]], str]
Carrying = Callable[[Conversation, list[int]], None]
Out = Callable[[int], bool]
Forgetting = Callable[[list[int]], None]
_closing: list[Closing] = []
_carrying: list[Carrying] = []
_out: list[Out] = []
_forgetting: list[Forgetting] = []


def guards_closing(check: Closing) -> Closing:
    """Let a room object to closing: it gets the ids, and gives a sentence, or nothing where it has no objection."""
    _closing.append(check)
    return check


def goes_along(carry: Carrying) -> Carrying:
    """Let a room carry its rows along when conversations (ids) are merged into one that is kept."""
    _carrying.append(carry)
    return carry


def says_out(check: Out) -> Out:
    """Let a room say that a conversation (id) waits for a department."""
    _out.append(check)
    return check


def forgets(erase: Forgetting) -> Forgetting:
    """Let a room erase what it keeps about conversations (ids) whose customer is forgotten."""
    _forgetting.append(erase)
    return erase


def forget(ids: list[int]) -> None:
    """What rooms above say about the customer of these conversations goes too."""
    for erase in _forgetting:
        erase(ids)


def may_close(ids: Iterable[int]) -> None:
    """Refuses to close where a room objects; who gives a reason (``why``) may close all the same."""
    if now_recording().why.strip():
        return
    ids = list(ids)
    for check in _closing:
        if sentence := check(ids):
            raise Refused(sentence)


def carry_along(kept: Conversation, ids: list[int]) -> None:
    """Everything that rooms above keep about these conversations belongs to the kept one now."""
    for carry in _carrying:
        carry(kept, ids)


def is_out(conversation: int) -> bool:
    """Whether a department has the next move in this conversation."""
    return any(check(conversation) for check in _out)
