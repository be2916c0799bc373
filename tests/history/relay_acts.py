"""Acts at random: work that crosses departments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q

from pitcrew.conversations.models import Message
from pitcrew.history.actors import Actor
from pitcrew.people.models import Department
from pitcrew.people.refusals import Refused
from pitcrew.relays import actions
from pitcrew.relays.actions.leaving import legs_without_anybody
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import LIVE, Edition, Leg, Relay, Stage, Template

WORKING = (Stage.OFFERED, Stage.ACCEPTED)


def brief(w: Any) -> Brief:
    return Brief(f"Need {w.turn}", "Tried", "Promised", w.at + timedelta(hours=1 + w.a % 90))


def leg(w: Any, *stages: str) -> Leg:
    """A leg in one of these stages; now and then any, which has to be refused."""
    rows = Leg.objects.all() if w.a % 17 == 0 else Leg.objects.filter(stage__in=stages or LIVE)
    return w.pick(rows)


def steps(w: Any) -> list[dict[str, Any]]:
    """Two legs side by side, one that joins them, and a call; or a line."""
    some = list(Department.objects.order_by("pk").values_list("pk", flat=True))
    a, b = some[w.a % len(some)], some[w.b % len(some)]
    side = [] if w.a % 2 else ["one"]
    found: list[dict[str, Any]] = [
        {"key": "one", "name": "One", "department": a, "minutes": 1 + w.b % 60},
        {"key": "two", "name": "Two", "department": b, "after": side},
        {"key": "three", "name": "Three", "partner": "p@out.test", "after": ["one", "two"]},
        {"key": "call", "name": "Call", "department": a, "after": ["three"], "is_follow_up": True},
    ]
    return found if w.b % 3 else [*found[:2], {**found[3], "after": ["one", "two"]}]


def hand_over(w: Any) -> None:
    partner = "p@out.test" if w.a % 5 == 0 else ""
    minutes = w.b % 90 + 1 if w.a % 2 else None
    actions.hand_over(w.conversation, w.department, brief(w), partner=partner, minutes=minutes, **w.how)


def start_for_problem(w: Any) -> None:
    edition = w.pick(Edition.objects.all()) if w.b % 2 and Edition.objects.exists() else None
    where = {"edition": edition, "department": w.department}
    actions.start_for_problem(1 + w.a % 3, w.department, brief(w), name="Cause", **where, **w.how)


def done(w: Any) -> None:
    found = leg(w, *WORKING)
    who = Actor("partner", found.pk) if found.partner else w.how["by"]
    actions.done(found, {}, f"Done {w.turn}", by=who, at=w.at)


def follow_up(w: Any) -> None:
    result = ("arrived", "works", "not_yet", "no_answer")[w.b % 4]
    found = w.pick(Leg.objects.filter(is_follow_up=True, stage__in=WORKING))
    actions.follow_up(found, result, f"Said {w.turn}", **w.how)


def fall_back(w: Any) -> None:
    found = legs_without_anybody()
    if not found:
        raise Refused("Everybody is there.")
    actions.let_fall_back(found[w.a % len(found)], by=Actor("pitcrew", "relays"), at=w.at)


def asked_first(w: Any) -> None:
    found = w.pick(Leg.objects.filter(is_follow_up=True, asked_first_at=None).exclude(conversation=None))
    said = w.pick(Message.objects.filter(conversation=found.conversation_id), w.b)
    actions.customer_asked_first(found.conversation_id, said.pk, **w.how)


def move_relay(w: Any) -> None:
    relay = w.pick(Relay.objects.filter(~Q(edition=None), finished_at=None, stopped_at=None))
    actions.move_relay(relay, w.pick(Edition.objects.filter(template=relay.edition.template_id), w.b), **w.how)


RELAY_ACTS: dict[str, Callable[[Any], Any]] = {
    "hand_over": hand_over,
    "hand over more": hand_over,
    "start": lambda w: actions.start(w.conversation, w.pick(Edition.objects.all(), w.b), brief(w), **w.how),
    "start_for_problem": start_for_problem,
    "accept": lambda w: actions.accept(leg(w, Stage.OFFERED), **w.how),
    "ask_back": lambda w: actions.ask_back(leg(w, *WORKING), f"Question {w.turn}", **w.how),
    "answer": lambda w: actions.answer(leg(w, Stage.ASKED), f"Answer {w.turn}", **w.how),
    "decline": lambda w: actions.decline(leg(w, *WORKING), f"Reason {w.turn}", **w.how),
    "send a leg again": lambda w: actions.send_again(leg(w, Stage.RETURNED), w.department, brief(w), **w.how),
    "done": done,
    "more is done": done,
    "give_to": lambda w: actions.give_to(leg(w, *WORKING), w.staff, **w.how),
    "withdraw": lambda w: actions.withdraw(leg(w, Stage.AHEAD, *LIVE), "Not needed", **w.how),
    "skip": lambda w: actions.skip(leg(w, Stage.AHEAD, *LIVE), "Not needed", **w.how),
    "stop": lambda w: actions.stop(w.pick(Relay.objects.all()), "No use", **w.how) if w.a % 3 == 0 else None,
    "follow_up": follow_up,
    "open_follow_up": lambda w: actions.open_follow_up(w.conversation, "A fix is live", **w.how),
    "customer_asked_first": asked_first,
    "let_fall_back": fall_back,
    "add_template": lambda w: actions.add_template(f"Way {w.b % 4}", steps(w), **w.how),
    "edit_template": lambda w: actions.edit_template(w.pick(Template.objects.all()), steps(w), **w.how),
    "remove_template": lambda w: actions.remove_template(w.pick(Template.objects.all()), **w.how),
    "move_relay": move_relay,
}
