"""The page of broken links: whose move it is, one click that mends, who sees what, and where customers waited."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pitcrew.conversations import actions as conversations
from pitcrew.conversations.incoming import Incoming
from pitcrew.history.actors import Actor, pitcrew
from pitcrew.history.followers import tell_followers
from pitcrew.people import actions as people
from pitcrew.people.models import Absence, Role
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.relays.links.looking import look_due
from pitcrew.relays.links.models import BrokenLink
from pitcrew.relays.models import Leg, Stage
from tests.web.walk import acts, refuses, works

pytestmark = pytest.mark.django_db(transaction=True)  # followers read what is committed
HOUR = timedelta(hours=1)


@pytest.fixture
def late(cast):
    """Accounting did not accept what Ana handed over, three hours ago; Cleo leads it and Dan works there."""
    now = timezone.now()
    cast.dan = people.hire("dan@company.test", "Dan Oke", by=cast.by, at=now)
    people.add_member(cast.accounting, cast.dan, Role.AGENT, by=cast.by, at=now)
    brief = Brief("a new card", "sent once", "Thursday", now + 5 * HOUR)
    relays.hand_over(cast.conversation, cast.accounting, brief, by=cast.by, at=now - 3 * HOUR)
    return look(cast)


def look(cast) -> BrokenLink:
    now = timezone.now()
    tell_followers(now)
    look_due(by=pitcrew("links"), at=now)
    return BrokenLink.objects.filter(mended_at=None).first()


def test_a_lead_sees_whose_move_it_is_and_mends_it_with_one_click(cast, late, signed_in):
    cleo = signed_in("cleo")
    page = works(cleo, "/links/").split("<main")[1]
    assert "1 broken" in page and "Your move" in page and "Not accepted" in page and "Martin Haas" in page
    assert acts(cleo, f"/links/{late.pk}/mend/", {}) == "You have Accounting now"
    assert Leg.objects.get().stage == Stage.ACCEPTED
    assert "No broken link" in works(cleo, "/links/")


def test_the_conversation_and_its_row_are_marked(cast, late, signed_in):
    ana = signed_in("ana")
    assert "Not accepted" in works(ana, f"/conversations/{cast.conversation.pk}/").split('id="head"')[1]
    assert "Not accepted" in works(ana, "/queue/waiting/")


def test_others_do_not_see_it_and_cannot_mend_it(cast, late, signed_in):
    assert "Not accepted" not in works(signed_in("ana"), "/links/").split("<main")[1]
    refuses(signed_in("ana"), f"/links/{late.pk}/mend/", 404, {})
    refuses(signed_in("cleo"), f"/links/{late.pk}/mend/", 405)
    refuses(Client(), f"/links/{late.pk}/mend/", 302, {})
    for address in ("/links/", f"/links/waits/{cast.accounting.pk}/"):
        refuses(Client(), address, 302)
    refuses(signed_in("ana"), f"/links/waits/{cast.accounting.pk}/", 403)


def test_it_is_narrowed_by_kind_and_department(cast, late, signed_in):
    cleo = signed_in("cleo")
    assert "Martin Haas" in works(cleo, f"/links/?kind=not_accepted&department={cast.accounting.pk}")
    assert "Martin Haas" not in works(cleo, "/links/?kind=silent").split("<main")[1]
    for odd in ("?kind=%00&department=x", "?department=99999999999999999", "?department=١"):
        works(cleo, f"/links/{odd}")


def test_the_rail_counts_what_waits_for_somebody(cast, late, signed_in):
    assert 'href="/links/"' in works(signed_in("cleo"), "/links/").split("<main")[0]
    assert "badge" in works(signed_in("cleo"), "/links/").split("<main")[0]


def test_where_customers_waited_opens_its_rows(cast, late, signed_in):
    leg, now = Leg.objects.get(), timezone.now()
    by = Actor("agent", cast.dan.pk)
    relays.accept(leg, by=by, at=now - HOUR)
    relays.done(leg, {}, by=by, at=now - HOUR / 2)
    cleo = signed_in("cleo")
    assert "0.5 + 2.0 h" in works(cleo, "/links/")
    assert "Card has not arrived" in works(cleo, f"/links/waits/{cast.accounting.pk}/")


def test_somebody_says_that_they_are_away_and_back(cast, signed_in):
    ana, until = signed_in("ana"), (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    acts(ana, "/accounts/away/", {"until": until, "substitute": cast.ben.pk})
    assert Absence.objects.get().substitute == cast.ben
    assert "meanwhile" in works(ana, "/accounts/")
    acts(ana, "/accounts/away/", {"to": "back"})
    refuses(ana, "/accounts/away/", 422, {"until": "soon"})
    refuses(ana, "/accounts/away/", 422, {"until": "2001-01-01T09:00"})
    refuses(ana, f"/settings/staff/{cast.ben.pk}/away/", 403, {"until": until})
    refuses(Client(), "/accounts/away/", 302, {"until": until})
    refuses(ana, "/accounts/away/", 405)


def test_an_administrator_says_it_for_a_colleague(cast, signed_in):
    ada, until = signed_in("ada"), (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    acts(ada, f"/settings/staff/{cast.ben.pk}/away/", {"until": until})
    assert Absence.objects.get().staff == cast.ben
    assert "Back again" in works(ada, f"/settings/staff/{cast.ben.pk}/")


def test_how_often_the_customer_asked_first_is_told(cast, signed_in):
    now = timezone.now()
    relays.open_follow_up(cast.conversation, "The card is there", by=cast.by, at=now - timedelta(hours=2))
    assert 'Customer asked first: <b class="number">0</b> of 1 follow-up in' in works(signed_in("ada"), "/links/")
    letter = Incoming(
        channel="email", address="martin@customer.test", text="Where is it?", conversation=cast.conversation
    )
    conversations.receive(letter, by=cast.by, at=now)
    tell_followers(now)
    assert 'Customer asked first: <b class="number">1</b> of 1 follow-up in' in works(signed_in("ada"), "/links/")
