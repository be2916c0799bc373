"""What happens to people."""

import pytest

from pitcrew.people import actions
from pitcrew.people.models import Customer, Department, Identity, Membership, Role, Staff
from pitcrew.people.queries import actor_name, customer_at
from pitcrew.people.refusals import Refused
from tests.verify import verify


@pytest.fixture
def how(cast, at):
    return {"by": cast.by, "at": at}


@pytest.fixture
def address(cast):
    return Identity.objects.get(customer=cast.martin)


def test_a_stranger_is_met_once(how):
    zoe = verify(lambda: actions.meet("email", "Zoe@Customer.test ", name="Zoe", **how))
    assert actions.meet("email", "zoe@customer.test", **how) == zoe
    assert customer_at("email", "ZOE@customer.test") == zoe


def test_a_name_is_learned_later(how):
    actions.meet("email", "zoe@customer.test", **how)
    verify(lambda: actions.meet("email", "zoe@customer.test", name="Zoe", **how))


def test_customers_are_renamed_and_described(cast, how):
    verify(lambda: actions.rename_customer(cast.martin, " Martin H. ", **how))
    verify(lambda: actions.describe_customer(cast.martin, "Prefers the phone", **how))
    assert Customer.objects.get(pk=cast.martin.pk).name == "Martin H."


def test_addresses_come_are_verified_and_go(cast, how, address):
    verify(lambda: actions.add_identity(cast.martin, "email", "m@home.test", **how))
    verify(lambda: actions.verify_identity(address, **how))
    verify(lambda: actions.remove_identity(address, **how))
    assert customer_at("email", address.value) is None


def test_an_address_belongs_to_one_customer(cast, how, address):
    zoe = actions.meet("email", "zoe@customer.test", **how)
    with pytest.raises(Refused, match="belongs to Martin Haas"):
        actions.add_identity(zoe, "email", address.value, **how)


def test_organizations_are_named_once(cast, how):
    verify(lambda: actions.place_in_organization(cast.martin, "Haas GmbH", **how))
    zoe = actions.meet("email", "zoe@customer.test", **how)
    actions.place_in_organization(zoe, " Haas GmbH", **how)
    assert zoe.organization_id == Customer.objects.get(pk=cast.martin.pk).organization_id
    verify(lambda: actions.place_in_organization(cast.martin, "", **how))


def test_two_records_of_one_person_are_joined(cast, how):
    zoe = actions.meet("email", "zoe@customer.test", name="Zoe", **how)
    nameless = actions.meet("email", "nameless@customer.test", **how)
    verify(lambda: actions.join_customers(nameless, zoe, **how))
    assert customer_at("email", "zoe@customer.test") == nameless
    with pytest.raises(Refused, match="same customer"):
        actions.join_customers(zoe, zoe, **how)


def test_colleagues_come_change_and_go(cast, how):
    eve = verify(lambda: actions.hire("Eve@company.test", "Eve", is_administrator=True, **how))
    eve = Staff.objects.get(pk=eve.pk)
    verify(
        lambda: actions.change_staff(eve, name="Eve Ray", email="eve.ray@company.test", is_administrator=False, **how)
    )
    verify(lambda: actions.deactivate(eve, **how))
    verify(lambda: actions.reactivate(eve, **how))


def test_an_address_of_a_colleague_is_taken_and_is_an_address(cast, how):
    with pytest.raises(Refused, match="already on the staff"):
        actions.hire("ANA@company.test", "Ana", **how)
    with pytest.raises(Refused, match="already on the staff"):
        actions.change_staff(cast.ben, email="ana@company.test", **how)
    with pytest.raises(Refused, match="not an e-mail address"):
        actions.hire("ana", "Ana", **how)


def test_the_last_administrator_stays(cast, how):
    with pytest.raises(Refused, match="last active administrator"):
        actions.deactivate(cast.ada, **how)
    with pytest.raises(Refused, match="last active administrator"):
        actions.change_staff(cast.ada, is_administrator=False, **how)
    assert Staff.objects.get(pk=cast.ada.pk).is_administrator


def test_departments_open_change_and_close(cast, how):
    returns = verify(lambda: actions.open_department("Returns", **how))
    returns = Department.objects.get(pk=returns.pk)
    verify(lambda: actions.change_department(returns, name="Returns desk", signature="Kind regards", **how))
    verify(lambda: actions.close_department(returns, **how))
    with pytest.raises(Refused, match="already a department"):
        actions.change_department(cast.front, name="Accounting", **how)
    with pytest.raises(Refused, match="needs a name"):
        actions.open_department(" ", **how)


def test_the_last_department_stays_open(cast, how):
    actions.close_department(cast.accounting, **how)
    with pytest.raises(Refused, match="last department"):
        actions.close_department(cast.front, **how)


def test_members_come_change_role_and_go(cast, how):
    verify(lambda: actions.add_member(cast.accounting, cast.ana, Role.CONTRIBUTOR, **how))
    verify(lambda: actions.add_member(cast.accounting, cast.ana, Role.LEAD, **how))
    membership = Membership.objects.get(department=cast.accounting, staff=cast.ana)
    assert membership.role == Role.LEAD
    verify(lambda: actions.remove_member(membership, **how))


def test_actors_have_names(cast):
    names = [actor_name(a) for a in (f"agent:{cast.ana.pk}", f"customer:{cast.martin.pk}", "pitcrew:clock", "import:3")]
    assert names == ["Ana Ruiz", "Martin Haas", "Pitcrew", "An import"]
    assert actor_name("agent:999999") == "Agent"
