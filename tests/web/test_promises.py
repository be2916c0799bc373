"""The screens of what we owe: settings, the light on a conversation, the call back, the priority."""

import pytest
from django.test import Client

from pitcrew.conversations.models import Conversation
from pitcrew.promises.models import Calendar, Kind, Policy, Promise


def signed_in(staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


WEEK = {"monday": "09:00-12:00, 13:00-17:00", "friday": "9:00-12:00"}
HOURS = {
    "name": "Berlin",
    "time_zone": "Europe/Berlin",
    "country": "DE",
    "region": "by",
    "closed": "2026-12-24",
    **WEEK,
}


def test_the_usual_promises_are_one_press_away_and_a_mail_is_tried_out(cast):
    client = signed_in(cast.ada)
    assert b"Start with usual promises" in client.get("/settings/promises/").content
    assert client.post("/settings/promises/usual/").status_code == 302
    page = client.get(f"/settings/promises/?department={cast.front.pk}&priority=normal&tag=").content.decode()
    assert "First reply of a mail that came now" in page and "by Usual promises" in page


def test_policies_and_working_hours_are_written_changed_and_removed(cast):
    client = signed_in(cast.ada)
    told = {"name": "Vips", "first_reply": "1 h 30 min", "solution": "24", "tag": "VIP", "rank": "0"}
    assert client.post("/settings/promises/add/", told).status_code == 302
    policy = Policy.objects.get()
    assert (policy.first_reply, policy.solution, policy.tag) == (90, 1440, "vip")
    assert client.post(f"/settings/promises/{policy.pk}/", told | {"solution": "soon"}).status_code == 422
    assert client.get(f"/settings/promises/{policy.pk}/").status_code == 200
    assert client.post("/settings/hours/add/", HOURS).status_code == 302
    calendar = Calendar.objects.get()
    assert calendar.hours[0] == [["09:00", "12:00"], ["13:00", "17:00"]] and calendar.region == "BY"
    refused = client.post(f"/settings/hours/{calendar.pk}/", {"name": "Never", "time_zone": "UTC"})
    assert refused.status_code == 422 and b"No working hour" in refused.content
    assert b"Coming holidays" in client.get(f"/settings/hours/{calendar.pk}/").content
    assert client.post(f"/settings/hours/{calendar.pk}/", HOURS | {"closed": ""}).status_code == 302
    assert client.post(f"/settings/hours/{calendar.pk}/remove/").status_code == 302
    assert client.post(f"/settings/promises/{policy.pk}/remove/").status_code == 302
    assert not Policy.objects.exists() and not Calendar.objects.exists()


@pytest.mark.parametrize("address", ["", "add/", "1/", "1/remove/", "usual/"])
def test_only_administrators_settle_what_is_promised(cast, address):
    for verb in ("get", "post"):
        assert getattr(signed_in(cast.ana), verb)(f"/settings/promises/{address}").status_code == 403


def test_a_call_back_is_promised_shown_and_noted(cast):
    client, address = signed_in(cast.ana), f"/conversations/{cast.conversation.pk}/"
    assert client.post(f"{address}call-back/", {"when": "2099-01-01T10:00", "words": "The card"}).status_code == 302
    assert "Call back due" in client.get(address).content.decode()
    assert "Call back due" in client.get("/queue/open/").content.decode()
    assert client.post(f"{address}called/", {"words": "He is glad."}).status_code == 302
    assert Promise.objects.get(kind=Kind.CALL_BACK).kept_at
    assert client.post(f"{address}called/", {"words": "Again", "how": "release"}).status_code == 422


def test_the_priority_is_asked_for_and_set(cast):
    client = signed_in(cast.ana)
    assert b"Urgent" in client.get(f"/ask/prioritise/?ids={cast.conversation.pk}").content
    told = {"ids": str(cast.conversation.pk), "priority": "urgent"}
    assert client.post("/conversations/prioritise/", told).status_code == 302
    assert Conversation.objects.get().priority == "urgent"
