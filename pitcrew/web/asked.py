"""What a request asks about, as far as the person who asks may see it."""

from django.http import Http404

from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries import chosen, queue, seen
from pitcrew.people.refusals import Refused
from pitcrew.web.acting import Request
from pitcrew.web.tabs import TABS

MOST_AT_ONCE = 5_000


def conversation_asked(request: Request, pk: int) -> Conversation:
    """The conversation of this number; Http404 where there is none, or none for this person."""
    conversation = seen(request.user, pk)
    if conversation is None:
        raise Http404(f"There is no conversation #{pk} that you may see.")
    return conversation


def standing_conversation(request: Request, pk: int) -> Conversation:
    """As `conversation_asked`, to act on it: one that became part of another takes no more."""
    conversation = conversation_asked(request, pk)
    if conversation.merged_into_id:
        raise Refused(f"#{pk} became part of #{conversation.merged_into_id} while you looked at it. Do it there.")
    return conversation


def ids_asked(request: Request) -> list[int]:
    """The conversations a form names: ``ids`` by number, or ``all`` by the name of a tab.

    Only those the person may see; Http404 when that leaves nothing.
    """
    tab = TABS.get(request.POST.get("all", ""))
    if tab is not None:
        page = queue(request.user, tab.shows(request.user), limit=MOST_AT_ONCE)
        return [row.pk for row in page.rows]
    ids = chosen(request.user, numbers(request.POST.get("ids", "")))
    if not ids:
        raise Http404("None of these conversations is there for you to see any more.")
    return ids


def numbers(text: str) -> list[int]:
    """Numbers written with commas between them; what is none is left out."""
    words = (word.strip() for word in text.split(",")[:MOST_AT_ONCE])
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 16]
