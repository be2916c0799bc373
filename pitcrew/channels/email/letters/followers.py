"""Who gets a letter when something happened to a leg."""

from datetime import datetime

from pitcrew.channels.email.letters import actions
from pitcrew.channels.email.letters.models import Kind
from pitcrew.channels.email.letters.queries import lives_on_the_desk, receivers
from pitcrew.history.actors import Actor
from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.history.writing import recording
from pitcrew.people.models import Staff
from pitcrew.relays import events
from pitcrew.relays.doors.actions import open_door
from pitcrew.relays.doors.models import Door
from pitcrew.relays.doors.progress import told_when_done
from pitcrew.relays.doors.queries import page_of
from pitcrew.relays.models import Leg, Stage

BY = Actor("pitcrew", "letters", door="email")


def _leg(event: Event) -> Leg | None:
    around = ("holder", "sender", "department", "relay__edition", "conversation")
    return Leg.objects.filter(pk=event.subject_id).select_related(*around).first()


@follow(events.LEG_OFFERED, events.LEG_GIVEN)
def tell_who_can_take_it(event: Event, at: datetime) -> None:
    """Something is offered: a letter with a link to each who may take it, and to the customer who is to be asked.

    Told twice it finds the letters written.
    """
    leg = _leg(event)
    if leg is None or leg.stage != Stage.OFFERED or leg.offered_at is None:
        return
    parties: list[tuple[str, Staff | None]] = [(leg.partner, None)]
    if not leg.partner:
        parties = [(staff.email, staff) for staff in receivers(leg)]
    with recording("letters.tell", by=BY, at=at):
        for address, staff in parties:
            door = open_door(leg, address, staff=staff, by=BY, at=at)
            actions.write(Kind.OFFERED, leg, address, leg.offered_at, door_id=door.pk, by=BY, at=at)
        if leg.is_follow_up and leg.conversation is not None:
            actions.write(Kind.FOLLOW_UP, leg, "", leg.offered_at, by=BY, at=at)


@follow(events.LEG_ANSWERED)
def tell_who_asked(event: Event, at: datetime) -> None:
    """The question was answered: whoever got a link reads the answer. Told twice it finds the letters written."""
    leg = _leg(event)
    if leg is None or leg.stage not in (Stage.OFFERED, Stage.ACCEPTED) or leg.baton_since is None:
        return
    for door in _doors(leg):
        if leg.holder_id in (None, door.staff_id):
            actions.write(Kind.ANSWERED, leg, door.address, leg.baton_since, door_id=door.pk, by=BY, at=at)


@follow(events.LEG_WITHDRAWN, events.LEG_SKIPPED)
def tell_that_it_is_not_needed(event: Event, at: datetime) -> None:
    """It was taken back: whoever has it stops working on it. Told twice it finds the letters written."""
    leg = _leg(event)
    if leg is None or leg.stage not in (Stage.WITHDRAWN, Stage.SKIPPED) or leg.ended_at is None:
        return
    for door in _doors(leg):
        if door.used_at is not None and not leg.declined_why:
            actions.write(Kind.NOT_NEEDED, leg, door.address, leg.ended_at, door_id=door.pk, by=BY, at=at)


def _doors(leg: Leg) -> list[Door]:
    return list(Door.objects.filter(leg_id=leg.pk, revoked_at=None).order_by("pk"))


BACK = {
    events.LEG_ASKED: (Kind.ASKED, Stage.ASKED),
    events.LEG_DECLINED: (Kind.RETURNED, Stage.RETURNED),
    events.LEG_DONE: (Kind.DONE, Stage.DONE),
}


@follow(*BACK)
def tell_the_sender(event: Event, at: datetime) -> None:
    """It came back, or is done: a letter to the sender, but only to one who does not live on the desk.

    Who answers customers sees it there the same second; a mail would be the second telling. Told twice it finds the
    letter written.
    """
    leg, (kind, stage) = _leg(event), BACK[event.kind]
    if leg is None or leg.stage != stage or leg.sender is None or not leg.sender.is_active:
        return
    moment = leg.ended_at if stage == Stage.DONE else leg.baton_since
    is_own = event.operation.actor == f"agent:{leg.sender_id}"
    if moment is not None and not is_own and not lives_on_the_desk(leg.sender):
        actions.write(kind, leg, leg.sender.email, moment, by=BY, at=at)


@follow(events.LEG_DONE)
def tell_the_customer(event: Event, at: datetime) -> None:
    """A step is done: a mail to the customer who wished for it, where the step has words for customers.

    Told twice it finds the letter written.
    """
    leg = _leg(event)
    if leg is None or leg.stage != Stage.DONE or leg.conversation is None or leg.ended_at is None or leg.is_follow_up:
        return
    if told_when_done(leg) and page_of(leg.conversation).wants_mail:
        actions.write(Kind.MILESTONE, leg, "", leg.ended_at, by=BY, at=at)
