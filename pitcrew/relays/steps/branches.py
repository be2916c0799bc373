"""The lines of a relay: which steps lie on one branch, of which one leg at most is live."""

from collections import Counter
from typing import Any


def branches(steps: list[dict[str, Any]]) -> dict[str, str]:
    """The branch of each step. What alone follows one step alone goes on in its line; all else begins its own."""
    followers = Counter(key for step in steps for key in step.get("after") or [])
    found: dict[str, str] = {}
    for step in in_order(steps):
        before = step.get("after") or []
        goes_on = len(before) == 1 and followers[before[0]] == 1 and before[0] in found
        found[step["key"]] = found[before[0]] if goes_on else step["key"]
    return found


def in_order(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps so that each comes after what it waits for; those of a cycle are left out."""
    known = {step["key"] for step in steps}
    placed: dict[str, dict[str, Any]] = {}
    while True:
        ready = [
            step
            for step in steps
            if step["key"] not in placed and all(key in placed or key not in known for key in step.get("after") or [])
        ]
        if not ready:
            return list(placed.values())
        placed.update({step["key"]: step for step in ready})
