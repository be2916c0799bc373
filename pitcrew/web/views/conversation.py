"""One conversation: its timeline, what belongs to it, and the composer below."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pitcrew.conversations import drafts
from pitcrew.conversations.models import Conversation
from pitcrew.conversations.queries import followers_of, identities_of, linked, others_of, seen, tags_of, timeline
from pitcrew.relays.links.queries import marks_of
from pitcrew.web.acting import Request
from pitcrew.web.asked import conversation_asked
from pitcrew.web.gathering import gathered, newest_message
from pitcrew.web.owed import owed_in
from pitcrew.web.rules import staff_only
from pitcrew.web.tabs import TABS
from pitcrew.web.tracks import track_of

MOST_MESSAGES = 1_000


@staff_only
def show(request: Request, pk: int) -> HttpResponse:
    """The conversation: a whole screen, its column, or only what moves while one looks at it."""
    conversation = conversation_asked(request, pk)
    if conversation.merged_into_id:
        return _gone_into(request, conversation)
    shown = _shown(request, conversation)
    if request.GET.get("part") == "live":
        return render(request, "conversation/live.html", shown)
    if request.headers.get("HX-Request"):
        return render(request, "conversation/main.html", shown | _writing(request, conversation))
    return render(request, "conversation/screen.html", shown | _writing(request, conversation))


def _gone_into(request: Request, conversation: Conversation) -> HttpResponse:
    """What was merged leads to where it is now."""
    if request.headers.get("HX-Request"):
        there = {"path": f"/conversations/{conversation.merged_into_id}/", "target": "#main"}
        return HttpResponse(status=204, headers={"HX-Location": json.dumps(there)})
    return redirect("conversation", conversation.merged_into_id)


def _shown(request: Request, conversation: Conversation) -> dict[str, Any]:
    asked = request.GET.get("messages", "")
    limit = min(int(asked), MOST_MESSAGES) if asked.isdecimal() and 0 < len(asked) < 5 else 100
    told = timeline(conversation, limit=limit)
    return {
        "conversation": conversation,
        "items": gathered(told.items),
        "newest": newest_message(told.items),
        "has_earlier": told.before is not None,
        "limit": limit,
        "tab": TABS.get(request.GET.get("in", ""), TABS["open"]),
        "owed": owed_in(conversation.pk, timezone.now()),
        "tags": tags_of(conversation),
        "followers": followers_of(conversation),
        "identities": identities_of(conversation),
        "others": others_of(conversation, request.user, limit=6),
        "linked": linked(conversation, request.user),
        "maybe": _maybe_part_of(request, conversation),
        "broken": marks_of(conversation.pk),
        "track": track_of(conversation, timezone.now(), request.user.pk),
    }


def _maybe_part_of(request: Request, conversation: Conversation) -> Conversation | None:
    """What it may belong to, as far as this person may see that."""
    return seen(request.user, conversation.maybe_part_of_id) if conversation.maybe_part_of_id else None


def _writing(request: Request, conversation: Conversation) -> dict[str, Any]:
    return {"drafts": drafts.begun(conversation, request.user)}
