"""The page of a customer: who they are, their addresses, joining two that are one, forgetting one."""

import pytest
from django.test import Client
from django.utils import timezone

from pitcrew.conversations import actions
from pitcrew.conversations.actions.joining import join_customers
from pitcrew.conversations.incoming import Incoming
from pitcrew.conversations.models import Conversation, Message
from pitcrew.history.actors import Actor
from pitcrew.people import actions as people
from pitcrew.people.models import Customer, Identity
from tests.verify import assert_log_tells_all, state, verify
from tests.web.walk import ODD, acts, one_line, refuses, works

HOW = {"by": Actor("pitcrew", "setup"), "at": timezone.now()}


@pytest.fixture
def two(cast):
    """Martin once more, by another address, with a conversation in Accounting."""
    letter = Incoming(channel="email", address="m.haas@old.test", name="M. Haas", subject="Invoice", text="Please.")
    letter.department = cast.accounting
    cast.other = actions.receive(letter, **HOW).customer
    people.describe_customer(cast.other, "Rings in the morning.", **HOW)
    people.place_in_organization(cast.other, "Haas Estates", **HOW)
    cast.address = Identity.objects.get(customer=cast.martin)
    return cast


ACTS = [
    ("change/", {"name": "Martin Haas", "organization": "Haas Estates", "memo": "Moved in May.\r\nCall him."}),
    ("addresses/", {"value": "Martin@Office.test"}),
    ("addresses/{address}/verify/", {}),
    ("addresses/{address}/remove/", {}),
    ("join/", {"other": "{other}"}),
]


def at(address: str, two) -> str:
    return f"/customers/{two.martin.pk}/" + address.format(address=two.address.pk, other=two.other.pk)


def told(values: dict, two) -> dict:
    return {name: value.format(other=two.other.pk) if "{other}" in value else value for name, value in values.items()}


def test_the_page_shows_who_they_are_and_only_conversations_one_may_see(two, signed_in):
    ana, cleo = (works(signed_in(name), at("", two)) for name in ("ana", "cleo"))
    assert "martin@customer.test" in ana and "unverified" in ana
    assert "Card has not arrived" in ana
    assert "Card has not arrived" not in cleo


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_an_act_is_done_told_and_taken_back(address, values, two, signed_in):
    acts(signed_in("ana"), at(address, two), told(values, two))
    assert_log_tells_all()


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_a_stranger_cannot_act(address, values, two):
    refuses(Client(), at(address, two), 302, told(values, two))


@pytest.mark.parametrize(("address", "values"), ACTS)
def test_looking_at_an_act_does_nothing(address, values, two, signed_in):
    refuses(signed_in("ada"), at(address, two), 405)


def test_who_does_not_work_the_desk_sees_no_customer(two, signed_in):
    dora = people.hire("dora@company.test", "Dora Lin", **HOW)
    two.dora = dora
    refuses(signed_in("dora"), at("", two), 403)


def test_somebody_alike_is_found_by_name_or_address(two, signed_in):
    ana = signed_in("ana")
    for words in ("haas", "OLD.test", "m. ha"):
        assert "Join with Martin Haas" in works(ana, at(f"?q={words}", two))
    assert "Nobody else has" in works(ana, at("?q=nobody", two))
    assert "Nobody else has" in works(ana, at("?q=%00'%22%3Cscript%3E", two))


def test_joining_brings_everything_to_the_one_that_is_kept(two):
    verify(lambda: join_customers(two.martin, two.other, **HOW))
    kept = Customer.objects.get(pk=two.martin.pk)
    assert not Customer.objects.filter(pk=two.other.pk).exists()
    assert set(Identity.objects.filter(customer=kept).values_list("value", flat=True)) == {
        "martin@customer.test",
        "m.haas@old.test",
    }
    assert Conversation.objects.filter(customer=kept).count() == 2
    assert kept.memo == "Rings in the morning." and kept.organization.name == "Haas Estates"


def test_a_customer_cannot_be_joined_with_themselves_or_with_one_who_is_gone(two, signed_in):
    ana = signed_in("ana")
    refuses(ana, at("join/", two), 422, {"other": str(two.martin.pk)})
    refuses(ana, at("join/", two), 404, {"other": "999999"})
    refuses(ana, at("join/", two), 404, {"other": "²"})
    join_customers(two.martin, two.other, **HOW)
    refuses(ana, at("join/", two), 404, {"other": str(two.other.pk)})


@pytest.mark.parametrize("value", ["", "no address", "m.haas@old.test", "a@b\r\nBcc: c@d.test", "<x@y.test>"])
def test_an_address_that_cannot_be_theirs_is_refused_in_a_sentence(value, two, signed_in):
    before = state()
    response = signed_in("ana").post(at("addresses/", two), {"value": value})
    assert response.status_code == 422
    assert 'class="wrong"' in response.content.decode() or "notice is-broken" in response.content.decode()
    assert state() == before


@pytest.mark.parametrize("words", ODD)
def test_odd_words_come_back_as_they_were_written(words, two, signed_in):
    ana, line = signed_in("ana"), one_line(words)
    ana.post(at("change/", two), {"name": words, "organization": words, "memo": words})
    kept = Customer.objects.get(pk=two.martin.pk)
    assert (kept.name, kept.organization.name) == (line, line)
    assert kept.memo == words.replace("\r\n", "\n")
    for address in (at("", two), at("forget/", two)):
        page = works(signed_in("ada"), address)
        assert "<script>alert(1)" not in page and "<img src=x" not in page and ">49<" not in page


def test_forgetting_says_what_goes_and_wants_the_name_as_proof(two, signed_in):
    ada = signed_in("ada")
    page = works(ada, at("forget/", two))
    assert "cannot be undone" in page and "martin@customer.test" in page and "1 conversation" in page
    refuses(ada, at("forget/", two), 422, {"proof": "Somebody else"})
    done = ada.post(at("forget/", two), {"proof": "Martin Haas"})
    assert done.status_code == 302
    after = ada.get(done["Location"], follow=True).content.decode()
    assert "erased" in after and 'name="operations"' not in after.split('id="told"')[1]
    assert Customer.objects.get(pk=two.martin.pk).name == ""
    assert not [message for message in Message.objects.all() if "approved" in message.text]


def test_only_an_administrator_forgets(two, signed_in):
    refuses(signed_in("ana"), at("forget/", two), 403)
    refuses(signed_in("cleo"), at("forget/", two), 403, {"proof": "Martin Haas"})
    refuses(Client(), at("forget/", two), 302, {"proof": "Martin Haas"})
