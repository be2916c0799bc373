"""What Northbank's people did with the letters: answers, notes, moves, tags, snoozes."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from pitcrew.conversations import actions, drafts
from pitcrew.conversations.actions import delivering
from pitcrew.conversations.models import Conversation, Message, State
from pitcrew.history.actors import Actor
from pitcrew.people.models import Department, Staff
from scripts.demo.company import actor
from scripts.demo.letters import LETTERS, mail_id

OUTBOX = Actor("pitcrew", "outbox", door="demo")
LIMIT, STATEMENT, UNKNOWN, RETURNED, INVOICE, LOGOUT, NOTHING, MOVED, TERMINAL, TWICE = range(10)
SON = next(number for number, letter in enumerate(LETTERS) if letter[1] == "Ruth Okafor")


class Day:
    """The desk of the demo: every act says how many hours ago it was done."""

    def __init__(self, now: datetime, team: SimpleNamespace):
        self.now, self.team = now, team

    def how(self, who: Staff, hours: float) -> dict[str, Any]:
        return {"by": actor(who), "at": self.now - timedelta(hours=hours)}

    def of(self, number: int) -> Conversation:
        message = Message.objects.get(external_id=mail_id(number))
        return Conversation.objects.get(pk=message.conversation_id)

    def reply(self, hours: float, who: Staff, number: int, text: str, **more: Any) -> None:
        conversation, at = self.of(number), self.now - timedelta(hours=hours)
        to = [LETTERS[number][2]]
        message = actions.reply(conversation, text, to=to, **more, **self.how(who, hours))
        delivering.left(message, by=OUTBOX, at=at + actions.answering.UNDO_WINDOW)

    def note(self, hours: float, who: Staff, number: int, text: str) -> None:
        actions.note(self.of(number), text, **self.how(who, hours))

    def move(self, hours: float, who: Staff, number: int, department: str, to: Staff | None = None) -> None:
        room = Department.objects.get(name=department)
        actions.transfer(self.of(number), room, **self.how(who, hours))
        if to is not None:
            actions.assign(self.of(number), to, **self.how(to, hours - 0.3))

    def tag(self, hours: float, who: Staff, number: int, *names: str) -> None:
        for name in names:
            actions.tag(self.of(number), name, **self.how(who, hours))


def settle_the_old(now: datetime, team: SimpleNamespace) -> None:
    """What came weeks ago was answered, and is done."""
    for message in Message.objects.select_related("conversation", "customer").order_by("at"):
        at, by = message.at + timedelta(hours=3), actor(team.ben)
        words = "Good day,\n\nthis is settled now. If anything is still open, just answer to this mail."
        to, done = [message.address], State.DONE
        answer = actions.reply(message.conversation, words, to=to, then=done, by=by, at=at)
        delivering.left(answer, by=OUTBOX, at=at + actions.answering.UNDO_WINDOW)


def before(now: datetime, team: SimpleNamespace) -> None:
    """What was done until this morning."""
    day, ana, ben, mira = Day(now, team), team.ana, team.ben, team.mira
    thursday = now + timedelta(days=4)
    day.reply(
        74, ana, LIMIT, "Dear Mr Zielak,\n\nfrom 3 to 24 May your limit is 4,000. I look at it again the day before."
    )
    actions.snooze(day.of(LIMIT), thursday, **day.how(ana, 73.9))
    day.move(51, ben, STATEMENT, "Accounting", team.jakob)
    day.note(
        49, team.jakob, STATEMENT, "Booked on the 28th, valued on the 31st. The interest is four cents; we return it."
    )
    day.reply(
        48, team.jakob, STATEMENT, "Dear Ms Weiss,\n\nyou are right. The corrected statement is with you tomorrow."
    )
    day.reply(
        49, ben, UNKNOWN, "Dear Ms Dahl,\n\nplease sign out once and in again; since this morning that is enough."
    )
    day.tag(49, ben, UNKNOWN, "app")
    day.move(29, ben, RETURNED, "Card processing", mira)
    day.tag(29, ben, RETURNED, "card", "address")
    day.reply(
        28, mira, RETURNED, "Dear Ms Lind,\n\nI am asking the post office where the letter is, and write to you today."
    )
    day.move(27, ana, INVOICE, "Accounting", team.jakob)
    day.reply(
        26.2, team.jakob, INVOICE, "Dear Mr Mensah,\n\nthe invoice for 2025 is in your online mailbox now, as PDF."
    )
    day.move(25, ben, LOGOUT, "Mobile team", team.yusuf)
    day.tag(25, ben, LOGOUT, "app")
    _of_martin(day)
    day.move(19.5, ben, TERMINAL, "Mobile team")
    day.tag(19.5, ben, TERMINAL, "terminal")


def _of_martin(day: Day) -> None:
    ana, mira = day.team.ana, day.team.mira
    actions.assign(day.of(NOTHING), ana, **day.how(ana, 23.6))
    day.tag(23.6, ana, NOTHING, "card", "address")
    sara = day.of(RETURNED).pk
    day.note(
        23.4,
        ana,
        NOTHING,
        f"Looks like #{sara}: the address on the application is the old one. Mira, is his card back?",
    )
    day.move(23.3, ana, NOTHING, "Card processing")
    day.note(22.8, mira, NOTHING, "It is. A new one can be made today, as soon as he confirms the address.")
    day.move(22.7, mira, NOTHING, "Front desk", ana)
    words = (
        "Dear Mr Haas,\n\ngood that you wrote. The card went to your former address and came back to us. Which address "
        "is the right one? As soon as I know it, a new card is made the same day."
    )
    day.reply(22.2, ana, NOTHING, words)
    actions.follow(day.of(NOTHING), mira, **day.how(mira, 22))


def this_morning(now: datetime, team: SimpleNamespace) -> None:
    """What was done since the last letters came."""
    day, ana, ben = Day(now, team), team.ana, team.ben
    actions.close(day.of(UNKNOWN), **day.how(ben, 4.8))
    actions.assign(day.of(TWICE), ana, **day.how(ana, 3.5))
    day.tag(3.5, ana, TWICE, "invoice")
    day.reply(3.4, ana, SON, "Dear Ms Okafor,\n\nthere is: a partner card, 1.50 a month. Shall I send you the form?")
    drafts.save(
        day.of(NOTHING), ana, "<div>Dear Mr Haas,<br><br>thank you. The new card leaves us today, to</div>", at=now
    )
    assert day.of(NOTHING).state == State.OPEN
