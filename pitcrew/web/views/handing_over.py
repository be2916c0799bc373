"""Handing over: the panel of a conversation, and the act."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from pitcrew.conversations.models import Conversation
from pitcrew.people.models import Department
from pitcrew.relays import actions as relays
from pitcrew.web.acting import Request, acting
from pitcrew.web.asked import standing_conversation
from pitcrew.web.handing_forms import HandOver, places, usable
from pitcrew.web.prefilled import prefilled
from pitcrew.web.rules import desk_only
from pitcrew.web.telling import answer


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Give the baton to another department, along a relay or by itself."""
    conversation, at = standing_conversation(request, pk), timezone.now()
    form = _form(request, conversation)
    if request.method == "POST" and form.done(lambda: _do(request, conversation, form)):
        told = f"#{pk} handed to {form.result}"
        return answer(request, told, moved=[pk], back=f"/conversations/{pk}/")
    return _shown(request, conversation, form, at)


def _form(request: Request, conversation: Conversation) -> HandOver:
    begun = {} if request.method == "POST" else {"initial": prefilled(conversation, timezone.now())}
    return HandOver(request.POST or None, choices=places(), home=conversation.department, **begun)


def _do(request: Request, conversation: Conversation, form: HandOver) -> str:
    """Returns to whom it went, in words."""
    given, how = form.cleaned_data, {"by": acting(request), "at": timezone.now()}
    if edition := given.get("edition"):
        relays.start(conversation, edition, form.brief(), **how)
        return f"{edition.template.name}, {edition.steps[0]['name']} first"
    to = {"person": given["person"], "partner": given["partner"]}
    relays.hand_over(conversation, given["department"], form.brief(), **to, **how)
    return str(given["person"] or given["partner"] or given["department"])


def _shown(request: Request, conversation: Conversation, form: HandOver, at: Any) -> HttpResponse:
    shown = {
        "form": form,
        "conversation": conversation,
        "templates": usable(),
        "departments": Department.objects.in_bulk(),
    }
    status = 422 if form.is_bound else 200
    if not request.headers.get("HX-Request"):
        return render(request, "relays/hand_over_page.html", shown, status=status)
    response = render(request, "relays/hand_over.html", shown, status=status)
    if form.is_bound:
        response["HX-Retarget"], response["HX-Reswap"] = "#hand-over-body, .hand-over-page", "innerHTML"
    return response
