"""Every address, with whatever somebody writes behind the question mark, answers; it never tells more than it may."""

import re

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from pitcrew.channels.email.models import Mailbox
from pitcrew.people.models import Staff
from tests.attacks.vectors import both, vectors

pytestmark = pytest.mark.django_db

PLACES = [
    ("search", [], "q"),
    ("queue", ["open"], "after"),
    ("queue", ["open"], "rows"),
    ("history", [], "before"),
    ("history", [], "who"),
    ("ask", ["assign"], "ids"),
    ("ask", ["merge"], "ids"),
    ("ask", ["tag"], "all"),
    ("conversation", [1], "messages"),
    ("conversation", [1], "in"),
    ("conversation", [1], "part"),
]
ODD = [
    "on:9999-12-31",
    "before:99999999999999999999-1-1",
    "after:0000-00-00",
    "before:0001-01-01",
    "after:9999-12-31",
    "is:\u0130 #\u0661\u0662",
    "\u00b2",
    "#\u00b2",
    "9" * 400,
    "#999999999999999",
    '"' * 500,
    "-" * 500,
    "-word",
    "NEAR(a b) OR AND NOT ^ * : col:x",
    "a\0b",
    "\0",
    "tag:\0 in:\0 assignee:\0 from:\0",
    "(" * 500 + "a+" * 200 + "!",
    "0001-01-01T00:00:00+23:59_1",
    "9999-12-31T23:59:59-23:59_1",
    "2026-01-01T00:00:00_1",
    "2026-01-01T00:00:00+00:00_99999999999999999",
    "\u0661\u0662\u0663_\u0661",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59",
    "1,2,,-3,1e9,999999999999999",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
]


@both
def test_no_question_breaks_a_page_or_opens_it_further(source, cast, signed_in):
    client = signed_in("cleo")  # of another department: she may see none of it
    texts = ODD if source == "own" else []
    texts = texts + [v.text for v in vectors(source, "text")]
    for name, args, parameter in PLACES:
        address = reverse(name, args=args)
        usual = client.get(address).status_code
        for text in texts if parameter in ("q", "after", "ids") or source == "own" else texts[::8]:
            answer = client.get(address, {parameter: text})
            assert answer.status_code in (usual, 200, 302, 404, 422), (name, parameter, text)
            assert "Card has not arrived" not in answer.content.decode(), (name, parameter, text)


@both
def test_no_question_finds_what_only_the_database_knows(source, cast, signed_in):
    QuerySet(Staff).filter(pk=cast.ben.pk).update(password="argon2$hidden-hash")
    client = signed_in("ana")
    for vector in vectors(source, "text"):
        page = client.get(reverse("search"), {"q": vector.text}).content.decode()
        assert "hidden-hash" not in page
        assert not re.search(r"OperationalError|ProgrammingError|syntax error|Traceback", page), vector.name


def test_a_filter_that_is_a_lookup_of_the_database_is_only_words(cast, signed_in):
    client = signed_in("ana")
    for words in ("assignee__password__startswith:a", "customer__memo__regex:.*", "assignee:a%", "in:_"):
        answer = client.get(reverse("search"), {"q": words})
        assert answer.status_code == 200
        assert "Card has not arrived" not in answer.content.decode(), words


@pytest.mark.parametrize("number", ["99999999999999999999999", "9" * 4000, "00000000000000000000"])
@pytest.mark.parametrize("path", ["conversations", "mails", "attachments", "history", "customers", "quarantine"])
def test_a_number_no_row_can_have_is_nothing_there(path, number, cast, signed_in):
    assert signed_in("ada").get(f"/{path}/{number}/").status_code == 404


ACTS = ["rename", "tag", "untag", "snooze", "merge", "assign", "transfer", "close", "join", "follow"]


@pytest.mark.parametrize("verb", ACTS)
def test_whatever_a_form_holds_it_is_done_or_refused_in_a_sentence(verb, cast, signed_in):
    client = signed_in("ana")
    for text in ODD:
        posted = dict.fromkeys(("subject", "name", "until", "into", "staff", "department"), text)
        answer = client.post(reverse(verb), posted | {"ids": str(cast.conversation.pk)}, headers={"HX-Request": "true"})
        assert answer.status_code in (200, 404, 422), (verb, text)
        answer = client.post(reverse(verb), posted | {"ids": text, "all": text}, headers={"HX-Request": "true"})
        assert answer.status_code in (200, 404, 422), (verb, text)


FIELDS = {
    "reply": ("body", "to", "cc", "newest", "then", "until", "files", "confirmed"),
    "note": ("body", "files"),
    "draft": ("body", "kind"),
}


@pytest.mark.parametrize("where", ["reply", "note", "draft"])
def test_whatever_the_composer_sends_it_is_kept_or_refused_in_a_sentence(where, cast, signed_in):
    client = signed_in("ana")
    for text in [*ODD, "<div>" * 5000 + "deep", "x" * 600_000]:
        for name in FIELDS[where] if len(text) < 10_000 else ("body",):
            posted = {"body": "<div>words</div>", "to": "martin@customer.test", "then": "snooze"} | {name: text}
            answer = client.post(reverse(where, args=[cast.conversation.pk]), posted, headers={"HX-Request": "true"})
            assert answer.status_code in (200, 204, 422), (where, name, text[:80])


@both
def test_the_name_of_a_server_is_a_name_and_no_address_of_a_page(source, cast, signed_in):
    client, known = signed_in("ada"), Mailbox.objects.count()
    for vector in vectors(source, "address"):
        text = vector.text
        if all(sign.isalnum() or sign in ".-_:[]" for sign in text.strip()):
            continue  # a plain host: an administrator may name any server
        for field in ("fetch_host", "send_host"):
            posted = {
                "address": "box@company.test",
                "department": cast.front.pk,
                "fetch_user": "u",
                "fetch_secret": "s",
            }
            ports = {"fetch_port": 993, "send_port": 587, "fetch_folder": "INBOX", "fetch_login": "password"}
            secured = {"fetch_security": "tls", "send_security": "tls"}
            answer = client.post(reverse("mailbox-add"), posted | ports | secured | {field: text})
            assert answer.status_code == 422, (field, text)
    assert Mailbox.objects.count() == known


@both
def test_settings_keep_hostile_words_as_words(source, cast, signed_in):
    client = signed_in("ada")
    for vector in [*vectors(source, "text"), *vectors(source, "broken")]:
        text = vector.text.replace("\0", "")
        client.post(reverse("department-signature", args=[cast.front.pk]), {"signature": text})
        cast.front.refresh_from_db()
        assert cast.front.signature.split() == text.split(), vector.name
        told = {"name": text[:200], "memo": text, "organization": text[:200]}
        assert client.post(reverse("customer-change", args=[cast.martin.pk]), told).status_code in (302, 422), text
        cast.martin.refresh_from_db()
        assert cast.martin.memo.split() == text.split(), vector.name
        assert "\n" not in cast.martin.name and "\r" not in cast.martin.name
