"""What rooms above know and this one has to: what is done upstream, and where mail comes in."""

from collections.abc import Callable, Iterable

from pitcrew.relays.links.judging import Mailbox, Upstream

UpstreamGiver = Callable[[list[int]], Iterable[tuple[int, Upstream]]]
MailboxGiver = Callable[[], Iterable[tuple[Mailbox, int]]]
_upstream: list[UpstreamGiver] = []
_mailboxes: list[MailboxGiver] = []


def register_upstream(giver: UpstreamGiver) -> UpstreamGiver:
    """Let a room say what is done for conversations: it gets ids, and gives pairs of an id and what is done."""
    _upstream.append(giver)
    return giver


def register_mailboxes(giver: MailboxGiver) -> MailboxGiver:
    """Let a channel say which of its mailboxes have stopped, each with the department (id) that it belongs to."""
    _mailboxes.append(giver)
    return giver


def upstream_of(conversations: list[int]) -> dict[int, list[Upstream]]:
    """What is done upstream for these conversations."""
    found: dict[int, list[Upstream]] = {}
    for giver in _upstream:
        for conversation, done in giver(conversations):
            found.setdefault(conversation, []).append(done)
    return found


def stopped_mailboxes() -> list[tuple[Mailbox, int]]:
    """Every mailbox that has stopped."""
    return [pair for giver in _mailboxes for pair in giver()]
