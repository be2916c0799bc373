"""The page of one leg: the brief, what can be said, and what was said."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from pitcrew.people.refusals import Refused
from pitcrew.relays.doors import actions, changing
from pitcrew.relays.doors.answers import ASK, DECLINE, DONE, TAKE, Said
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.queries import behind, until
from pitcrew.relays.models import Stage
from pitcrew.relays.outcomes import asks_of
from pitcrew.web.outside import saying_when
from pitcrew.web.outside.guarding import Form, form, form_word, mailbox

VERBS = (TAKE, ASK, DECLINE, DONE)
CHANGE = "change"


def shown(
    request: HttpRequest, word: str, door: Door, now: datetime, refused: str = "", typed: Form | None = None
) -> HttpResponse:
    """The page as the leg stands now; with what was typed where it could not be done."""
    leg, place = door.leg, behind(door.leg)
    box, change_until = mailbox(place), changing.until(leg)
    house = (box.name if box else "") or ("Customer service" if door.staff_id is None else str(place))
    told: dict[str, Any] = {
        "leg": leg,
        "asking": house if door.staff_id is None else ", ".join(filter(None, (str(leg.sender or ""), str(place)))),
        "house": house,
        "is_colleague": door.staff_id is not None,
        "contact": box.address if box else "",
        "asks": [ask | {"id": f"ask-{ask['key']}"} for ask in asks_of(leg)],
        "form": form_word(word),
        "moment": now,
        "say": saying_when,
        "works_until": until(door),
        "changes_until": change_until if change_until and change_until > now and _is_own(door) else None,
        "is_mine": leg.holder_id in (None, door.staff_id) or leg.stage == Stage.OFFERED,
        "refused": refused,
        "typed": typed,
    }
    return render(request, "outside/leg.html", told, status=422 if refused else 200)


def _is_own(door: Door) -> bool:
    return door.used_at is not None and door.leg.holder_id in (None, door.staff_id)


def acted(request: HttpRequest, word: str, door: Door, now: datetime) -> HttpResponse:
    """Do what the form says, and show the page anew. What cannot be done is said there, and nothing typed is lost."""
    said, by = form(request, word), actions.party(door, "link")
    try:
        if said.act == CHANGE:
            changing.take_back(door.leg, by=by, at=now)
        elif said.act in VERBS:
            actions.say(door, Said(said.act, said.words, said.fields if said.act == DONE else {}), by=by, at=now)
        else:
            raise Refused("This page does not know that. Choose one of its buttons.")
    except Refused as refusal:
        return shown(request, word, door, now, str(refusal), said)
    return HttpResponseRedirect(request.path, status=303)
