"""What moving a running relay to another edition would do."""

from dataclasses import dataclass, field
from typing import Any

from pitcrew.people.models import Department
from pitcrew.relays.models import LIVE, Edition, Leg, Relay, Stage
from pitcrew.relays.opening import latest


@dataclass
class Move:
    """Which legs stay, which steps come, which legs go, and why it cannot be (then nothing happens)."""

    stays: list[Leg] = field(default_factory=list)
    comes: list[dict[str, Any]] = field(default_factory=list)
    goes: list[Leg] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def preview_move(relay: Relay, edition: Edition) -> Move:
    """What would happen. What has ended stays as it is; what is out has to have its step in the edition."""
    move = Move()
    if relay.finished_at is not None or relay.stopped_at is not None:
        move.refused.append(f"{relay.name} has ended. Start a new one along this edition.")
    if relay.edition is None or relay.edition.template_id != edition.template_id:
        move.refused.append(f"{relay.name} does not run along this template. Stop it and start a new one.")
    newest = latest(relay)
    steps = {step["key"]: step for step in edition.steps}
    for key, leg in newest.items():
        if key in steps or leg.stage not in (Stage.AHEAD, *LIVE):
            move.stays.append(leg)
        elif leg.stage == Stage.AHEAD:
            move.goes.append(leg)
        else:
            move.refused.append(
                f"{leg.name} is out at {leg.department}, and this edition has no such step. Wait for it or withdraw it."
            )
    move.comes = [step for key, step in steps.items() if key not in newest]
    move.refused += _begun_too_early(newest, steps)
    wanted = {step["department"] for step in move.comes} - {None}
    gone = wanted - set(Department.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if gone:
        move.refused.append("A department of this edition is closed. Edit the template first.")
    return move


def _begun_too_early(newest: dict[str, Leg], steps: dict[str, dict[str, Any]]) -> list[str]:
    """What has begun already cannot come after what has not ended."""
    found = []
    for key, step in steps.items():
        leg = newest.get(key)
        if leg is None or leg.stage not in LIVE:
            continue
        for before in step["after"]:
            first = newest.get(before)
            if first is None or first.stage in (Stage.AHEAD, *LIVE):
                found.append(f"{leg.name} is out, and would come after {steps[before]['name']}. Wait for it first.")
    return found
