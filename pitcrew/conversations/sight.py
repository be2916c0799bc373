"""Who else sees a conversation: rooms above (a relay's legs) let people see more than their departments' work.

A giver takes a person's id and says by a Q which conversations they see. It must not ask the database anything itself,
and compares the id only: pages keep the SQL of it and put other ids in.
"""

from collections.abc import Callable

from django.db.models import Q

Giver = Callable[[int], Q]
_givers: list[Giver] = []


def gives_sight(giver: Giver) -> Giver:
    """Let a room give sight of conversations."""
    _givers.append(giver)
    return giver


def given(staff: int) -> Q:
    """What this person (id) sees besides; matches nothing where no room gives anything."""
    found = Q(pk__in=[])
    for giver in _givers:
        found |= giver(staff)
    return found
