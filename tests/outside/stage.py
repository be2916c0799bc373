"""What stands in the installation of a browser test of pages outside; run in a process of its own."""

import json
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.doors.actions import open_door, party, say
from pitcrew.relays.doors.addresses import LEG, page_address
from pitcrew.relays.doors.answers import Said
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.queries import page_word
from pitcrew.relays.doors.tokens import link
from pitcrew.relays.models import Edition, Leg

STEPS = (
    {"key": "card", "name": "Card processing", "told": "Address corrected, new card made"},
    {
        "key": "courier",
        "name": "New card to a corrected address",
        "partner": "driver@courier.test",
        "after": ["card"],
        "told": "With the courier",
        "asks": [
            {"key": "signed", "label": "Signed by", "kind": "text", "needed": True},
            {"key": "place", "label": "Where", "kind": "choice", "choices": ["At the door", "Neighbour"]},
        ],
    },
    {"key": "call", "name": "Call back", "after": ["courier"], "is_follow_up": True},
)


def opened() -> dict[str, str]:
    """Martin's card with the courier; gives the paths of his page and of the courier's, and of one in each stage."""
    call_command("migrate", verbosity=0)
    now = timezone.now()
    setup = {"by": Actor("pitcrew", "setup"), "at": now - timedelta(days=2)}
    front, cards = (people.open_department(name, **setup) for name in ("Front desk", "Card department"))
    ana = people.hire("ana@company.test", "Ana Ruiz", **setup)
    people.add_member(front, ana, Role.AGENT, **setup)
    people.add_member(cards, ana, Role.CONTRIBUTOR, **setup)
    name_mailbox("service@nordbank.test", front, name="Nordbank", **setup)
    steps = [{"department": cards.pk if one["key"] == "card" else front.pk, **one} for one in STEPS]
    relays.add_template("Card delivery", steps, **setup)
    by, paths = Actor("agent", ana.pk), {}
    for stage in ("offered", "accepted", "asked", "done", "returned", "late"):
        courier, conversation = _with_courier(by, now, stage)
        door = open_door(courier, courier.partner, by=by, at=now)
        _until(stage, door, now)
        paths[stage] = f"/{LEG}/{link(door.pk)}/"
        paths[f"progress-{stage}"] = f"/p/{page_word(conversation)}/"
    paths["shut"], paths["missing"] = paths["offered"].replace("-", "-a"), "/p/x/"
    assert page_address(Conversation.objects.get(pk=1)).endswith(paths["progress-offered"])
    return paths


def _with_courier(by: Actor, now, stage: str) -> tuple[Leg, Conversation]:
    letter = Incoming(
        channel="email", address="martin@customer.test", name="Martin Haas", subject="Card has not arrived"
    )
    letter.text, early = "Nothing came.", {"by": by, "at": now - timedelta(days=1, hours=3)}
    conversation = conversations.receive(letter, **early).conversation
    promised = "Thursday before noon, to the customer"
    need, tried = "One card, express, to Lindenweg 4, 24103 Kiel", "First card came back on 3 May, wrong address"
    by_when = now + (timedelta(hours=3, minutes=5) if stage != "late" else timedelta(hours=-1))
    start = now - timedelta(days=1)
    relay = relays.start(conversation, Edition.objects.get(), Brief(need, tried, promised, by_when), by=by, at=start)
    relays.done(relay.legs.get(step="card"), {}, "Address corrected", by=by, at=now - timedelta(hours=20))
    return relay.legs.get(step="courier"), conversation


def _until(stage: str, door: Door, now) -> None:
    said = {
        "accepted": [Said("take")],
        "asked": [Said("ask", "Which floor?")],
        "done": [Said("take"), Said("done", "Handed over at the door", {"signed": "M. Haas", "place": "At the door"})],
        "returned": [Said("decline", "We do not drive to Kiel")],
    }
    for one in said.get(stage, []):
        say(door, one, by=party(door, "link"), at=now - timedelta(minutes=2))


def run() -> None:
    """Set it up and print the paths."""
    print(json.dumps(opened()))
