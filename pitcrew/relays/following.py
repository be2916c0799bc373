"""What relays do after something happened elsewhere: somebody left, a customer wrote, a department was closed."""

from datetime import datetime

from pitcrew.conversations.events import MESSAGE_RECEIVED
from pitcrew.history.actors import pitcrew
from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.people.events import DEPARTMENT_RETIRED, MEMBER_LEFT, STAFF_DEACTIVATED
from pitcrew.relays.actions.leaving import legs_without_anybody, let_fall_back
from pitcrew.relays.actions.telling import customer_asked_first

US = "relays"


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
