"""Nordbank, where Martin has applied for a card: its departments, its people, the way a card goes, what it promises.

It acts in a process of its own, on ACT MOMENT and what the act takes.
"""

import json
import sys
from datetime import datetime
from typing import Any

from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.models import Conversation
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people import sign_in_links
from pitcrew.people.models import Role
from pitcrew.promises import actions as promises
from pitcrew.relays import actions as relays
from tests.verify import assert_log_tells_all

BANK = "service@nordbank.test"
COURIER = "driver@courier.test"
CORA = "cora@nordbank.test"
NAMES = {"Ada": "Ada Lund", "Ana": "Ana Ruiz", "Ben": "Ben Ode", "Cleo": "Cleo Falk", "Cora": "Cora Nagy"}
PLACES = [
    ("Ana", "front", Role.AGENT),
    ("Ben", "front", Role.AGENT),
    ("Cleo", "cards", Role.LEAD),
    ("Cora", "cards", Role.CONTRIBUTOR),
]
CALL = "We call you to make sure it arrived"
STEPS: list[dict[str, Any]] = [
    {
        "key": "cards",
        "name": "Card processing",
        "told": "We correct your address and make a new card",
        "asks": [{"key": "address", "label": "Corrected address", "kind": "text", "needed": True}],
    },
    {
        "key": "courier",
        "name": "Courier",
        "partner": COURIER,
        "after": ["cards"],
        "told": "On its way with the courier",
        "asks": [{"key": "signed", "label": "Signed by", "kind": "text", "needed": True}],
    },
    {"key": "call", "name": "Call back", "after": ["courier"], "is_follow_up": True, "told": CALL},
]


def set_up(how: dict[str, Any], port: str) -> dict[str, str]:
    """Everybody and everything; gives the paths by which they sign in."""
    front, cards = (people.open_department(name, **how) for name in ("Front desk", "Card processing"))
    staff = {name: people.hire(f"{name.lower()}@nordbank.test", full, **how) for name, full in NAMES.items()}
    people.change_staff(staff["Ada"], is_administrator=True, **how)
    for name, department, role in PLACES:
        people.add_member({"front": front, "cards": cards}[department], staff[name], role, **how)
    sending = {"send_host": "127.0.0.1", "send_port": int(port), "send_security": "none"}
    name_mailbox(BANK, front, name="Nordbank", **sending, **how)
    places = {"cards": cards, "courier": front, "call": front}
    relays.add_template("Card delivery", [one | {"department": places[one["key"]].pk} for one in STEPS], **how)
    hours = [[["08:00", "18:00"]]] * 5 + [[], []]
    promises.add_calendar("Nordbank", time_zone="UTC", hours=hours, **how)
    promises.add_policy("Everybody", acceptance=120, completion=960, **how)
    conversations.add_canned(
        "Where it is", "Dear {customer.first_name}, how far it is, any time: {progress.link}", **how
    )
    return {name: f"/sign-in/once/{sign_in_links.make(who, how['at'])}/" for name, who in staff.items()}


def number(how: dict[str, Any], subject: str) -> dict[str, int]:
    """The number of a conversation."""
    return {"id": Conversation.objects.get(subject=subject).pk}


def whole(how: dict[str, Any]) -> dict[str, bool]:
    """Whether the log, alone, still says what every row holds."""
    assert_log_tells_all()
    return {"whole": True}


def run() -> None:
    """Do one act at a moment and print what it gives."""
    act, moment, *words = sys.argv[1:]
    how = {"by": Actor("pitcrew", "setup"), "at": datetime.fromisoformat(moment)}
    print(json.dumps({"set_up": set_up, "number": number, "whole": whole}[act](how, *words)))
