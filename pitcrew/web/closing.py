"""Closing while a leg is out: it is asked why, and which legs these are is said."""

from collections.abc import Sequence

from pitcrew.people.refusals import Refused
from pitcrew.web.acting import Request
from pitcrew.web.batons import live_legs, who_has

FEW = 3  # legs that the sentence names


class NeedsReason(Refused):
    """These conversations (ids) are closed only by somebody who says why."""

    def __init__(self, sentence: str, ids: Sequence[int]):
        super().__init__(sentence)
        self.ids = list(ids)


def ask_why_where_a_leg_is_out(ids: Sequence[int]) -> None:
    """Raises NeedsReason where a leg of any of them is out."""
    found = live_legs(list(ids))
    if not found:
        return
    named = [f"{who_has(legs[0])} (#{pk})" if len(ids) > 1 else who_has(legs[0]) for pk, legs in found.items()]
    more = f" and {len(named) - FEW} more" if len(named) > FEW else ""
    verb = "A leg is still with" if len(named) == 1 else "Legs are still with"
    raise NeedsReason(f"{verb} {', '.join(named[:FEW])}{more}.", ids)


def then_asked(request: Request, pk: int) -> str:
    """What is to become of a conversation when the answer is sent. Closing waits while a leg is out."""
    then = str(request.POST.get("then", ""))
    legs = live_legs([pk]).get(pk) if then == "close" else None
    if legs:
        raise Refused(f"A leg is still with {who_has(legs[0])}. Send the answer first; then close it (e) and say why.")
    return then
