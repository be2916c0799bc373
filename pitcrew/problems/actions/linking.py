"""Which conversations are about a problem, and which messages speak of it."""

from collections.abc import Iterable
from datetime import datetime

from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.history.actors import Actor
from pitcrew.history.writing import begin, begin_many, change, change_many, chunks, operation, retire
from pitcrew.people.refusals import Refused
from pitcrew.problems import events
from pitcrew.problems.actions.moving import move_on, must_stand
from pitcrew.problems.models import Problem, ProblemLink, Sighting, Stage
from pitcrew.problems.mood import mood
from pitcrew.problems.revision import touch

HEARD = 20  # messages of one conversation that its mood is read from


@operation
def link_conversation(
    problem: Problem, conversation: Conversation, *, is_matched: bool = False, by: Actor, at: datetime
) -> None:
    """Say that a conversation is about this problem. Twice is once."""
    link_many(problem, [conversation.pk], is_matched=is_matched, by=by, at=at)


@operation
def link_many(problem: Problem, ids: Iterable[int], *, is_matched: bool = False, by: Actor, at: datetime) -> int:
    """Say that many are about this problem: one operation, one undo. Returns how many are new."""
    must_stand(problem)
    wanted = sorted({int(pk) for pk in ids})
    standing: list[int] = []
    for some in chunks(wanted):
        rows = Conversation.objects.select_for_update().filter(pk__in=some, merged_into=None).order_by("pk")
        standing += rows.values_list("pk", flat=True)
    known = set(ProblemLink.objects.filter(problem=problem).values_list("conversation_id", flat=True))
    new = [pk for pk in standing if pk not in known]
    moods = moods_of(new)
    links = [
        ProblemLink(problem=problem, conversation_id=pk, linked_at=at, is_matched=is_matched, **moods[pk]) for pk in new
    ]
    if links:
        begin_many(links, events.CONVERSATION_LINKED)
        touch()
    return len(links)


def moods_of(ids: list[int]) -> dict[int, dict[str, int]]:
    """How angry and how tired of it the customers of these conversations sound."""
    found = {pk: {"angry": 0, "again": 0} for pk in ids}
    counted = dict.fromkeys(ids, 0)
    for some in chunks(ids):
        said = Message.objects.filter(conversation__in=some, direction=Direction.IN, is_automatic=False)
        for message in said.order_by("pk").only("conversation_id", "words"):
            pk = message.conversation_id
            if counted[pk] < HEARD:
                counted[pk] += 1
                angry, again = mood(message.reply or message.text)
                found[pk]["angry"] += angry
                found[pk]["again"] += again
    return found


@operation
def unlink_conversation(problem: Problem, conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """It is about something else after all."""
    for link in ProblemLink.objects.filter(problem=problem, conversation=conversation):
        retire(link, events.CONVERSATION_UNLINKED)
        touch()
    for sighting in Sighting.objects.filter(problem=problem, conversation=conversation):
        retire(sighting, events.SIGHTING_DISMISSED)


@operation
def dismiss(sighting: Sighting, *, by: Actor, at: datetime) -> None:
    """What looked like this problem is another."""
    retire(sighting, events.SIGHTING_DISMISSED)


@operation
def hear(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """A customer whose conversation is about a problem wrote again: read the mood anew."""
    told = moods_of([conversation.pk])[conversation.pk]
    for link in ProblemLink.objects.filter(conversation=conversation):
        change(link, events.MOOD_HEARD, **told)


@operation
def sight(
    problem: Problem, message: Message, *, score: float, because: str, by: Actor, at: datetime
) -> Sighting | None:
    """A customer's message speaks of this problem.

    While the problem is watched, or was when the message came, it comes back: its owner has it again, every customer
    whom we told that it is fixed is marked, and this one is linked. Otherwise it is a suggestion for people to judge.
    """
    must_stand(problem)
    if Sighting.everything.filter(problem=problem, message=message.pk).exists():
        return None
    sighting = begin(
        Sighting,
        events.PROBLEM_SIGHTED,
        problem=problem,
        conversation_id=message.conversation_id,
        message=message.pk,
        at=message.at,
        score=round(score, 3),
        why=because[:200],
    )
    if is_watched(problem, message.at):
        come_back(problem, at)
        link_conversation(problem, message.conversation, is_matched=True, by=by, at=at)
    return sighting


def is_watched(problem: Problem, moment: datetime) -> bool:
    """Whether this moment lies in the watch of its last fix."""
    if problem.is_over or problem.stage not in (Stage.WATCHING, Stage.PERMANENT):
        return False
    since, until = problem.watching_since, problem.watch_until
    return since is not None and until is not None and since < moment <= until


def come_back(problem: Problem, at: datetime) -> None:
    """What we said about a fix does not hold: its owner has it again, and its customers are marked."""
    if problem.is_open:
        raise Refused("This problem has no fix that could have failed.")
    move_on(
        problem,
        events.PROBLEM_REOPENED,
        stage=problem.stage_without_fix,
        permanent_at=None,
        recurred_at=at,
    )
    change_many(ProblemLink.objects.filter(problem=problem), events.RECURRED, recurred_at=at)
