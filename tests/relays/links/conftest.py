"""A company with broken links: Ana's desk hands to Accounting, where Cleo leads and Dan works."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from pitcrew.history.actors import Actor, pitcrew
from pitcrew.history.followers import tell_followers
from pitcrew.people import actions as people
from pitcrew.people.models import Role
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.links import actions as links
from pitcrew.relays.links.looking import look_due
from pitcrew.relays.links.models import BrokenLink

CLOCK = pitcrew("links")


@pytest.fixture
def shop(cast, at):
    """The cast, with Dan in Accounting, and what a test does most."""
    how = {"by": Actor("pitcrew", "setup"), "at": at}
    dan = people.hire("dan@company.test", "Dan Oke", **how)
    people.add_member(cast.accounting, dan, Role.AGENT, **how)
    by_dan, by_cleo = Actor("agent", dan.pk), Actor("agent", cast.cleo.pk)

    def hand_over(when=at, **more):
        brief = Brief("a new card", "sent once", "Thursday", when + timedelta(days=9))
        return relays.hand_over(cast.conversation, cast.accounting, brief, by=cast.by, at=when, **more)

    def look(when):
        """What the clock does."""
        tell_followers(when)
        look_due(by=CLOCK, at=when)
        links.escalate_due(by=CLOCK, at=when)
        tell_followers(when)
        return list(BrokenLink.objects.filter(mended_at=None).order_by("pk"))

    return SimpleNamespace(
        **vars(cast), dan=dan, by_dan=by_dan, by_cleo=by_cleo, hand_over=hand_over, look=look, clock=CLOCK
    )
