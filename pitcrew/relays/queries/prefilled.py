"""A brief filled in from the conversation, so that handing over begins with what is known."""

from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Leg, Stage

OPENING, REPLIES = 400, 5  # characters of a message, replies of ours


def prefill(conversation: Conversation) -> Brief:
    """What the customer needs and what we answered. Only what was said to and by the customer: notes stay inside."""
    said = list(Message.objects.filter(conversation=conversation).order_by("at", "pk"))
    asked = next((m for m in said if m.direction == Direction.IN), None)
    need = [conversation.subject.strip(), _short(asked.reply or asked.text) if asked else ""]
    ours = [f"{m.at:%Y-%m-%d}: {_short(m.reply or m.text)}" for m in said if m.direction == Direction.OUT][-REPLIES:]
    did = [
        f"{name}: {words or 'done'}"
        for name, words in Leg.objects.filter(conversation=conversation, stage=Stage.DONE)
        .order_by("ended_at", "pk")
        .values_list("name", "outcome_words")
    ]
    return Brief("\n".join(filter(None, need)), "\n".join([*ours, *did]))


def _short(text: str) -> str:
    """The beginning of a message in one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= OPENING else line[:OPENING].rsplit(" ", 1)[0] + " ..."
