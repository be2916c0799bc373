"""What relays have a say in elsewhere: closing and merging conversations, who sees them, and what no undo may do."""

from collections.abc import Iterable

from django.db.models import Q

from pitcrew.conversations.guards import goes_along, guards_closing, says_out
from pitcrew.conversations.models import Conversation, State
from pitcrew.conversations.sight import gives_sight
from pitcrew.history.undoing import Line, guard
from pitcrew.history.writing import change_many
from pitcrew.people.refusals import Refused
from pitcrew.relays import events
from pitcrew.relays.access import given_sight
from pitcrew.relays.models import LIVE, Leg, Relay, Stage
from pitcrew.relays.opening import follow, is_at

gives_sight(given_sight)


@guards_closing
def a_leg_is_out(ids: list[int]) -> str:
    """A matter is not done while a department still works on it."""
    live = Leg.objects.filter(conversation__in=ids, baton_since__isnull=False).select_related("department")
    leg = live.order_by("pk").first()
    if leg is None:
        return ""
    return (
        f"{leg.name} is still out in #{leg.conversation_id} ({leg.department}). Wait for it, withdraw it, or say why."
    )


@says_out
def waits_for_a_department(conversation: int) -> bool:
    """A leg is out, and none of them waits for the conversation's own department."""
    rows = Leg.objects.filter(conversation=conversation, baton_since__isnull=False)
    names = ("conversation__department_id", "stage", "department_id", "sent_from_id", "partner")
    legs = list(rows.values_list(*names))
    return bool(legs) and not any(is_at(*leg) for leg in legs)


@goes_along
def legs_go_along(kept: Conversation, ids: list[int]) -> None:
    """Relays and legs, also those taken back, belong to the conversation that stands."""
    change_many(Relay.everything.filter(conversation__in=ids), events.RELAY_CARRIED, conversation=kept)
    if change_many(Leg.everything.filter(conversation__in=ids), events.LEG_CARRIED, conversation=kept):
        follow(kept)


@guard
def relays_stay_whole(lines: list[Line]) -> None:
    """No undo may leave a relay without anybody who has it, or let a leg run whose ground is gone."""
    legs = {line.subject[1]: line for line in lines if line.subject[0] == Leg._meta.label_lower}
    ids = set(Leg.everything.filter(pk__in=legs).values_list("relay_id", flat=True))
    ids |= {line.subject[1] for line in lines if line.subject[0] == Relay._meta.label_lower}
    for relay in Relay.objects.filter(pk__in=ids).select_related("conversation"):
        newest: dict[str, Leg] = {}
        for leg in Leg.objects.filter(relay=relay).order_by("pk"):
            newest[leg.step] = leg
        _has_a_place(relay, list(newest.values()))
        for leg in newest.values():
            _stands_on_ground(leg, newest)
    _nothing_done_runs(legs)


def _has_a_place(relay: Relay, legs: Iterable[Leg]) -> None:
    is_live = any(leg.is_live for leg in legs)
    has_ended = relay.finished_at is not None or relay.stopped_at is not None
    if is_live and has_ended:
        raise Refused(f"{relay.name} has ended meanwhile. Take that back first, or hand it over anew.")
    if not is_live and not has_ended and relay.problem is None:
        raise Refused(f"That would leave {relay.name} with nobody. Take back what came later too, or stop the relay.")


def _stands_on_ground(leg: Leg, newest: dict[str, Leg]) -> None:
    if leg.stage in (Stage.AHEAD, Stage.WITHDRAWN, Stage.SKIPPED):
        return
    for key in leg.after:
        before = newest.get(key)
        if before is not None and before.stage in (Stage.AHEAD, *LIVE):
            raise Refused(f"{leg.name} has begun since. Take that back first.")


def _nothing_done_runs(legs: dict[int, Line]) -> None:
    """A leg comes back only into a conversation that is not done."""
    back = [pk for pk, line in legs.items() if line.changes.get("baton_since", [0])[0] is None]
    done = Q(conversation__state=State.DONE, baton_since__isnull=False)
    leg = Leg.objects.filter(done, pk__in=back).first()
    if leg is not None:
        raise Refused(f"#{leg.conversation_id} is done. Open it again before {leg.name} comes back.")
