"""What customers are promised as their conversations move. Without policies nothing is, and hardly anything is asked.

The rooms' agreement: first and next reply are kept by an answer of a colleague; the solution is kept by closing, stands
still while the customer has the next move or it is snoozed, and goes on when it is opened again; a promised call back
is touched by none of this.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from pitcrew.conversations.models import Conversation, Direction, Message, Place, State, Tagging
from pitcrew.history.actors import Actor
from pitcrew.history.writing import change_by_id
from pitcrew.promises import actions as promises
from pitcrew.promises import events
from pitcrew.promises.models import Kind, Policy, Promise
from pitcrew.promises.policies import Facts, choose, there_are_any
from pitcrew.promises.queries import OPEN, REPLIES, open_of

RESTING = (State.WAITING_ON_CUSTOMER, State.SNOOZED, State.DONE)
BY_ITSELF = ("pitcrew", "rule", "import")  # who closes without anybody having looked
Standing = tuple[str, str]  # state and place


def owe_opening(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """A customer opened it: a first reply and a solution, if a policy says so. An import promises nothing."""
    if by.kind != "import" and there_are_any():
        facts = _facts(conversation, frozenset())
        _owe(conversation, (Kind.FIRST_REPLY, Kind.SOLUTION), facts, list(Policy.objects.order_by("pk")), by, at)


def owe_answer(conversation: Conversation, was: Standing, *, by: Actor, at: datetime) -> None:
    """A customer wrote again: what rested goes on, and a reply is owed unless one is already."""
    if was != (conversation.state, conversation.place):
        follow(conversation, was[0], by=by, at=at)
    if by.kind == "import" or not there_are_any():
        return
    if not open_of([conversation.pk]).filter(kind__in=REPLIES).exists():
        policies = list(Policy.objects.order_by("pk"))
        _owe(conversation, (Kind.NEXT_REPLY,), _facts(conversation, _tags([conversation])), policies, by, at)


def _owe(
    conversation: Conversation, kinds: Iterable[str], facts: Facts, policies: list[Policy], by: Actor, at: datetime
) -> None:
    for kind in kinds:
        policy = choose(policies, kind, facts)
        if policy is not None:
            about = {"department": conversation.department, "conversation": conversation.pk}
            promises.promise(kind, **about, policy=policy, minutes=getattr(policy, kind), by=by, at=at)


def _facts(conversation: Conversation, tags: frozenset[str]) -> Facts:
    organization = conversation.customer.organization_id
    return Facts(conversation.department_id, conversation.priority, organization, tags)


def _tags(conversations: Iterable[Conversation]) -> frozenset[str]:
    return frozenset(Tagging.objects.filter(conversation__in=conversations).values_list("tag__name", flat=True))


def answered(conversation: Conversation, *, by: Actor, at: datetime) -> None:
    """A colleague answered: the replies are kept. A call back that was promised is still owed."""
    for owed in open_of([conversation.pk]):
        if owed.kind in REPLIES:
            promises.keep(owed, by=by, at=at)
        else:
            _follow(owed, conversation.state, conversation.place, by, at)


def follow(conversation: Conversation, was: str = "", *, by: Actor, at: datetime) -> None:
    """It moved: what it owes rests, goes on, or is kept. ``was`` is the state it had."""
    for owed in open_of([conversation.pk]):
        _follow(owed, conversation.state, conversation.place, by, at)
    if was == State.DONE and conversation.state != State.DONE:
        _revive([conversation.pk], by, at)


def follow_many(ids: Iterable[int], done: Iterable[int] = (), *, by: Actor, at: datetime) -> None:
    """As `follow`, of many; ``done`` are those that were done before."""
    ids = list(ids)
    owed = list(open_of(ids))
    found = Conversation.everything.filter(pk__in={promise.conversation for promise in owed})
    standings = {pk: (state, place) for pk, state, place in found.values_list("pk", "state", "place")}
    for promise in owed:
        _follow(promise, *standings[promise.conversation], by, at)
    if done:
        _revive(list(done), by, at)


def _follow(owed: Promise, state: str, place: str, by: Actor, at: datetime) -> None:
    if owed.kind == Kind.CALL_BACK:
        return
    if state == State.DONE and place == Place.DESK and by.kind not in BY_ITSELF:
        (promises.keep if owed.kind == Kind.SOLUTION else promises.release)(owed, by=by, at=at)
        return
    rests = place != Place.DESK or (owed.kind == Kind.SOLUTION and state in RESTING)
    (promises.pause if rests else promises.resume)(owed, by=by, at=at)


def _revive(ids: list[int], by: Actor, at: datetime) -> None:
    """Opened again: the solution was not one, so it is owed again, with the time that it had left."""
    kept = Promise.objects.filter(conversation__in=ids, leg=None, kind=Kind.SOLUTION, kept_at__isnull=False)
    last = {promise.conversation: promise for promise in kept.order_by("pk")}
    still = set(open_of(last).filter(kind=Kind.SOLUTION).values_list("conversation", flat=True))
    for conversation, promise in last.items():
        if conversation not in still:
            promises.revive(promise, by=by, at=at)


def fit(ids: Iterable[int], *, by: Actor, at: datetime) -> None:
    """What decides the promises of these conversations has changed: each is counted anew from its beginning.

    What was promised stays promised where no policy fits any more; what is owed only now is promised now.
    """
    ids = sorted(ids)
    owed: dict[int, list[Promise]] = {}
    for promise in open_of(ids):
        owed.setdefault(promise.conversation or 0, []).append(promise)
    policies = list(Policy.objects.order_by("pk")) if there_are_any() else []
    asked = ids if policies else sorted(owed)
    rows = Conversation.objects.filter(pk__in=asked).select_related("customer", "department")
    seen = _Seen(asked) if policies else None
    for conversation in rows if asked else ():
        own = owed.get(conversation.pk, [])
        tags = seen.tags.get(conversation.pk, frozenset()) if seen else frozenset()
        facts = _facts(conversation, tags)
        for promise in own:
            policy = choose(policies, promise.kind, facts) if promise.kind != Kind.CALL_BACK else None
            if (policy and policy.pk != promise.policy_id) or promise.department_id != conversation.department_id:
                promises.refit(promise, conversation.department, policy, by=by, at=at)
        if seen and conversation.place == Place.DESK and conversation.state != State.DONE:
            _owe(conversation, seen.missing(conversation, {p.kind for p in own}), facts, policies, by, at)


def fit_all_of(customer: int, *, by: Actor, at: datetime) -> None:
    """What decides the promises to this customer has changed, such as their organization."""
    owing = Promise.objects.filter(OPEN, leg=None, conversation__isnull=False).values("conversation")
    theirs = Conversation.objects.filter(customer=customer, merged_into=None)
    theirs = theirs.filter(~Q(state=State.DONE) | Q(pk__in=owing))
    fit(theirs.values_list("pk", flat=True), by=by, at=at)


class _Seen:
    """What is known of these conversations beyond their rows."""

    def __init__(self, ids: list[int]):
        tagged = Tagging.objects.filter(conversation__in=ids).values_list("conversation_id", "tag__name")
        names: dict[int, set[str]] = {}
        for pk, name in tagged:
            names.setdefault(pk, set()).add(name)
        self.tags = {pk: frozenset(found) for pk, found in names.items()}
        self.answered = self._of(Message.objects.filter(conversation__in=ids, direction=Direction.OUT))
        solutions = Promise.objects.filter(conversation__in=ids, leg=None, kind=Kind.SOLUTION)
        self.solved = set(solutions.values_list("conversation", flat=True))

    def _of(self, rows) -> set[int]:
        return set(rows.values_list("conversation_id", flat=True))

    def missing(self, conversation: Conversation, owed: set[str]) -> list[str]:
        """The kinds of promise that this conversation would owe and never promised."""
        kinds = [] if conversation.pk in self.solved or conversation.state in RESTING else [Kind.SOLUTION]
        if conversation.customer_wrote_last and not owed & set(REPLIES):
            kinds.append(Kind.NEXT_REPLY if conversation.pk in self.answered else Kind.FIRST_REPLY)
        return [str(kind) for kind in kinds]


def take_over(kept: Conversation, others: list[int], *, by: Actor, at: datetime) -> None:
    """What the others owe is owed here; of two that are alike the one that was made first stays."""
    moving = Promise.everything.filter(OPEN, conversation__in=others) | Promise.everything.filter(
        conversation__in=others, retired_at__isnull=False
    )
    if not change_by_id(Promise, moving.values_list("pk", flat=True), events.PROMISE_MOVED, conversation=kept.pk):
        return
    alike: set[str] = set()
    for owed in open_of([kept.pk]).order_by("made_at", "pk"):
        sort = "reply" if owed.kind in REPLIES else owed.kind
        if sort in alike and owed.kind != Kind.CALL_BACK:
            promises.release(owed, by=by, at=at)
        alike.add(sort)
    follow(kept, by=by, at=at)
    fit([kept.pk], by=by, at=at)
