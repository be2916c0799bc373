"""Two customers who are one person."""

from datetime import datetime

from pitcrew.conversations import events, owing
from pitcrew.conversations.models import Conversation
from pitcrew.history.actors import Actor
from pitcrew.history.writing import change_many, hold, operation, retire
from pitcrew.people import actions as people
from pitcrew.people.events import CUSTOMER_JOINED
from pitcrew.people.models import Customer
from pitcrew.people.refusals import Refused


@operation
def join_customers(kept: Customer, other: Customer, *, by: Actor, at: datetime) -> None:
    """Everything of the other becomes the kept one's: addresses, conversations, memo. Messages keep who wrote them.

    Raises Refused when they are the same, or one of them is gone.
    """
    if hold(kept).retired_at or hold(other).retired_at:
        raise Refused("One of these customers was joined with another already. Look for them again.")
    people.join_customers(kept, other, by=by, at=at)
    change_many(Conversation.everything.filter(customer=other), events.GIVEN, customer=kept)
    if other.memo.strip():
        people.describe_customer(kept, f"{kept.memo}\n\n{other.memo}".strip(), by=by, at=at)
    if kept.organization_id is None and other.organization is not None:
        people.place_in_organization(kept, other.organization.name, by=by, at=at)
    retire(other, CUSTOMER_JOINED)
    owing.fit_all_of(kept.pk, by=by, at=at)
