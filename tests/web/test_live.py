"""The stream: who is told of what, and that a page which comes back gets what it missed."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions
from pitcrew.history.actors import Actor
from pitcrew.history.models import Event
from pitcrew.history.reading import newest_event
from pitcrew.people import actions as people
from pitcrew.people.access import departments_seen
from pitcrew.people.models import Role
from pitcrew.relays import actions as relays
from pitcrew.relays.briefs import Brief
from pitcrew.web import live


def viewer(staff) -> live.Viewer:
    places = frozenset(staff.memberships.values_list("department_id", flat=True))
    return live.Viewer(staff.pk, staff.is_administrator, frozenset(departments_seen(staff)), places)


def moves() -> list[live.Move]:
    return live.moves_of(Event.objects.order_by("id").values("id", "about", "changes", "subject_type"))


def told(staff) -> list[int]:
    return [move.conversation for move in moves() if viewer(staff).sees(move)]


def test_who_may_see_it_is_told_and_nobody_else(cast):
    assert told(cast.ana) == told(cast.ada) == [cast.conversation.pk]
    assert told(cast.cleo) == []


def test_a_department_that_only_has_a_part_in_it_tells_the_desk_nothing(cast, at):
    how = {"by": Actor("pitcrew", "setup"), "at": at}
    vault, vic = people.open_department("Vault", **how), people.hire("vic@company.test", "Vic Ott", **how)
    people.add_member(vault, vic, Role.CONTRIBUTOR, **how)
    brief = Brief("A key", "We looked", "Thursday", at + timedelta(days=3))
    relays.hand_over(cast.conversation, vault, brief, by=cast.by, at=at)
    assert told(vic) == [cast.conversation.pk]
    assert told(cast.cleo) == []


def test_who_loses_sight_of_it_is_told_too(cast, at):
    since = newest_event()
    actions.transfer(cast.conversation, cast.accounting, by=cast.by, at=at)
    after = live.moves_of(Event.objects.filter(id__gt=since).values("id", "about", "changes", "subject_type"))
    assert [viewer(s).sees(after[0]) for s in (cast.ana, cast.ben, cast.cleo)] == [True, True, True]


def test_one_act_on_a_conversation_is_one_line(cast, at):
    since = newest_event()
    actions.reply(cast.conversation, "Today.", to=["martin@customer.test"], by=cast.by, at=at)
    missed = live.missed(viewer(cast.ana), since)
    assert [(m.conversation, m.event) for m in missed] == [(cast.conversation.pk, newest_event())]


def test_when_very_many_moved_the_page_fetches_all_it_shows():
    ana = live.Viewer(1, True, frozenset())
    ana.tell([live.Move(n, n, frozenset(), frozenset()) for n in range(1, live.MOST + 2)])
    assert ana.waiting.qsize() == 1
    assert ana.waiting.get_nowait().startswith(f"id: {live.MOST + 1}\nevent: reload\n")


@pytest.mark.parametrize("cookie", ["", "sessionid=forged", 'sessionid="; x', "\x00=\x01"])
def test_a_stranger_gets_no_stream(cookie, db):
    assert live.viewer_of(cookie) is None


def test_a_colleague_gets_a_stream(cast, signed_in):
    session = signed_in("ana").cookies["sessionid"].value
    assert live.viewer_of(f"theme=dark; sessionid={session}").staff == cast.ana.pk
