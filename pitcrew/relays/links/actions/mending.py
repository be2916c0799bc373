"""Mending: one act for each kind of broken link. It is an act like any other, and can be taken back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.actions.delivering import send_again
from pitcrew.conversations.models import Conversation, Link, Message, State
from pitcrew.history.actors import Actor
from pitcrew.history.writing import hold, operation
from pitcrew.people.access import can_hold_work
from pitcrew.people.models import Department, Membership, Staff
from pitcrew.people.queries import absent
from pitcrew.people.refusals import Refused
from pitcrew.relays import actions as relays
from pitcrew.relays.links import events
from pitcrew.relays.links.actions.telling import standing
from pitcrew.relays.links.models import BrokenLink
from pitcrew.relays.models import LIVE, Leg

How = dict[str, Any]
Mending = Callable[[BrokenLink, How], str]
ASKS = ("ask",)  # whoever is asked has to act yet, so the link stays broken until they do

GONE = "What this is about was taken back meanwhile. Look at the page again."


@operation
def mend(link: BrokenLink, *, by: Actor, at: datetime) -> str:
    """Do what mends it. Returns the sentence that says what was done.

    Raises Refused where only a person can mend it by words: then its conversation is to be opened.
    """
    if hold(link).mended_at is not None:
        raise Refused("This link is mended already. Look at the page again.")
    act = MENDS.get(link.verb)
    if act is None:
        raise Refused("This is mended in the conversation. Open it.")
    told = act(link, {"by": by, "at": at})
    if link.verb not in ASKS:
        standing(link, events.LINK_MENDED, mended_at=at, escalate_at=None)
    return told


def _leg(link: BrokenLink) -> Leg:
    leg = Leg.objects.select_related("relay", "conversation", "department").filter(pk=link.args["leg"]).first()
    if leg is None:
        raise Refused(GONE)
    return leg


def _conversation(link: BrokenLink) -> Conversation:
    if link.conversation is None:
        raise Refused("This link belongs to no conversation. Open the settings of the mailbox.")
    return link.conversation


def _accept(link: BrokenLink, how: How) -> str:
    leg = _leg(link)
    relays.accept(leg, **how)
    return f"You have {leg.name} now"


def _give(link: BrokenLink, how: How) -> str:
    leg = _leg(link)
    person = _named(link, leg.department, how["at"]) or somebody_there(leg.department, how["at"], leg.holder_id)
    relays.give_to(leg, person, **how)
    return f"{person} has {leg.name} now"


def _assign(link: BrokenLink, how: How) -> str:
    conversation = _conversation(link)
    department = conversation.department
    person = _named(link, department, how["at"])
    person = person or somebody_there(department, how["at"], conversation.assignee_id)
    conversations.assign(conversation, person, **how)
    return f"{person} has it now"


def _resend(link: BrokenLink, how: How) -> str:
    message = Message.objects.filter(pk=link.args["message"]).first()
    if message is None:
        raise Refused(GONE)
    send_again(message, message.to, **how)
    return f"Sending again to {', '.join(message.to)}"


def _reopen(link: BrokenLink, how: How) -> str:
    conversations.reopen(_conversation(link), **how)
    return "Opened again"


def _settle(link: BrokenLink, how: How) -> str:
    conversations.stand_alone(_conversation(link), **how)
    return "It stands alone"


def _ask(link: BrokenLink, how: How) -> str:
    """A note that puts it before everybody who could act: the holder and the leads of both sides."""
    conversation = _conversation(link)
    people = _concerned(link)
    names = ", ".join(str(person) for person in people) or str(link.department)
    conversations.note(conversation, f"{names}: {link.sentence}. Please say how it stands.", mentions=people, **how)
    return f"Asked {names}"


def _concerned(link: BrokenLink) -> list[Staff]:
    found = [link.person] if link.person else []
    departments = [link.department_id]
    if link.place.startswith("pair:"):
        departments = [int(pk) for pk in link.place.removeprefix("pair:").split(",")]
    leads = Membership.objects.active().filter(department__in=departments, role="lead").select_related("staff")
    return list(dict.fromkeys([*found, *(place.staff for place in leads.order_by("pk"))]))


def _choose_owner(link: BrokenLink, how: How) -> str:
    """Whoever has this conversation has the others about the same matter too."""
    conversation = _conversation(link)
    owner = conversation.assignee
    links = Link.objects.filter(Q(conversation=conversation) | Q(other=conversation)).select_related(
        "conversation", "other"
    )
    for twin in (one.other if one.conversation_id == conversation.pk else one.conversation for one in links):
        if owner and twin.state == State.OPEN and twin.customer_id == conversation.customer_id:
            conversations.assign(twin, owner, **how)
    return f"{owner} has all of it now"


def _open_follow_up(link: BrokenLink, how: How) -> str:
    relays.open_follow_up(_conversation(link), "The work is done.", **how)
    return "The follow-up is open"


def _withdraw(link: BrokenLink, how: How) -> str:
    leg = _leg(link)
    relays.withdraw(leg, "It was not taken in time.", **how)
    return f"{leg.name} is withdrawn"


def _named(link: BrokenLink, department: Department, at: datetime) -> Staff | None:
    """Whom the button names, if they are still there."""
    person = Staff.objects.filter(pk=link.args.get("person"), deactivated_at=None).exclude(pk__in=absent(at)).first()
    return person if person is not None and can_hold_work(person, department) else None


def somebody_there(department: Department, at: datetime, but_for: int | None = None) -> Staff:
    """Of those of the department who are there, the one with the fewest legs."""
    live = Count("legs_held", filter=Q(legs_held__stage__in=LIVE))
    places = Membership.objects.active().filter(department=department).exclude(staff__in=absent(at))
    people = Staff.objects.filter(pk__in=places.values("staff")).exclude(pk=but_for)
    found = people.annotate(live=live).order_by("live", "pk").first()
    if found is None:
        raise Refused(f"Nobody else of {department} is there. Hand it to another department.")
    return found


MENDS: dict[str, Mending] = {
    "accept": _accept,
    "give_to_present": _give,
    "assign_present": _assign,
    "resend": _resend,
    "reopen": _reopen,
    "settle": _settle,
    "ask": _ask,
    "choose_owner": _choose_owner,
    "open_follow_up": _open_follow_up,
    "withdraw": _withdraw,
}
