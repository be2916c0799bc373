"""What letters say: plain text, the brief first, then how to answer."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from pitcrew.channels.email.letters.models import Kind, Letter
from pitcrew.channels.email.letters.queries import is_for_partner
from pitcrew.relays.doors.addresses import door_address, house, page_address
from pitcrew.relays.doors.progress import NOW, steps, told_when_done
from pitcrew.relays.doors.queries import until
from pitcrew.relays.models import Leg
from pitcrew.relays.outcomes import asks_of

HOW = """Or just answer this mail. Begin with one of these words:

  Take             you do it
  Question: ...    you need to know something first
  No: because ...  it is not for you
  Done: ...        it is done, and what came of it"""
ALONE = "The link is yours alone: whoever has it can answer in your name."


def moment(at: datetime) -> str:
    """A moment in a letter, which may be read days later: the whole date."""
    here = timezone.localtime(at)
    return f"{here:%A}, {here.day} {here:%B %Y, %H:%M}"


def subject(letter: Letter) -> str:
    """What a letter about a leg is called: what it is, and the first words of the need."""
    leg = letter.leg
    start = " ".join(leg.need.split())[:80]
    return f"{leg.name}: {start}" if start and not leg.name.startswith(start) else leg.name


def brief(leg: Leg) -> str:
    """The four lines of the brief."""
    lines = [("Need", leg.need), ("Tried", leg.tried), ("Promised", leg.promised)]
    if leg.by_when:
        lines.append(("By", moment(leg.by_when)))
    return "\n".join(f"{name + ':':10} {_hanging(words)}" for name, words in lines if words)


def _hanging(words: str) -> str:
    return ("\n" + " " * 11).join(line.strip() for line in words.strip().splitlines())


def text(letter: Letter, at: datetime) -> str:
    """All that a letter says."""
    return "\n\n".join(part for part in _PARTS[Kind(letter.tells)](letter, at) if part) + "\n"


def _who(letter: Letter) -> str:
    """Who asks. A partner need not know who works here, and where."""
    if is_for_partner(letter):
        return "We ask"
    leg, place = letter.leg, letter.leg.sent_from or letter.leg.relay.home
    return f"{leg.sender}, {place}, asks" if leg.sender else f"{place} asks"


def _how_to_answer(letter: Letter) -> list[str]:
    if letter.door is None:
        return []
    asks = ", ".join(ask.get("label") or ask["key"] for ask in asks_of(letter.leg))
    tells = f'With "Done" please tell: {asks}. Write each on a line of its own, like {asks.split(", ")[0]}: ...'
    page = f"To answer, open this page:\n{door_address(letter.door)}"
    return [page, HOW, tells if asks else "", f"{ALONE} It works until {moment(until(letter.door))}."]


def _offered(letter: Letter, at: datetime) -> list[str]:
    return [f"{_who(letter)} for your part: {letter.leg.name}.", brief(letter.leg), *_how_to_answer(letter)]


def _answered(letter: Letter, at: datetime) -> list[str]:
    leg = letter.leg
    return [f"You asked: {leg.question}", f"The answer: {leg.answer}", brief(leg), *_how_to_answer(letter)]


def _not_needed(letter: Letter, at: datetime) -> list[str]:
    return [f"{letter.leg.name} is no longer needed. Please do not work on it any more.", brief(letter.leg)]


def _asked(letter: Letter, at: datetime) -> list[str]:
    leg = letter.leg
    return [f"{leg.department} has a question about {leg.name}:", leg.question, _on_the_page(leg), brief(leg)]


def _returned(letter: Letter, at: datetime) -> list[str]:
    leg = letter.leg
    why = f"{leg.department} sent {leg.name} back to you. The reason:"
    return [why, leg.declined_why, _on_the_page(leg), brief(leg)]


def _done(letter: Letter, at: datetime) -> list[str]:
    leg = letter.leg
    told = [f"{key}: {value}" for key, value in leg.outcome.items()]
    return [f"{leg.department} has done {leg.name}.", leg.outcome_words, "\n".join(told), brief(leg)]


def _on_the_page(leg: Leg) -> str:
    return f"You have the next move. Sign in to answer:\n{house()}/"


def _unclear(letter: Letter, at: datetime) -> list[str]:
    return [letter.words, brief(letter.leg), *_how_to_answer(letter)]


def _milestone(letter: Letter, at: datetime) -> list[str]:
    """For the customer: the step's own words for them, and nothing else of the inside."""
    conversation = letter.conversation
    assert conversation is not None
    page = page_address(conversation)
    comes = next((step.words for step in steps(conversation, at) if step.state == NOW), "")
    return [
        f"{told_when_done(letter.leg)} ({moment(letter.about_at)})",
        f"What comes now: {comes}" if comes else "",
        f"How far it is, any time:\n{page}",
        "If something is different, answer this mail.",
        f"No more mails about the steps: {page}?mail=stop",
    ]


def _follow_up(letter: Letter, at: datetime) -> list[str]:
    conversation = letter.conversation
    assert conversation is not None
    page = page_address(conversation)
    return [
        f"We think that this is settled: {conversation.subject}",
        "Did it work? One click tells us.",
        f"It arrived:\n{page}?say=arrived",
        f"Not yet:\n{page}?say=not_yet",
        "You can also answer this mail.",
    ]


_PARTS: dict[Kind, Callable[[Letter, datetime], list[str]]] = {
    Kind.OFFERED: _offered,
    Kind.ANSWERED: _answered,
    Kind.NOT_NEEDED: _not_needed,
    Kind.ASKED: _asked,
    Kind.RETURNED: _returned,
    Kind.DONE: _done,
    Kind.UNCLEAR: _unclear,
    Kind.MILESTONE: _milestone,
    Kind.FOLLOW_UP: _follow_up,
}
