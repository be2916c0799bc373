"""Handing over: ad hoc, along a template, and again after it came back."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from pitcrew.conversations.actions.answering import keep_in_sight
from pitcrew.conversations.models import Conversation
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, hold, operation
from pitcrew.people.access import can_hold_work
from pitcrew.people.models import Department, Membership, Staff
from pitcrew.people.queries import as_staff
from pitcrew.people.refusals import Refused
from pitcrew.relays import events, owing
from pitcrew.relays.access import has_takers
from pitcrew.relays.baton import move, must_be, take_hold
from pitcrew.relays.briefs import Brief
from pitcrew.relays.models import LIVE, Edition, Leg, Relay, Stage
from pitcrew.relays.opening import follow, nobody_there, offer_new, plan
from pitcrew.relays.steps.branches import branches


@operation
def hand_over(
    conversation: Conversation,
    department: Department,
    brief: Brief,
    *,
    person: Staff | None = None,
    partner: str = "",
    name: str = "",
    minutes: int | None = None,
    by: Actor,
    at: datetime,
) -> Leg:
    """Hand work over to a department, to somebody of it, or to a partner outside that it answers for.

    It begins a relay, or a leg more of the one made as one goes that runs already. Raises Refused for a brief with
    an empty line, and where nobody could take it.
    """
    brief.check(at)
    partner = check_receiver(department, person, partner)
    _stands(hold(conversation))
    sender, name = as_staff(by), _named(name) or (_named(brief.need) if partner else str(department))
    relay = Relay.objects.filter(conversation=conversation, edition=None, finished_at=None, stopped_at=None).first()
    home = _sent_from(sender, conversation)
    if relay is None:
        relay, before = begin_relay(name, home, sender, brief, at, conversation=conversation), 0
    else:
        before = Leg.everything.filter(relay=hold(relay)).count()
    key = f"leg-{before + 1}"
    where = {"step": key, "branch": key, "order": int(key[4:]), "department": department, "partner": partner}
    who = {"holder": person, "sender": sender, "sent_from": home, "name": name, "minutes": minutes}
    leg = offer_new(relay, brief, at, **where, **who)
    _let_see(conversation, sender)
    follow(conversation, wakes=True)
    return leg


@operation
def start(conversation: Conversation, edition: Edition, brief: Brief, *, by: Actor, at: datetime) -> Relay:
    """Start a relay along a template. Its first legs are offered with the brief; the others come in their turn."""
    brief.check(at)
    _stands(hold(conversation))
    if edition.template.retired_at is not None:
        raise Refused(f"The template {edition.template.name} was removed. Choose another one.")
    sender = as_staff(by)
    home = _sent_from(sender, conversation)
    relay = begin_relay(edition.template.name, home, sender, brief, at, conversation=conversation, edition=edition)
    _lay_out(relay, edition, brief, at)
    _let_see(conversation, sender)
    follow(conversation, wakes=True)
    return relay


@operation
def start_for_problem(
    problem: int,
    home: Department,
    brief: Brief,
    *,
    name: str,
    edition: Edition | None = None,
    department: Department | None = None,
    person: Staff | None = None,
    partner: str = "",
    minutes: int | None = None,
    by: Actor,
    at: datetime,
) -> Relay:
    """Start a relay for a problem (its number): along a template, or with one leg to a department."""
    brief.check(at)
    sender = as_staff(by)
    if edition is None and department is None:
        raise Refused("Choose a template or a department that it goes to.")
    relay = begin_relay(_named(name) or "Problem", home, sender, brief, at, problem=problem, edition=edition)
    if edition is not None:
        _lay_out(relay, edition, brief, at)
    elif department is not None:
        partner = check_receiver(department, person, partner)
        where = {"step": "leg-1", "branch": "leg-1", "order": 1, "department": department, "partner": partner}
        who = {"holder": person, "sender": sender, "sent_from": home, "name": relay.name, "minutes": minutes}
        offer_new(relay, brief, at, **where, **who)
    return relay


@operation
def send_again(
    leg: Leg,
    department: Department,
    brief: Brief,
    *,
    person: Staff | None = None,
    partner: str = "",
    by: Actor,
    at: datetime,
) -> Leg:
    """Send on what came back: to another department, or to the same with a better brief. Returns the new leg."""
    take_hold(leg)
    must_be(leg, Stage.RETURNED)
    brief.check(at)
    partner = check_receiver(department, person, partner)
    move(leg, events.LEG_WITHDRAWN, Stage.WITHDRAWN, at, ended_why="It was sent again.")
    owing.release(leg)
    sender = as_staff(by) or leg.sender
    kept = {
        name: getattr(leg, name) for name in ("step", "branch", "order", "name", "after", "is_follow_up", "minutes")
    }
    where = {"department": department, "partner": partner, "holder": person, "again_of": leg}
    new = offer_new(leg.relay, brief, at, sender=sender, sent_from=leg.sent_from or leg.relay.home, **kept, **where)
    _let_see(leg.conversation, sender)
    follow(leg.conversation, wakes=True)
    return new


def check_receiver(department: Department, person: Staff | None, partner: str) -> str:
    """Refuses whom a leg cannot go to; returns the partner's address as it is kept."""
    partner = partner.strip()
    if partner:
        try:
            validate_email(partner)
        except ValidationError:
            raise Refused(f"{partner} is no e-mail address. Correct it.")
    elif department.retired_at is not None or not has_takers(department):
        raise Refused(nobody_there(department))
    if person is not None and not can_hold_work(person, department):
        raise Refused(f"{person} does not work in {department}. Choose somebody who does.")
    return partner


def begin_relay(name: str, home: Department, sender: Staff | None, brief: Brief, at: datetime, **about: Any) -> Relay:
    row = {"name": name, "home": home, "started_by": sender, "started_at": at, "promised_by": brief.by_when}
    return begin(Relay, events.RELAY_STARTED, **row, **about)


def _lay_out(relay: Relay, edition: Edition, brief: Brief, at: datetime) -> None:
    """All legs of a template: the first ones offered, the others ahead."""
    places = branches(edition.steps)
    departments = {d.pk: d for d in Department.objects.all()}
    for order, step in enumerate(edition.steps, start=1):
        department = departments.get(step.get("department") or relay.home_id)
        if department is None:
            raise Refused(f"The department of {step['name']} is closed. Correct the template first.")
        row = {"step": step["key"], "name": step["name"], "branch": places[step["key"]], "order": order}
        row |= {"department": department, "partner": step.get("partner") or "", "after": list(step.get("after") or [])}
        row |= {"is_follow_up": bool(step.get("is_follow_up")), "minutes": step.get("minutes")}
        if row["after"]:
            plan(relay, **row)
            continue
        check_receiver(department, None, row["partner"])
        offer_new(relay, brief, at, sender=relay.started_by, sent_from=relay.home, **row)


def _sent_from(sender: Staff | None, conversation: Conversation) -> Department:
    """Where the baton comes back to: the department whose leg the sender has, else one they work in, else its own."""
    if sender is None:
        return conversation.department
    held = Leg.objects.filter(conversation=conversation, holder=sender, stage__in=LIVE).select_related("department")
    leg = held.order_by("-pk").first()
    if leg is not None:
        return leg.department
    places = Membership.objects.active().filter(staff=sender).select_related("department").order_by("pk")
    found = {place.department_id: place.department for place in places}
    return found.get(conversation.department_id) or next(iter(found.values()), None) or conversation.department


def _let_see(conversation: Conversation | None, sender: Staff | None) -> None:
    if conversation is not None and sender is not None:
        keep_in_sight(conversation, sender)


def _stands(conversation: Conversation) -> None:
    if conversation.merged_into_id:
        raise Refused(f"#{conversation.pk} is part of #{conversation.merged_into_id} now. Hand that one over.")


def _named(name: str) -> str:
    return " ".join(name.split())[:100]
