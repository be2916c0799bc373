"""The verbs of a leg's page: each takes what its form says, calls the room once, and tells what was done."""

from collections.abc import Callable
from typing import Any

from pitcrew.people.models import Staff
from pitcrew.people.refusals import Refused
from pitcrew.relays import access
from pitcrew.relays import actions as relays
from pitcrew.relays.models import Leg
from pitcrew.relays.queries import asks_of
from pitcrew.web.acting import Request, how
from pitcrew.web.handing_forms import ToForm
from pitcrew.web.leg_acts import RESULTS

Verb = Callable[[Request, Leg], str]


def _words(request: Request) -> str:
    return request.POST.get("words", "").replace("\r\n", "\n").strip()


def _for_takers(verb: Verb) -> Verb:
    def checked(request: Request, leg: Leg) -> str:
        if not access.may_take(request.user, leg):
            raise Refused(f"Only {leg.department} may do that. Ask somebody who works there.")
        return verb(request, leg)

    return checked


def _for_senders(verb: Verb) -> Verb:
    def checked(request: Request, leg: Leg) -> str:
        if not access.may_answer(request.user, leg):
            raise Refused(f"Only {leg.sent_from or leg.relay.home} may do that: it sent this. Ask somebody there.")
        return verb(request, leg)

    return checked


@_for_takers
def accept(request: Request, leg: Leg) -> str:
    relays.accept(leg, person=request.user, **how(request))
    return f"{leg.name} is yours"


@_for_takers
def ask(request: Request, leg: Leg) -> str:
    relays.ask_back(leg, _words(request), **how(request))
    return f"Asked {leg.sender or leg.relay.home}"


@_for_senders
def answer(request: Request, leg: Leg) -> str:
    relays.answer(leg, _words(request), **how(request))
    return f"Answered {leg.partner or leg.department}"


@_for_takers
def decline(request: Request, leg: Leg) -> str:
    relays.decline(leg, _words(request), **how(request))
    return f"Given back to {leg.sender or leg.relay.home}"


@_for_takers
def done(request: Request, leg: Leg) -> str:
    relays.done(leg, _outcome(request, leg), _words(request), **how(request))
    return f"{leg.name} is done"


@_for_takers
def follow_up(request: Request, leg: Leg) -> str:
    result = request.POST.get("result", "")
    if result not in dict(RESULTS):
        raise Refused("Say what the customer said: it works, it arrived, not yet, or no answer.")
    relays.follow_up(leg, result, _words(request), **how(request))
    return f"Noted: {dict(RESULTS)[result].lower()}"


@_for_senders
def send_again(request: Request, leg: Leg) -> str:
    form = ToForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
    given = form.cleaned_data
    department = given["department"] or (leg.department if given["partner"] else None)
    if department is None:
        raise Refused("Choose a department, or write an address outside.")
    to = {"person": None if given["partner"] else given["person"], "partner": given["partner"]}
    relays.send_again(leg, department, form.brief(), **to, **how(request))
    return f"Sent to {given['partner'] or given['person'] or department}"


@_for_senders
def withdraw(request: Request, leg: Leg) -> str:
    relays.withdraw(leg, _words(request), **how(request))
    return f"{leg.name} is taken back"


@_for_senders
def skip(request: Request, leg: Leg) -> str:
    relays.skip(leg, _words(request), **how(request))
    return f"{leg.name} is skipped"


@_for_senders
def stop(request: Request, leg: Leg) -> str:
    relays.stop(leg.relay, _words(request), **how(request))
    return f"{leg.relay.name} is stopped"


@_for_takers
def give(request: Request, leg: Leg) -> str:
    number = request.POST.get("person", "")
    person = Staff.objects.filter(pk=number, deactivated_at=None).first() if number.isdecimal() else None
    if person is None:
        raise Refused("Choose somebody who works in the department.")
    relays.give_to(leg, person, **how(request))
    return f"{leg.name} is given to {person}"


def _outcome(request: Request, leg: Leg) -> dict[str, Any]:
    """The answers as the step asks for them: a yes is true or false, the rest is what was written."""
    said = {ask["key"]: request.POST.get(f"ask-{ask['key']}", "").strip() for ask in asks_of(leg)}
    is_yes = {ask["key"] for ask in asks_of(leg) if ask["kind"] == "yes"}
    return {key: bool(value) if key in is_yes else value for key, value in said.items()}


VERBS: dict[str, Verb] = {
    "accept": accept,
    "ask": ask,
    "answer": answer,
    "decline": decline,
    "done": done,
    "follow-up": follow_up,
    "send-again": send_again,
    "withdraw": withdraw,
    "skip": skip,
    "stop": stop,
    "give": give,
}
