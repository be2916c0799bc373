"""What Northbank handed over: a card that is made again, an invoice that is late, an app, and a question."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from pitcrew.people.models import Department, Staff
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import Edition, Leg
from scripts.demo.day import LOGOUT, MOVED, NOTHING, SON, TERMINAL, TWICE, Day

COURIER = "dispatch@swift-courier.example"


def draw(now: datetime, team: SimpleNamespace) -> Edition:
    """The ways that work goes: a card that has to arrive, a fee that goes back. Returns the first."""
    how = Day(now, team).how(team.ana, 24 * 20)
    rooms = {room.name: room.pk for room in Department.objects.all()}
    card = [
        _step("cards", "Card processing", rooms["Card processing"], told="Your new card is being made")
        | {"minutes": 480, "asks": [_ask("address", "Corrected address"), _ask("made", "Card made on", kind="date")]},
        _step("courier", "Courier", rooms["Card processing"], "cards", told="On its way with the courier")
        | {"partner": COURIER, "asks": [_ask("result", "Result", kind="choice", choices=["delivered", "came back"])]},
        _step("fee", "Return the fee", rooms["Accounting"], "cards", told="The fee is on its way back to you"),
        _step("call", "Call back", rooms["Front desk"], "courier fee", told="We call you to make sure it arrived")
        | {"is_follow_up": True},
    ]
    relays.add_template("Card delivery", card, **how)
    refund = [
        _step("check", "Check the booking", rooms["Accounting"], told="We look at the booking"),
        _step("tell", "Call back", rooms["Front desk"], "check") | {"is_follow_up": True},
    ]
    relays.add_template("Charged twice", refund, **how)
    return Edition.objects.get(template__name="Card delivery")


def _step(key: str, name: str, department: int, after: str = "", told: str = "") -> dict[str, Any]:
    step: dict[str, Any] = {"key": key, "name": name, "department": department, "after": after.split(), "told": told}
    return step


def _ask(key: str, label: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "label": label, "kind": "text", "needed": key != "made", **more}


def hand_over(now: datetime, team: SimpleNamespace) -> None:
    """Who got what this week, and what became of it."""
    day, edition = Day(now, team), draw(now, team)
    _card(day, edition)
    _twice(day)
    _others(day)


def _card(day: Day, edition: Edition) -> None:
    """Martin's card: handed along the way, taken, asked about, answered."""
    ana, mira, start = day.team.ana, day.team.mira, day.now - timedelta(hours=1.3)
    need = "One new card, express, to Kastanienallee 7. He needs it for a closing next week."
    brief = Brief(need, "The first one came back: it went to Hafenstrasse 12", "Thursday before noon", _in(day, 5))
    relay = relays.start(day.of(NOTHING), edition, brief, **day.how(ana, 1.3))
    leg = Leg.objects.get(relay=relay, step="cards")
    assert leg.offered_at == start
    relays.accept(leg, **day.how(mira, 0.9))
    relays.ask_back(leg, "Is the new address confirmed by him, or only by the post office?", **day.how(mira, 0.6))
    relays.answer(leg, "By him, in his mail of this morning.", **day.how(ana, 0.45))


def _twice(day: Day) -> None:
    """Lena's money: nobody has taken it in time."""
    brief = Brief(
        "24.90 was taken on the 2nd and on the 4th; one of both has to go back",
        "Her two lines of the statement are attached",
        "An answer today",
        day.now - timedelta(minutes=40),
    )
    relays.hand_over(day.of(TWICE), _room("Accounting"), brief, **day.how(day.team.ana, 3))


def _others(day: Day) -> None:
    app = Brief("Stay signed in, as before the last version", "Signed out and in again", "nothing", _in(day, 26))
    leg = relays.hand_over(day.of(LOGOUT), _room("Mobile team"), app, **day.how(day.team.ben, 20))
    relays.accept(leg, **day.how(day.team.yusuf, 18))
    till = Brief("Error 41 whenever somebody pays by phone", "The shop restarted it", "Before Saturday", _in(day, 0.7))
    leg = relays.hand_over(day.of(TERMINAL), _room("Mobile team"), till, **day.how(day.team.ana, 4))
    relays.ask_back(leg, "Which number is on the back of the terminal?", **day.how(day.team.yusuf, 0.5))
    moved = Brief("Where is her card since the move?", "Address changed on 1 March", "Tomorrow", _in(day, 24))
    leg = relays.hand_over(day.of(MOVED), _room("Card processing"), moved, **day.how(day.team.ana, 2))
    why = "No card was ordered since March. Accounting has to release it first: a fee is open."
    relays.decline(leg, why, **day.how(day.team.mira, 0.4))
    son = Brief("A partner card for her son abroad, by courier", "The form is signed", "This week", _in(day, 50))
    holder: Staff = day.team.tove
    relays.hand_over(day.of(SON), _room("Card processing"), son, person=holder, **day.how(day.team.ana, 1))


def _room(name: str) -> Department:
    return Department.objects.get(name=name)


def _in(day: Day, hours: float) -> datetime:
    return day.now + timedelta(hours=hours)
