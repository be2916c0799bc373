"""Work handed around at random, while people leave, roles change and any part is taken back.

At every moment each live branch has one party with the baton, nothing is hidden from everybody, nothing that is owed
is lost, and the log rebuilds every row.
"""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pitcrew.history.followers import tell_followers
from pitcrew.history.models import Operation
from pitcrew.promises import actions as promises
from pitcrew.promises.queries import open_promises
from pitcrew.relays.models import Leg, Relay
from tests.history.acts import ACTS, World, act
from tests.history.relay_acts import RELAY_ACTS
from tests.history.test_everything_at_random import (
    assert_any_part_comes_back,
    assert_every_baton_is_held,
    assert_nothing_open_is_hidden,
)
from tests.verify import assert_log_tells_all

AROUND = ("deactivate", "reactivate", "add_member", "remove_member", "change_staff", "open_department")
AROUND += ("close_department", "receive", "reply", "close", "merge", "transfer", "take back", "unfollow", "hire")
HANDED = ("hand_over", "start", "accept", "done", "ask_back", "answer", "decline", "send a leg again")
NAMES = (*AROUND, *sorted(RELAY_ACTS), *HANDED, *HANDED)
DAY = 120  # acts
quiet = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate),
}


def assert_owed(world: World) -> None:
    """Every leg that waits to be accepted, or was accepted, owes it: there is a policy for all of them."""
    for leg in Leg.objects.filter(stage__in=("offered", "accepted", "asked")):
        kind = "completion" if leg.accepted_at else "acceptance"
        assert promises_of(leg) >= {kind}, (leg.pk, leg.stage, promises_of(leg))


def promises_of(leg: Leg) -> set[str]:
    """What is owed for it now."""
    return set(open_promises(leg=leg.pk).values_list("kind", flat=True))


def live_through_a_day(cast, at, dice: random.Random, acts: int) -> World:
    """Everything at random; looked at after each act, and taken back in parts now and then."""
    how = {"by": cast.by, "at": at}
    promises.add_policy("All", acceptance=60, completion=600, **how)
    world = World(at)
    for name in ("add_template", "receive", "hand_over"):
        act(world, name, 3, 1)
    for n in range(1, acts + 1):
        act(world, dice.choice(NAMES), dice.randrange(65_536), dice.randrange(65_536))
        if dice.random() < 0.1:
            tell_followers(world.at)
        assert_every_baton_is_held()
        assert_owed(world)
        if n % 40 == 0:
            assert_nothing_open_is_hidden()
            assert_log_tells_all()
            assert_any_part_comes_back(world, dice)
            assert_every_baton_is_held()
    return world


@settings(max_examples=3, derandomize=True, **quiet)
@given(st.integers(0, 2**32))
def test_the_baton_is_always_held(cast, at, seed):
    lived(cast, at, seed, DAY)


@pytest.mark.prove
@settings(max_examples=30, **quiet)
@given(st.integers(0, 2**32))
def test_the_baton_is_always_held_for_long(cast, at, seed):
    lived(cast, at, seed, 4 * DAY)


def lived(cast, at, seed: int, acts: int) -> None:
    newest = Operation.objects.count()
    with transaction.atomic():
        live_through_a_day(cast, at, random.Random(seed), acts)
        assert Operation.objects.count() - newest > acts / 4
        assert Relay.objects.exists()
        transaction.set_rollback(True)


def test_every_act_on_legs_is_among_the_random_ones():
    assert set(NAMES) <= set(ACTS)
