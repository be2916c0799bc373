"""What relays do after something happened elsewhere: somebody left, a customer wrote, a department was closed."""

from datetime import datetime

from pitcrew.conversations.events import MESSAGE_RECEIVED
from pitcrew.history.actors import pitcrew
from pitcrew.history.events import UNDONE
from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.people.events import DEPARTMENT_RETIRED, MEMBER_LEFT, STAFF_DEACTIVATED
from pitcrew.promises.actions import pause, resume
from pitcrew.promises.models import Promise
from pitcrew.promises.queries import open_promises
from pitcrew.relays.actions.leaving import legs_without_anybody, let_fall_back
from pitcrew.relays.actions.telling import customer_asked_first
from pitcrew.relays.models import Leg, Stage

US = "relays"
LEG, PROMISE = Leg._meta.label_lower, Promise._meta.label_lower


@follow(STAFF_DEACTIVATED, MEMBER_LEFT, DEPARTMENT_RETIRED)
def somebody_left(event: Event, at: datetime) -> None:
    """A leg whose holder is gone falls to the department, and one whose department is empty back to its sender."""
    for leg in legs_without_anybody():
        let_fall_back(leg, by=pitcrew(US), at=at)


@follow(MESSAGE_RECEIVED)
def customer_wrote(event: Event, at: datetime) -> None:
    """Whether the customer asked before our follow-up did."""
    if event.about is not None:
        customer_asked_first(event.about, event.subject_id, by=pitcrew(US), at=at)


@follow(UNDONE)
def clocks_go_with_the_baton(event: Event, at: datetime) -> None:
    """Something was taken back: what is owed for a leg stands still while a question is out, and runs otherwise."""
    number: int | None = event.subject_id if event.subject_type == LEG else None
    if event.subject_type == PROMISE:
        number = Promise.objects.filter(pk=event.subject_id).values_list("leg", flat=True).first()
    leg = Leg.objects.filter(pk=number, baton_since__isnull=False).first() if number is not None else None
    if leg is not None:
        clock = pause if leg.stage == Stage.ASKED else resume
        for owed in open_promises(leg=leg.pk):
            clock(owed, by=pitcrew(US), at=at)
