"""Search over all history."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from pitcrew.conversations.search import find
from pitcrew.web.acting import Request
from pitcrew.web.rules import staff_only


@staff_only
@require_safe
def search(request: Request) -> HttpResponse:
    """What holds the words; a number alone opens its conversation."""
    text = request.GET.get("q", "").strip()
    found = find(request.user, text, limit=50) if text else None
    if found and text.lstrip("#").isdigit() and len(found.hits) == 1 and found.hits[0].is_exact:
        return redirect("conversation", found.hits[0].conversation.pk)
    return render(request, "search/screen.html", {"text": text, "found": found})
