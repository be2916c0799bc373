"""Questions about letters."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from pitcrew.channels.email.letters.models import FOR_CUSTOMERS, Kind, Letter
from pitcrew.people.models import Identity, Membership, Role, Staff
from pitcrew.relays.models import LIVE, Leg, Stage

MOST = 20  # people of a department who get a letter about one leg


def waiting() -> QuerySet[Letter]:
    """Letters that wait to leave, the next first."""
    return Letter.objects.filter(left_at=None, undelivered_at=None).order_by("leaves_at", "id")


def due(at: datetime) -> QuerySet[Letter]:
    """Those that may leave by now."""
    return waiting().filter(Q(next_at=None) | Q(next_at__lte=at), leaves_at__lte=at)


def is_for_partner(letter: Letter) -> bool:
    """Whether it goes to somebody outside who does a part."""
    return letter.door is not None and letter.door.staff_id is None


def letters_of(leg: Leg) -> QuerySet[Letter]:
    """Every letter about a leg, newest first: to whom, when it left, or why it did not arrive."""
    return Letter.objects.filter(leg_id=leg.pk).order_by("-id")


def undelivered(legs: Iterable[int]) -> dict[int, list[Letter]]:
    """For each of these legs (ids), its letters that did not arrive."""
    found: dict[int, list[Letter]] = {}
    for letter in Letter.objects.filter(leg_id__in=list(legs), undelivered_at__isnull=False).order_by("-id"):
        found.setdefault(letter.leg_id, []).append(letter)
    return found


def receivers(leg: Leg) -> list[Staff]:
    """Which colleagues get a letter about a leg that is offered.

    Whom it is meant for; else the contributors of the department, who do not live on the desk; else, where it has none,
    everybody in it: better a letter too many than a leg that nobody hears of.
    """
    if leg.holder is not None:
        return [leg.holder]
    places = Membership.objects.active().filter(department=leg.department).select_related("staff").order_by("pk")
    everybody = list(places)
    some = [place for place in everybody if place.role == Role.CONTRIBUTOR] or everybody
    return [place.staff for place in some[:MOST]]


def lives_on_the_desk(staff: Staff) -> bool:
    """Whether this person sees live what happens, because they answer customers."""
    return (
        staff.is_administrator
        or Membership.objects.active().filter(staff=staff).exclude(role=Role.CONTRIBUTOR).exists()
    )


def mail_of_customer(letter: Letter) -> str:
    """Where the customer reads mail now; empty where we know no address."""
    if letter.conversation is None:
        return ""
    found = Identity.objects.filter(customer=letter.conversation.customer_id, channel="email").order_by("id").first()
    return found.value if found else ""


def still_so(letter: Letter) -> bool:
    """Whether what a letter tells is so now: an act that was undone, or overtaken, is told to nobody."""
    leg = letter.leg
    if leg.retired_at is not None or leg.relay.retired_at is not None:
        return False
    moments = {
        Kind.OFFERED: leg.offered_at if leg.stage == Stage.OFFERED else None,
        Kind.ANSWERED: leg.baton_since if leg.stage in (Stage.OFFERED, Stage.ACCEPTED) else None,
        Kind.NOT_NEEDED: leg.ended_at if leg.stage in (Stage.WITHDRAWN, Stage.SKIPPED) else None,
        Kind.ASKED: leg.baton_since if leg.stage == Stage.ASKED else None,
        Kind.RETURNED: leg.baton_since if leg.stage == Stage.RETURNED else None,
        Kind.DONE: leg.ended_at if leg.stage == Stage.DONE else None,
        Kind.MILESTONE: leg.ended_at if leg.stage == Stage.DONE else None,
        Kind.FOLLOW_UP: leg.offered_at if leg.stage in LIVE else None,
    }
    return letter.tells == Kind.UNCLEAR or moments.get(Kind(letter.tells)) == letter.about_at


def is_for_customer(letter: Letter) -> bool:
    """Whether it goes outside to the customer, and so says nothing of the inside."""
    return letter.tells in FOR_CUSTOMERS
