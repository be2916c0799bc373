"""Questions about conversations: the queue, one conversation's timeline, what else there is, what has yet to leave."""

from pitcrew.conversations.queries.around import (
    files_of,
    followers_of,
    identities_of,
    linked,
    others_of,
    outbox,
    seen,
    tags_of,
    unsent,
)
from pitcrew.conversations.queries.queue import NOBODY, Filters, Page, chosen, count, queue, rows
from pitcrew.conversations.queries.timeline import Item, Timeline, timeline

__all__ = [
    "NOBODY",
    "Filters",
    "Item",
    "Page",
    "Timeline",
    "chosen",
    "count",
    "files_of",
    "followers_of",
    "identities_of",
    "linked",
    "others_of",
    "outbox",
    "queue",
    "rows",
    "seen",
    "tags_of",
    "timeline",
    "unsent",
]
