"""The index of the problems there are, learnt from their conversations, and learnt anew when these change."""

from pitcrew.conversations.models import Conversation, Direction, Message, Place, Tagging
from pitcrew.conversations.queries.ready import Ready
from pitcrew.problems.likeness import Found, Index, Known, Said, Written
from pitcrew.problems.models import Problem, ProblemLink, Revision, Rule
from pitcrew.problems.revision import ONLY

MOST = 500  # problems that are kept in mind, the newest
EACH = 25  # conversations that one of them is learnt from, the newest
ORDINARY = 400  # conversations that say how people write otherwise
_learnt: dict[int, Index] = {}  # the newest revision alone


@Ready
def _revision(pk):
    return Revision.objects.filter(pk=pk).values_list("number")


def index() -> Index:
    """What is known now."""
    rows = _revision(ONLY)
    number = rows[0][0] if rows else 0
    if number not in _learnt:
        learnt = learn()
        _learnt.clear()
        _learnt[number] = learnt
    return _learnt[number]


def forget() -> None:
    """Nothing that was learnt is kept: a customer is forgotten."""
    _learnt.clear()


def learn() -> Index:
    """Read all problems and the first words of what is linked with them."""
    problems = Problem.objects.filter(dropped_at=None, merged_into=None).order_by("-pk")[:MOST]
    rules = {rule.problem_id: rule for rule in Rule.objects.all()}
    linked: dict[int, list[int]] = {}
    for problem, conversation in ProblemLink.objects.order_by("-pk").values_list("problem_id", "conversation_id"):
        if len(linked.setdefault(problem, [])) < EACH:
            linked[problem].append(conversation)
    said = first_words(sorted({pk for ids in linked.values() for pk in ids}))
    known = [
        Known(
            problem.pk,
            f"{problem.title}\n{problem.words}",
            tuple(said[pk].whole for pk in linked.get(problem.pk, ()) if pk in said),
            _written(rules.get(problem.pk)),
        )
        for problem in problems
    ]
    return Index(known, _ordinary() if known else ())


def _ordinary() -> list[str]:
    """How conversations begin that belong to no problem."""
    about = ProblemLink.objects.values("conversation")
    rows = Conversation.objects.filter(place=Place.DESK).exclude(pk__in=about).order_by("-pk")[:ORDINARY]
    return [f"{subject}\n{preview}" for subject, preview in rows.values_list("subject", "preview")]


def _written(rule: Rule | None) -> Written | None:
    if rule is None:
        return None
    return Written(
        words=tuple(rule.words),
        needs_all=rule.needs_all,
        phrase=rule.phrase,
        subject=rule.subject,
        organization=rule.organization_id,
        department=rule.department_id,
        tag=rule.tag,
        excluded=tuple(rule.excluded),
    )


def first_words(ids: list[int]) -> dict[int, Said]:
    """What the customer said first in each of these conversations."""
    found: dict[int, Said] = {}
    for start in range(0, len(ids), 500):
        rows = Message.objects.filter(conversation__in=ids[start : start + 500], direction=Direction.IN)
        for message in rows.filter(is_automatic=False).order_by("pk").only("conversation_id", "subject", "words"):
            if message.conversation_id not in found:
                found[message.conversation_id] = Said(message.reply or message.text, message.subject)
    return found


@Ready
def _tags(conversation):
    return Tagging.objects.filter(conversation=conversation).values_list("tag__name")


def said_in(message: Message) -> Said:
    """A message as it is compared with the problems."""
    conversation = message.conversation
    return Said(
        message.reply or message.text,
        message.subject or conversation.subject,
        conversation.customer.organization_id,
        conversation.department_id,
        frozenset(name for (name,) in _tags(conversation.pk)),
    )


def likeliest(conversation: Conversation, most: int = 3) -> list[Found]:
    """The problems that a conversation is most like, however like that is."""
    said = first_words([conversation.pk]).get(conversation.pk)
    return index().ranked(said, most) if said else []
