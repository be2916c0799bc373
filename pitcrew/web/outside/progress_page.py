"""The customer's progress page: how far it is, and three things to say."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from pitcrew.conversations.models import Conversation, State
from pitcrew.history.actors import Actor
from pitcrew.people.models import Identity
from pitcrew.people.refusals import Refused
from pitcrew.relays.doors import actions
from pitcrew.relays.doors.actions import Told
from pitcrew.relays.doors.models import ProgressPage
from pitcrew.relays.doors.progress import steps
from pitcrew.web.outside import saying_when
from pitcrew.web.outside.guarding import Form, form, form_word, mailbox

RESULTS = {"arrived": "arrived", "different": "not_yet", "write": ""}
MAIL = {"mail-on": True, "mail-off": False}
THANKS = {
    "arrived": "Thank you for telling us. If something is different after all, say so here.",
    "different": "Thank you for telling us. We go on with it at once; you see here how far it is.",
    "write": "We have your message. We answer by mail.",
    "mail-on": "We mail you whenever a step is done.",
    "mail-off": "We mail you no more about the steps. Answers to your questions still come.",
}
ASKED = {"arrived": "arrived", "not_yet": "different"}  # what a link in a mail asks to confirm


def shown(
    request: HttpRequest,
    word: str,
    found: tuple[Conversation, ProgressPage],
    now: datetime,
    refused: str = "",
    typed: Form | None = None,
) -> HttpResponse:
    """The page; or the one question that a link in a mail asks, which one button answers."""
    conversation, page = found
    box, way = mailbox(conversation.department), steps(conversation, now)
    told: dict[str, Any] = {
        "number": conversation.pk,
        "subject": conversation.subject,
        "house": box.name if box else "",
        "contact": box.address if box else "",
        "steps": way,
        "is_done": conversation.state == State.DONE,
        "wants_mail": page.wants_mail,
        "has_mail": Identity.objects.filter(customer=conversation.customer_id, channel="email").exists(),
        "form": form_word(word),
        "moment": now,
        "say": saying_when,
        "thanks": THANKS.get(request.GET.get("told", ""), ""),
        "asked": ASKED.get(request.GET.get("say", ""), "mail-off" if request.GET.get("mail") == "stop" else ""),
        "path": request.path,
        "refused": refused,
        "typed": typed,
    }
    name = "outside/confirm.html" if told["asked"] else "outside/progress.html"
    return render(request, name, told, status=422 if refused else 200)


def acted(request: HttpRequest, word: str, found: tuple[Conversation, ProgressPage], now: datetime) -> HttpResponse:
    """Take in what the customer says, and show the page anew with a thank-you."""
    conversation, page = found
    said = form(request, word)
    how: dict[str, Any] = {"by": Actor("customer", conversation.customer_id, door="progress"), "at": now}
    try:
        if said.act in MAIL:
            actions.wish(page, MAIL[said.act], **how)
        elif said.act in RESULTS:
            actions.tell(conversation, Told(said.words, RESULTS[said.act], f"page-{said.once}"), **how)
        else:
            raise Refused("This page does not know that. Choose one of its buttons.")
    except Refused as refusal:
        return shown(request, word, found, now, str(refusal), said)
    return HttpResponseRedirect(f"{request.path}?told={said.act}", status=303)
