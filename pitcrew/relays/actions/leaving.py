"""When people go: no leg stays with somebody who cannot do it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from pitcrew.history.actors import Actor
from pitcrew.history.writing import operation
from pitcrew.people.access import can_hold_work
from pitcrew.people.models import Membership
from pitcrew.relays import events, owing
from pitcrew.relays.access import has_takers
from pitcrew.relays.baton import move, take_hold
from pitcrew.relays.models import Leg, Stage
from pitcrew.relays.opening import follow, nobody_there

AT_WORK = (Stage.OFFERED, Stage.ACCEPTED)


def legs_without_anybody() -> list[Leg]:
    """The live legs whose holder, or whose whole department, cannot work on them any more."""
    place = Membership.objects.active().filter(department=OuterRef("department"))
    held = Q(holder__isnull=False) & ~Exists(place.filter(staff=OuterRef("holder")))
    left = held & (Q(holder__deactivated_at__isnull=False) | Q(holder__is_administrator=False))
    empty = Q(partner="", stage__in=AT_WORK) & ~Exists(place)
    return list(Leg.objects.filter(left | empty, baton_since__isnull=False).order_by("pk"))


@operation
def let_fall_back(leg: Leg, *, by: Actor, at: datetime) -> None:
    """Who had it is gone: the department is offered it again, because nobody there has said that they have it, and
    the clock of accepting makes that seen. A department without anybody gives it back to the sender."""
    take_hold(leg)
    holder = leg.holder
    if leg.is_live and holder is not None and not (holder.is_active and can_hold_work(holder, leg.department)):
        stage = Stage.OFFERED if leg.stage in AT_WORK else leg.stage
        fields = {"holder_id": None, "accepted_at": None} if stage == Stage.OFFERED else {"holder_id": None}
        was_accepted = leg.stage == Stage.ACCEPTED
        move(leg, events.LEG_FREED, stage, at, **fields)
        if was_accepted:
            owing.release(leg)
            owing.owe_acceptance(leg)
    if leg.stage in AT_WORK and leg.holder_id is None and not leg.partner and not has_takers(leg.department):
        move(leg, events.LEG_DECLINED, Stage.RETURNED, at, declined_why=nobody_there(leg.department))
        owing.release(leg)
        follow(leg.conversation)
