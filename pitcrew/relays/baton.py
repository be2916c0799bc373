"""The baton: a leg moves from one stage to the next, and what cannot be is refused with who has it."""

from datetime import datetime
from typing import Any

from pitcrew.history.writing import change, hold
from pitcrew.people.models import Staff
from pitcrew.people.refusals import Refused
from pitcrew.relays.models import ENDED, LIVE, TOGETHER, Leg, Stage


def take_hold(leg: Leg) -> None:
    """Lock the conversation, the relay and the leg, always in this order, and bring them up to date."""
    conversation, relay = leg.conversation, leg.relay
    if conversation is not None:
        hold(conversation)
    hold(relay)
    hold(leg)
    leg.relay = relay
    if conversation is not None and leg.conversation_id == conversation.pk:
        leg.conversation = conversation


def move(leg: Leg, kind: str, stage: str, at: datetime, **fields: Any) -> None:
    """Set the stage and all that means something only together with it."""
    told = {name: getattr(leg, name) for name in TOGETHER}
    told |= {"stage": stage, "baton_since": at if stage in LIVE else None}
    if stage in ENDED:
        told["ended_at"] = at
    change(leg, kind, **(told | fields))


def must_be(leg: Leg, *stages: str) -> None:
    """Refuses what this leg is not ready for, and says how it stands."""
    if leg.retired_at is not None:
        raise Refused(f"{leg.name} was taken back. Look at the conversation again.")
    if leg.stage not in stages:
        raise Refused(how_it_stands(leg))


def how_it_stands(leg: Leg) -> str:
    """Who has it, in a sentence that says what to do."""
    return _SENTENCES[Stage(leg.stage)].format(
        leg=leg.name,
        department=leg.department,
        holder=leg.holder or leg.partner or leg.department,
        sender=leg.sender or leg.sent_from or "Who sent it",
    )


_SENTENCES = {
    Stage.AHEAD: "{leg} has not begun. It comes when what is before it has ended.",
    Stage.OFFERED: "{department} has not accepted {leg} yet. It has to be accepted first.",
    Stage.ACCEPTED: "{holder} has {leg} already. Talk to them, or look at what else waits.",
    Stage.ASKED: "{leg} waits for an answer: {sender} has to give it first.",
    Stage.RETURNED: "{department} has sent {leg} back: {sender} has to send it again or withdraw it.",
    Stage.DONE: "{leg} is done already. Nothing is left to do.",
    Stage.SKIPPED: "{leg} was skipped. Hand it over anew if it is needed after all.",
    Stage.WITHDRAWN: "{leg} was withdrawn. Hand it over anew if it is needed after all.",
}


def words(text: str, what: str, most: int = 5_000) -> str:
    """What somebody has to say; refused when it is empty or too long."""
    text = text.strip()
    if not text:
        raise Refused(f"{what} is empty. Write at least a few words.")
    if len(text) > most:
        raise Refused(f"{what} is too long. Use at most {most:,} characters.")
    return text


def active(staff: Staff | None) -> Staff | None:
    """This person, if they can do anything."""
    return staff if staff is not None and staff.is_active else None
