"""The tabs of the queue: what each shows, and what it says when it is empty."""

from dataclasses import dataclass

from pitcrew.conversations.models import Place, State
from pitcrew.conversations.queries import NOBODY, Filters
from pitcrew.people.models import Staff


@dataclass(frozen=True)
class Tab:
    name: str
    word: str
    key: str
    empty: str
    filters: Filters
    is_own: bool = False

    def shows(self, staff: Staff) -> Filters:
        """The filters of this tab for this person."""
        return Filters(assignee=staff.pk) if self.is_own else self.filters


WAITING = (State.WAITING_ON_CUSTOMER, State.WAITING_ON_DEPARTMENT)
ALL = [
    Tab("open", "Open", "q", "New mail appears here by itself. Nothing waits for you now.", Filters()),
    Tab("mine", "Mine", "m", "Nothing is yours now. Take one from Unassigned.", Filters(), is_own=True),
    Tab("unassigned", "Unassigned", "u", "Everything open is in somebody's hands.", Filters(assignee=NOBODY)),
    Tab("waiting", "Waiting", "w", "What you have answered waits here for the customer.", Filters(states=WAITING)),
    Tab(
        "snoozed",
        "Snoozed",
        "z",
        "Snooze what can wait (s); it comes back by itself.",
        Filters(states=(State.SNOOZED,)),
    ),
    Tab("done", "Done", "d", "What you close (e) stays here for ever.", Filters(states=(State.DONE,))),
    Tab("spam", "Spam", "p", "What you mark as spam lies here.", Filters(states=(), place=Place.SPAM)),
    Tab(
        "trash",
        "Trash",
        "t",
        "What you throw away lies here, and can come back.",
        Filters(states=(), place=Place.TRASH),
    ),
]
TABS = {tab.name: tab for tab in ALL}
FIRST = 3  # tabs that always stand there; the others are under "More"
