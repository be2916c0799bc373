"""What conversations do when something happened elsewhere: what they owe goes with it."""

from datetime import datetime

from pitcrew.conversations.models import Conversation
from pitcrew.conversations.owing import fit_all_of, follow_many
from pitcrew.history.actors import pitcrew
from pitcrew.history.events import UNDONE
from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.people.events import CUSTOMER_CHANGED
from pitcrew.people.models import Customer
from pitcrew.promises.models import Promise

US = "promises"
CUSTOMER = Customer._meta.label_lower
OWING = (Conversation._meta.label_lower, Promise._meta.label_lower)


@follow(CUSTOMER_CHANGED, UNDONE)
def organization_changed(event: Event, at: datetime) -> None:
    """A customer belongs to another organization: what is owed to them is due by what is promised to that one."""
    if event.subject_type == CUSTOMER and "organization_id" in event.changes:
        fit_all_of(event.subject_id, by=pitcrew(US), at=at)


@follow(UNDONE)
def promises_go_with_their_conversation(event: Event, at: datetime) -> None:
    """Something was taken back: what the conversation owes rests or goes on as its state says now.

    An undo leaves alone what was done later. So the pause of a promise that was counted anew meanwhile would outlast
    the wait that it was made for.
    """
    if event.subject_type in OWING and event.about is not None:
        follow_many([event.about], by=pitcrew(US), at=at)
