"""Who may see and do what."""

import pytest

from pitcrew.conversations.models import Conversation
from pitcrew.people import access, actions
from pitcrew.people.models import Role, Staff
from pitcrew.people.refusals import Refused


@pytest.fixture
def how(cast, at):
    return {"by": cast.by, "at": at}


def sees(staff, conversation):
    return Conversation.objects.visible_to(Staff.objects.get(pk=staff.pk)).filter(pk=conversation.pk).exists()


def test_agents_see_their_department_and_administrators_everything(cast):
    assert [sees(s, cast.conversation) for s in (cast.ada, cast.ana, cast.ben, cast.cleo)] == [True, True, True, False]


def test_who_left_sees_nothing(cast, how):
    actions.deactivate(cast.ana, **how)
    assert not sees(cast.ana, cast.conversation)


def test_a_contributor_sees_what_they_hold(cast, how):
    actions.add_member(cast.front, cast.cleo, Role.CONTRIBUTOR, **how)
    assert not sees(cast.cleo, cast.conversation)
    from_front = access.can_hold_work(cast.cleo, cast.front)
    assert from_front


def test_the_work_of_a_department_without_agents_is_everybodys(cast, how):
    for staff in (cast.ana, cast.ben):
        actions.deactivate(staff, **how)
    assert sees(cast.cleo, cast.conversation)


def test_the_work_of_a_closed_department_is_everybodys(cast, how):
    actions.close_department(cast.front, **how)
    assert sees(cast.cleo, cast.conversation)
    assert cast.front not in access.departments_worked(cast.cleo)


def test_leads_lead_their_own_department(cast):
    assert access.leads(cast.cleo)
    assert access.leads(cast.cleo, cast.accounting)
    assert not access.leads(cast.cleo, cast.front)
    assert access.leads(cast.ada, cast.front)
    assert not access.leads(cast.ana)


def test_only_administrators_administrate(cast):
    access.must_administrate(cast.ada)
    with pytest.raises(Refused, match="administrator"):
        access.must_administrate(cast.cleo)


def test_work_is_held_by_members_and_administrators(cast, how):
    everybody = {s.pk for s in (cast.ada, cast.ana, cast.ben, cast.cleo)}
    assert access.holders({cast.accounting.pk}, everybody) == {
        (cast.accounting.pk, cast.ada.pk),
        (cast.accounting.pk, cast.cleo.pk),
    }
