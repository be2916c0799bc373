"""What relays have a say in elsewhere: closing and merging conversations, and who sees them."""

from pitcrew.conversations.guards import forgets, goes_along, guards_closing, says_out
from pitcrew.conversations.models import Conversation
from pitcrew.conversations.sight import gives_sight
from pitcrew.history.forgetting import erase
from pitcrew.history.writing import change_many
from pitcrew.relays import events
from pitcrew.relays.access import given_sight
from pitcrew.relays.models import Leg, Relay
from pitcrew.relays.opening import follow, is_at

WORDS = ("need", "tried", "promised", "question", "answer", "declined_why", "ended_why", "outcome", "outcome_words")
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


@forgets
def legs_lose_their_words(ids: list[int]) -> None:
    """Briefs, questions, reasons and outcomes speak of the customer."""
    legs = Leg.everything.filter(conversation__in=ids)
    erase(Leg, legs.values_list("pk", flat=True), WORDS)
    stopped = Relay.everything.filter(conversation__in=ids)
    erase(Relay, stopped.values_list("pk", flat=True), ("stopped_why",))
