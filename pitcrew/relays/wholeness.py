"""What no undo may tear apart: a relay, its legs and what is owed for them.

A relay that runs has somebody with the baton, one that has ended has nobody; no leg runs on ground that is not laid;
what is owed is owed for the stage that its leg is in. Where an undo would break this, it leaves the relay as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pitcrew.conversations.models import Conversation, State
from pitcrew.history.models import Logged
from pitcrew.history.tidiness import After, Block, keeps_tidy
from pitcrew.promises.models import Kind, Promise
from pitcrew.relays.models import LIVE, Leg, Relay, Stage

LEG, RELAY, PROMISE = (model._meta.label_lower for model in (Leg, Relay, Promise))
OWED_IN = {Stage.OFFERED: {Kind.ACCEPTANCE}, Stage.ACCEPTED: {Kind.COMPLETION}}


@dataclass
class Family:
    """A relay with its legs and their promises, as they would be."""

    relay: Relay
    legs: list[Leg] = field(default_factory=list)
    promises: dict[int, list[Promise]] = field(default_factory=lambda: defaultdict(list))

    @property
    def rows(self) -> Iterator[Logged]:
        yield self.relay
        yield from self.legs
        for owed in self.promises.values():
            yield from owed


@keeps_tidy
def relays_stay_whole(after: After) -> Iterable[Block]:
    """Hold back all that an undo would do to a relay which it would tear apart."""
    for family in _families(after):
        reason = _reason(after, family)
        for row in family.rows if reason else ():
            subject = (row._meta.label_lower, row.pk)
            if after.changes.get(subject):
                yield Block(subject, tuple(sorted(after.changes[subject])), reason)


def _families(after: After) -> list[Family]:
    moved = [subject for subject, changes in after.changes.items() if changes]
    ids = {pk for label, pk in moved if label == LEG}
    ids |= {after.would_be(after.rows[s], "leg") for s in moved if s[0] == PROMISE} - {None}
    relays = {pk for label, pk in moved if label == RELAY}
    relays |= set(Leg.everything.filter(pk__in=ids).values_list("relay_id", flat=True)) if ids else set()
    if not relays:
        return []
    found = {relay.pk: Family(relay) for relay in Relay.everything.filter(pk__in=relays).order_by("pk")}
    of_leg: dict[int, Family] = {}
    for leg in Leg.everything.filter(relay__in=relays).order_by("pk"):
        of_leg[leg.pk] = found[leg.relay_id]
        of_leg[leg.pk].legs.append(leg)
    for owed in Promise.everything.filter(leg__in=list(of_leg)).order_by("pk"):
        of_leg[owed.leg or 0].promises[owed.leg or 0].append(owed)
    return list(found.values())


def _reason(after: After, family: Family) -> str:
    """Why it cannot be, or nothing."""
    if after.would_be(family.relay, "retired_at") is not None:
        return ""
    present = [leg for leg in family.legs if after.would_be(leg, "retired_at") is None]
    stages = {leg.pk: str(after.would_be(leg, "stage")) for leg in present}
    return (
        _baton(after, family.relay, set(stages.values()))
        or _ground(after, present, stages)
        or _conversation(after, present, stages)
        or _owed(after, family, stages)
    )


def _baton(after: After, relay: Relay, stages: set[str]) -> str:
    has_ended = any(after.would_be(relay, name) is not None for name in ("finished_at", "stopped_at"))
    is_live = bool(stages & set(LIVE))
    if has_ended and (is_live or Stage.AHEAD in stages):
        return "The relay has ended since."
    waits = relay.problem is not None and Stage.AHEAD in stages
    return "" if has_ended or is_live or waits else "The relay would be with nobody."


def _ground(after: After, legs: list[Leg], stages: dict[int, str]) -> str:
    newest = {after.would_be(leg, "step"): leg for leg in legs}
    for leg in newest.values():
        if stages[leg.pk] in (Stage.AHEAD, Stage.WITHDRAWN, Stage.SKIPPED):
            continue
        before = [newest[key] for key in after.would_be(leg, "after") if key in newest]
        if any(stages[each.pk] in (Stage.AHEAD, *LIVE) for each in before):
            return f"{leg.name} has begun since."
    return ""


def _conversation(after: After, legs: list[Leg], stages: dict[int, str]) -> str:
    """A leg comes back only into a conversation that is not done."""
    for leg in legs:
        changes = after.changes.get((LEG, leg.pk)) or {}
        comes_back = stages[leg.pk] in LIVE and changes.get("baton_since", [0])[0] is None
        number = after.would_be(leg, "conversation_id")
        if comes_back and number is not None:
            conversation = Conversation.everything.get(pk=number)
            if after.would_be(conversation, "state") == State.DONE:
                return f"#{number} is done."
    return ""


def _owed(after: After, family: Family, stages: dict[int, str]) -> str:
    for leg in family.legs:
        stage = stages.get(leg.pk, "")
        mine = family.promises[leg.pk]
        open_ones = {str(owed.kind) for owed in mine if _is_open(after, owed)}
        allowed = _allowed(after, leg, stage)
        if open_ones - allowed - {Kind.CALL_BACK} or (Kind.CALL_BACK in open_ones and stage not in LIVE):
            return "Something would be owed that nobody waits for."
        known = {str(owed.kind) for owed in mine}
        if stage in (*OWED_IN, Stage.ASKED) and (known & allowed) - open_ones:
            return "Something would not be owed any more that is waited for."
    return ""


def _allowed(after: After, leg: Leg, stage: str) -> set[str]:
    """What is owed for a leg in this stage; a question stops the clock of the stage it was asked in."""
    if stage == Stage.ASKED:
        return {str(Kind.COMPLETION if after.would_be(leg, "accepted_at") else Kind.ACCEPTANCE)}
    return {str(kind) for kind in OWED_IN.get(Stage(stage), ())} if stage else set()


def _is_open(after: After, owed: Promise) -> bool:
    return all(after.would_be(owed, name) is None for name in ("kept_at", "released_at", "retired_at"))
