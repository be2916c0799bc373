"""The quarantine: what could not be read is looked at, saved and tried again, and never acts."""

import pytest
from django.test import Client
from django.utils import timezone

from pitcrew.channels.email import quarantine
from pitcrew.channels.email.arriving import keep, letter
from pitcrew.channels.email.models import Arrival
from pitcrew.people import actions as people
from pitcrew.web.raw_mail import MOST, head_of, shown_sender
from tests.web.walk import refuses, works

NASTY = (
    b'From: "<script>alert(1)</script>" <evil@customer.test>\r\n'
    b"Subject: \xe2\x80\xaeturned {{ 7 * 7 }}\r\nX-Hidden: \x00\x07\x1b[31m\r\n\r\n<script>alert(2)</script>"
)


@pytest.fixture
def aside(db, cast):
    """Put a mail aside; gives its row."""

    def put(raw: bytes = NASTY, why: str = "It has more than 1,000 parts.", sender: str = "") -> Arrival:
        at = timezone.now()
        keep([letter(raw, door="smtp", arrived_at=at, mailbox="support@company.test", envelope_from=sender)])
        arrival = Arrival.objects.order_by("-pk")[0]
        assert quarantine.set_aside(arrival, why, at=at)
        return arrival

    return put


def addresses(arrival: Arrival) -> list[str]:
    return ["/quarantine/", f"/quarantine/{arrival.pk}/"]


@pytest.mark.parametrize("name", ["ana", "cleo", "ada"])
def test_anybody_at_the_desk_sees_it_with_its_reason(name, aside, signed_in):
    arrival = aside()
    for address in addresses(arrival):
        page = works(signed_in(name), address)
        assert "It has more than 1,000 parts." in page
        assert "evil@customer.test" in page
        assert "<script>alert" not in page and ">49" not in page
        assert "\u202e" not in page and "\x00" not in page and "\x1b" not in page


def test_an_empty_quarantine_says_what_it_is_for(cast, signed_in):
    assert "Nothing in quarantine" in works(signed_in("ana"), "/quarantine/")


def test_a_stranger_and_who_is_not_at_the_desk_get_nothing(aside, cast, signed_in, at):
    arrival = aside()
    cast.dora = people.hire("dora@company.test", "Dora Lin", by=cast.by, at=at)
    for address in [*addresses(arrival), f"/quarantine/{arrival.pk}/mail/"]:
        refuses(Client(), address, 302)
        refuses(signed_in("dora"), address, 403)
    for address in (f"/quarantine/{arrival.pk}/try-again/", "/quarantine/try-again/"):
        refuses(Client(), address, 302, {})
        refuses(signed_in("dora"), address, 403, {})
        refuses(signed_in("ana"), address, 405)
    assert Arrival.objects.get().quarantined_at is not None


def test_the_mail_is_given_out_whole_and_cannot_act(aside, signed_in):
    response = signed_in("ana").get(f"/quarantine/{aside().pk}/mail/")
    assert response.content == NASTY
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_one_is_tried_again_and_then_all_are(aside, signed_in):
    ana, first, second, third = signed_in("ana"), aside(), aside(b"x", "No header."), aside(b"y", "No header.")
    assert ana.post(f"/quarantine/{first.pk}/try-again/").status_code == 302
    assert Arrival.objects.get(pk=first.pk).quarantined_at is None
    assert Arrival.objects.get(pk=second.pk).quarantined_at is not None
    told = ana.post("/quarantine/try-again/", headers={"HX-Request": "true"}).content.decode()
    assert "2 mails are tried again" in told
    assert Arrival.objects.get(pk=third.pk).quarantined_at is None


def test_twice_is_once(aside, signed_in):
    ana, arrival = signed_in("ana"), aside()
    ana.post(f"/quarantine/{arrival.pk}/try-again/")
    again = ana.post(f"/quarantine/{arrival.pk}/try-again/", headers={"HX-Request": "true"})
    assert "not in quarantine any more" in again.content.decode()
    refuses(ana, f"/quarantine/{arrival.pk}/", 404)


def test_a_mail_of_ten_megabytes_is_shown_by_its_head_alone(aside, signed_in):
    arrival = aside(b"From: big@customer.test\r\n\r\n" + b"x" * 10_000_000)
    page = works(signed_in("ana"), f"/quarantine/{arrival.pk}/")
    assert "big@customer.test" in page and len(page) < 40_000


def test_a_head_without_an_end_is_cut(db):
    assert len(head_of(b"A" * 10 * MOST)) == MOST


def test_the_sender_is_what_the_mail_says_else_who_handed_it_over(aside):
    assert shown_sender(aside(b"To: us\nFROM: a@b.test\n\n")) == "a@b.test"
    assert shown_sender(aside(b"\xff\xfe\x00", sender="envelope@b.test")) == "envelope@b.test"
    assert shown_sender(aside(b"no header at all")) == ""
    assert shown_sender(aside(b"Subject: x\n\nFrom: not@the.head\n")) == ""
