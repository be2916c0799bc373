"""A company with a card room, a courier outside and the front desk."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.relays.briefs import Brief


@pytest.fixture
def brief(at: datetime) -> Brief:
    return Brief("The card has to arrive.", "We looked up the order.", "A call on Friday", at + timedelta(days=3))


@pytest.fixture
def house(cast, at) -> SimpleNamespace:
    """The cast, and Dee, who contributes to Card processing."""
    setup = {"by": Actor("pitcrew", "setup"), "at": at}
    cast.cards = people.open_department("Card processing", **setup)
    cast.dee = people.hire("dee@company.test", "Dee Moll", **setup)
    people.add_member(cast.cards, cast.dee, Role.CONTRIBUTOR, **setup)
    cast.as_ana = {"by": Actor("agent", cast.ana.pk, door="test"), "at": at + timedelta(minutes=1)}
    cast.as_dee = {"by": Actor("agent", cast.dee.pk, door="test"), "at": at + timedelta(hours=1)}
    cast.as_cleo = {"by": Actor("agent", cast.cleo.pk, door="test"), "at": at + timedelta(hours=2)}
    return cast
