"""What problems do when something happened elsewhere: a customer wrote, or is forgotten."""

import re
from datetime import datetime

from pitcrew.conversations.events import MESSAGE_RECEIVED
from pitcrew.conversations.models import Message, Place
from pitcrew.history.actors import pitcrew
from pitcrew.history.followers import follow
from pitcrew.history.models import Event
from pitcrew.people.events import CUSTOMER_FORGOTTEN
from pitcrew.problems.actions.linking import hear, is_watched, sight
from pitcrew.problems.actions.winning import record_early, record_thanks
from pitcrew.problems.learning import forget, index, said_in
from pitcrew.problems.models import Problem, ProblemLink
from pitcrew.problems.queries import fixed_for
from pitcrew.relays.events import RELAY_FINISHED, RELAY_THANKED
from pitcrew.relays.models import Relay

BY = pitcrew("problems")
# What somebody says whose trouble is still there; "works again" is the opposite.
STILL = re.compile(
    r"\b(still (not|no|does|doesn|won|can|isn|the same)|not (working|fixed|solved)|same (problem|issue|error) "
    r"|(again|happened|happens) again|back again|immer noch|noch immer|wieder nicht|erneut nicht|geht nicht"
    r"|gleiche problem|selbe problem|schon wieder)",
    re.IGNORECASE,
)
WELL = re.compile(r"\b(works|working now|funktioniert (jetzt|wieder)|geht wieder|solved|thank|danke)", re.IGNORECASE)


@follow(MESSAGE_RECEIVED)
def look_for_problems(event: Event, at: datetime) -> None:
    """A customer wrote: compare it with the problems there are. Told twice it finds what it found already."""
    learnt = index()
    if not learnt.learnt:
        return
    message = (
        Message.objects.filter(pk=event.subject_id, is_automatic=False).select_related("conversation__customer").first()
    )
    if message is None or message.conversation.place != Place.DESK:
        return
    conversation = message.conversation
    linked = dict(ProblemLink.objects.filter(conversation=conversation).values_list("problem_id", "problem__title"))
    if linked:
        hear(conversation, by=BY, at=at)
    for number, score, why in _spoken_of(message, linked):
        problem = Problem.objects.filter(pk=number).first()
        if problem is not None and not problem.is_over and (number not in linked or is_watched(problem, message.at)):
            sight(problem, message, score=score, because=why, by=BY, at=at)


def _spoken_of(message: Message, linked: dict[int, str]) -> list[tuple[int, float, str]]:
    """What it is like; and the problems its conversation is about, when it says that the trouble is still there."""
    words = message.reply or message.text
    is_well, is_still = WELL.search(words), STILL.search(words)
    if linked and is_well and not is_still:
        return []
    found = [(one.number, one.score, one.why) for one in index().match(said_in(message))]
    if linked and is_still and not is_well:
        named = {number for number, _, _ in found}
        found += [(number, 1.0, "the customer says that it is still there") for number in linked if number not in named]
    return found


@follow(RELAY_FINISHED)
def record_an_early_relay(event: Event, at: datetime) -> None:
    """A relay is finished: when that was before the moment promised, it is a victory. Told twice it is one."""
    relay = Relay.objects.filter(pk=event.subject_id).first()
    if relay is not None and relay.was_early:
        record_early(relay, by=BY, at=event.operation.at)


@follow(RELAY_THANKED)
def record_the_thanks_of_a_relay(event: Event, at: datetime) -> None:
    """A customer says, by one click, that it works: after a fix that is a victory. Told twice it is one."""
    relay = Relay.objects.filter(pk=event.subject_id).select_related("conversation__customer").first()
    if relay is not None and relay.conversation is not None:
        for problem in fixed_for(relay.conversation):
            record_thanks(problem, relay.conversation, by=BY, at=event.operation.at)


@follow(CUSTOMER_FORGOTTEN)
def forget_what_was_learnt(event: Event, at: datetime) -> None:
    """A customer is forgotten: nothing of their words stays in mind."""
    forget()
