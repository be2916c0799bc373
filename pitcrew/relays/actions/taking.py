"""What the receiver does: accept, ask back, decline, done, give to a colleague; and the sender's answer."""

from datetime import datetime
from typing import Any

from pitcrew.conversations.actions.answering import keep_in_sight
from pitcrew.history.actors import Actor
from pitcrew.history.writing import operation
from pitcrew.people.access import can_hold_work
from pitcrew.people.models import Staff
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused
from pitcrew.relays import events, owing
from pitcrew.relays.baton import how_it_stands, move, must_be, take_hold, words
from pitcrew.relays.models import Leg, Stage
from pitcrew.relays.opening import follow, go_on
from pitcrew.relays.outcomes import checked


@operation
def accept(leg: Leg, *, person: Staff | None = None, by: Actor, at: datetime) -> None:
    """The department takes it: whoever accepts has it from now on, or `person` whom they name."""
    take_hold(leg)
    if leg.stage == Stage.ACCEPTED and leg.holder_id is not None and leg.holder_id == by.id and by.kind == "agent":
        raise Refused(f"You have {leg.name} already. Go on with it.")
    must_be(leg, Stage.OFFERED)
    _accept(leg, person, by, at)


def _accept(leg: Leg, person: Staff | None, by: Actor, at: datetime) -> None:
    holder = person or as_staff(by)
    if holder is not None and not can_hold_work(holder, leg.department):
        raise Refused(f"{holder} does not work in {leg.department}. Let somebody accept it who does.")
    move(leg, events.LEG_ACCEPTED, Stage.ACCEPTED, at, holder_id=holder.pk if holder else None, accepted_at=at)
    owing.owe_completion(leg)


@operation
def ask_back(leg: Leg, question: str, *, by: Actor, at: datetime) -> None:
    """Something is missing: the sender has the baton until they answer, and the clock stands still."""
    question = words(question, "The question")
    take_hold(leg)
    must_be(leg, Stage.OFFERED, Stage.ACCEPTED)
    move(leg, events.LEG_ASKED, Stage.ASKED, at, question=question, answer="")
    owing.pause(leg)
    follow(leg.conversation)


@operation
def answer(leg: Leg, text: str, *, by: Actor, at: datetime) -> None:
    """The sender answers, and the department has the baton again."""
    text = words(text, "The answer")
    take_hold(leg)
    must_be(leg, Stage.ASKED)
    stage = Stage.ACCEPTED if leg.accepted_at else Stage.OFFERED
    since = leg.baton_since or at
    away = leg.away + max(0, int((at - since).total_seconds()))
    move(leg, events.LEG_ANSWERED, stage, at, answer=text, away=away)
    owing.resume(leg)
    follow(leg.conversation)


@operation
def decline(leg: Leg, why: str, *, by: Actor, at: datetime) -> None:
    """It cannot be done here: back to the sender, with the reason."""
    why = words(why, "The reason")
    take_hold(leg)
    must_be(leg, Stage.OFFERED, Stage.ACCEPTED)
    move(leg, events.LEG_DECLINED, Stage.RETURNED, at, declined_why=why)
    owing.release(leg)
    follow(leg.conversation)


@operation
def done(leg: Leg, outcome: dict[str, Any], text: str = "", *, by: Actor, at: datetime) -> None:
    """It is done, with what the template asks for. What follows is offered; a join waits for the others."""
    take_hold(leg)
    must_be(leg, Stage.OFFERED, Stage.ACCEPTED)
    end(leg, checked(leg, outcome), text, by, at)


def end(leg: Leg, outcome: dict[str, Any], text: str, by: Actor, at: datetime) -> None:
    """Inside an operation that holds the leg: it is done, and the relay goes on."""
    if leg.stage == Stage.OFFERED:
        _accept(leg, None, by, at)
    finisher = as_staff(by)
    move(leg, events.LEG_DONE, Stage.DONE, at, outcome=outcome, outcome_words=text.strip()[:5_000])
    owing.keep(leg)
    if finisher is not None and leg.conversation is not None:
        keep_in_sight(leg.conversation, finisher)
    go_on(leg.relay, at, finisher, leg)
    follow(leg.conversation)


@operation
def give_to(leg: Leg, person: Staff, *, by: Actor, at: datetime) -> None:
    """Somebody else of the department has it from now on; before it is accepted, it is meant for them."""
    take_hold(leg)
    must_be(leg, Stage.OFFERED, Stage.ACCEPTED, Stage.ASKED)
    if not can_hold_work(person, leg.department):
        raise Refused(f"{person} does not work in {leg.department}. Choose somebody who does.")
    if leg.holder_id == person.pk:
        raise Refused(
            how_it_stands(leg) if leg.stage == Stage.ACCEPTED else f"{leg.name} is meant for {person} already."
        )
    since = leg.baton_since or at
    move(leg, events.LEG_GIVEN, leg.stage, since if leg.stage == Stage.ASKED else at, holder_id=person.pk)
