from datetime import timedelta

import pytest

from pitcrew.people import actions
from pitcrew.people.models import Staff
from pitcrew.people.refusals import Refused
from pitcrew.people.sign_in_links import make, make_first, redeem, redeem_first


def test_a_link_signs_in_whom_it_was_made_for(cast, at):
    assert redeem(make(cast.ana, at), at + timedelta(minutes=14)) == cast.ana


def test_a_link_fits_once(cast, at):
    token = make(cast.ana, at)
    redeem(token, at)
    with pytest.raises(Refused, match="has been used"):
        redeem(token, at + timedelta(seconds=1))


def test_of_two_links_the_second_is_void_once_the_first_is_used(cast, at):
    first, second = make(cast.ana, at), make(cast.ana, at)
    redeem(first, at)
    with pytest.raises(Refused, match="has been used"):
        redeem(second, at)


def test_a_link_is_void_after_a_later_sign_in(cast, at):
    token = make(cast.ana, at)
    redeem(make(cast.ana, at + timedelta(seconds=5)), at + timedelta(seconds=6))
    with pytest.raises(Refused, match="has been used"):
        redeem(token, at + timedelta(seconds=7))


def test_a_link_is_too_old_after_fifteen_minutes(cast, at):
    with pytest.raises(Refused, match="too old"):
        redeem(make(cast.ana, at), at + timedelta(minutes=16))


@pytest.mark.parametrize("spoil", [lambda t: t[:-3], lambda t: "x" + t, lambda t: "", lambda t: "a:b", lambda t: "é\0"])
def test_a_spoiled_link_is_refused_with_a_sentence(cast, at, spoil):
    with pytest.raises(Refused, match="Copy it whole"):
        redeem(spoil(make(cast.ana, at)), at)


def test_somebody_deactivated_gets_no_link_and_their_old_one_is_void(cast, at):
    token = make(cast.ana, at)
    actions.deactivate(cast.ana, by=cast.by, at=at)
    with pytest.raises(Refused, match="deactivated"):
        make(Staff.objects.get(pk=cast.ana.pk), at)
    with pytest.raises(Refused, match="nobody who works here"):
        redeem(token, at)


def test_the_first_link_opens_the_set_up_until_there_is_staff(db, at):
    token = make_first(at)
    redeem_first(token, at)
    actions.hire("ada@company.test", "Ada", by=actions.Actor("pitcrew", "setup"), at=at)
    with pytest.raises(Refused, match="set up already"):
        redeem_first(token, at)


def test_the_first_link_signs_nobody_in(cast, at):
    with pytest.raises(Refused, match="nobody who works here"):
        redeem(make_first(at), at)


def test_an_ordinary_link_does_not_open_the_set_up(cast, at):
    with pytest.raises(Refused, match="set up already"):
        redeem_first(make(cast.ana, at), at)
