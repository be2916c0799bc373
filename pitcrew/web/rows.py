"""What a row of the queue says of a conversation: whose move it is, in a shape and in words."""

from datetime import datetime

from pitcrew.conversations.models import Conversation, State
from pitcrew.web.telling_time import when

MOVES: dict[str, str] = {
    State.OPEN: "ours",
    State.WAITING_ON_CUSTOMER: "customer",
    State.WAITING_ON_DEPARTMENT: "department",
    State.SNOOZED: "snoozed",
    State.DONE: "done",
}
WORDS = {
    "ours": "our move",
    "free": "our move, nobody has it yet",
    "theirs": "a colleague's move",
    "customer": "waiting on customer",
    "department": "waiting on another department",
    "snoozed": "snoozed",
    "done": "done",
}


def move(conversation: Conversation, staff: int = 0) -> str:
    """Who has the next move, as `light` draws it; for one who looks, an open one is theirs, a colleague's or free."""
    if not staff or conversation.state != State.OPEN:
        return MOVES[conversation.state]
    if conversation.assignee_id is None:
        return "free"
    return "ours" if conversation.assignee_id == staff else "theirs"


def calls(conversation: Conversation, staff: int) -> bool:
    """Whether the customer waits for this person, or for anybody: such a row has more weight."""
    waits = conversation.state == State.OPEN and conversation.customer_wrote_last
    return waits and conversation.assignee_id in (None, staff)


def standing(conversation: Conversation, staff: int, now: datetime) -> str:
    """Whose move it is in a few words, for the third line of a row."""
    if conversation.state == State.SNOOZED and conversation.snoozed_until:
        return f"until {when(conversation.snoozed_until, now)}"
    if conversation.state == State.OPEN:
        return holder(conversation, staff)
    return WORDS[move(conversation)]


def holder(conversation: Conversation, staff: int) -> str:
    """Who holds it, as this person would say it."""
    if conversation.assignee_id is None:
        return "nobody has it yet"
    return "you have it" if conversation.assignee_id == staff else f"{conversation.assignee} has it"
