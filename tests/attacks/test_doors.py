"""Who gets in, and what a stranger reaches: every address, its rule, its headers, its cookies."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from pitcrew.conversations import actions
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.conversations.models import Attachment, Draft, Message
from pitcrew.people import sign_in_links
from pitcrew.web.live import Viewer, missed
from tests.attacks.vectors import both, vectors

pytestmark = pytest.mark.django_db


def screens(patterns=None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every address of the product, with 1 for whatever it asks for."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            for name in pattern.pattern.converters:
                path = (
                    path.replace(f"<int:{name}>", "1").replace(f"<slug:{name}>", "open").replace(f"<str:{name}>", "x")
                )
            found.append(("/" + path, pattern))
        else:
            found += screens(pattern.url_patterns, path)
    return found


def test_every_screen_says_who_may_open_it_and_a_stranger_gets_to_the_door(cast):
    for path, pattern in screens():
        rule = getattr(pattern.callback, "rule", None)
        assert rule, f"{path} has no rule"
        if rule == "anybody":
            continue
        for method in ("get", "post"):
            answer = getattr(Client(), method)(path)
            assert answer.status_code in (302, 401), (method, path)
            assert "/accounts/login/" in answer.headers.get("Location", ""), path


def test_no_act_is_done_without_the_token_of_our_own_page(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ada, backend="django.contrib.auth.backends.ModelBackend")
    for path, _ in screens():
        assert client.post(path).status_code in (403, 405), path


def test_every_page_sends_the_headers_that_keep_foreign_words_from_acting(cast, signed_in):
    client = signed_in("ada")
    for path, _ in screens():
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe-eval" not in policy, path
        assert "script-src 'unsafe-inline'" not in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), path
        assert "frame-ancestors 'none'" in policy or "frame-ancestors 'self'" in policy or "sandbox" in policy, path


def test_a_colleague_of_another_department_reaches_nothing_of_a_conversation(cast, signed_in, at):
    pk, files = cast.conversation.pk, [File("plan.txt", "text/plain", 4, "a" * 64)]
    note = actions.note(cast.conversation, "only for the front desk", files=files, by=cast.by, at=at)
    letter = Incoming(
        channel="email",
        address="martin@customer.test",
        text="more",
        html="<p>more</p>",
        files=files,
        conversation=cast.conversation,
    )
    message = actions.receive(letter, by=cast.by, at=at)
    Draft.objects.create(conversation=cast.conversation, staff=cast.ana, html="secret draft", saved_at=at)
    stranger, quiet = signed_in("cleo"), {"HX-Request": "true"}
    file = Attachment.objects.filter(message=message).get().pk
    paths = [
        reverse("conversation", args=[pk]),
        reverse("conversation", args=[pk]) + "?part=live",
        reverse("mail", args=[message.pk]),
    ]
    paths += [reverse(name, args=[file]) for name in ("attachment", "picture")] + [reverse("canned", args=[pk])]
    for path in paths:
        assert stranger.get(path).status_code == 404, path
    for name in ("reply", "note", "draft", "upload"):
        answer = stranger.post(reverse(name, args=[pk]), {"body": "x", "to": "eve@elsewhere.test"}, headers=quiet)
        assert answer.status_code == 404, name
    for verb in ("close", "assign", "transfer", "tag", "trash", "follow", "rename", "merge", "join", "snooze"):
        posted = {
            "ids": pk,
            "into": pk,
            "name": "x",
            "subject": "x",
            "staff": cast.cleo.pk,
            "department": cast.accounting.pk,
        }
        assert stranger.post(reverse(verb), posted, headers=quiet).status_code == 404, verb
    for words in ("card", "front", "from:martin", "#1", "is:open", "plan", "has:note"):
        page = stranger.get(reverse("search"), {"q": words}).content.decode()
        assert "Card has not" not in page and "only for the front" not in page, words
    cast.conversation.refresh_from_db()
    assert cast.conversation.subject == "Card has not arrived" and cast.conversation.department == cast.front
    assert note.pk and Message.objects.filter(conversation=pk).count() == 2


def test_what_a_mail_may_belong_to_is_not_told_to_who_may_not_see_it(cast, signed_in, at):
    letter = Incoming(channel="email", address="x@y.test", subject="Mine", text="x", maybe_part_of=cast.conversation)
    letter.department = cast.accounting
    other = actions.receive(letter, by=cast.by, at=at).conversation
    page = signed_in("cleo").get(reverse("conversation", args=[other.pk])).content.decode()
    assert "Mine" in page and "Card has not arrived" not in page
    assert signed_in("cleo").post(reverse("join"), {"ids": other.pk}).status_code == 404
    assert "Card has not arrived" in signed_in("ada").get(reverse("conversation", args=[other.pk])).content.decode()


def test_the_live_stream_names_nothing_that_its_reader_may_not_see(cast, at):
    stranger = Viewer(cast.cleo.pk, False, frozenset({cast.accounting.pk}))
    actions.close(cast.conversation, by=cast.by, at=at)
    assert missed(stranger, 0) == []
    assert missed(Viewer(cast.ana.pk, False, frozenset({cast.front.pk})), 0) != []


def test_fields_a_form_does_not_show_change_nothing(cast, signed_in):
    client = signed_in("ana")
    more = {
        "is_administrator": "on",
        "department_id": cast.accounting.pk,
        "author": cast.ben.pk,
        "author_id": cast.ben.pk,
    }
    client.post(reverse("note", args=[cast.conversation.pk]), {"body": "hello"} | more)
    client.post(
        reverse("rename"),
        {"ids": cast.conversation.pk, "subject": "New", "customer": 99, "pk": 77, "state": "done"} | more,
    )
    cast.conversation.refresh_from_db()
    cast.ana.refresh_from_db()
    assert (cast.conversation.subject, cast.conversation.state) == ("New", "open")
    assert cast.conversation.notes.get().author == cast.ana and not cast.ana.is_administrator


def test_a_sign_in_link_works_once_in_time_and_whole(cast):
    now = timezone.now()
    token = sign_in_links.make(cast.ana, now)
    path = reverse("sign-in-once", args=[token])
    for bad in (token[:-1], token + "x", token.swapcase(), sign_in_links.make(cast.ana, now - timedelta(hours=1))):
        assert Client().post(reverse("sign-in-once", args=[bad])).status_code == 422
    client = Client()
    assert client.get(path).status_code == 200 and "_auth_user_id" not in client.session
    before = client.session.session_key
    assert client.post(path).status_code == 302 and client.session["_auth_user_id"] == str(cast.ana.pk)
    assert client.session.session_key != before, "the session of a stranger became that of a colleague"
    assert Client().post(path).status_code == 422
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_wrong_passwords_lock_the_pair_of_name_and_address_and_no_colleague_elsewhere(cast, settings):
    door = reverse("account_login")
    codes = [Client().post(door, {"login": "ana@company.test", "password": f"wrong {n}"}).status_code for n in range(8)]
    assert codes[-1] == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7").post(door, {"login": "ana@company.test", "password": "wrong"})
    assert elsewhere.status_code == 200


def test_nobody_can_sign_up_or_have_a_password_mailed(cast):
    for path in (
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/admin/",
    ):
        assert Client().get(path).status_code == 404, path


@both
def test_after_signing_in_nobody_is_led_elsewhere(source, cast, signed_in):
    client, away = signed_in("ana"), []
    for vector in vectors(source, "redirect"):
        for name in ("next",):
            where = client.post(reverse("follow"), {"ids": cast.conversation.pk, name: vector.text}).headers.get(
                "Location", ""
            )
            door = Client().get(reverse("account_login"), {name: vector.text})
            assert door.status_code == 200, vector.name
            signed = client.get(reverse("account_login"), {name: vector.text}).headers.get("Location", "")
            away += [(vector.name, place) for place in (where, signed) if not _ours(place)]
    assert not away


def _ours(place: str) -> bool:
    return place == "" or (
        place.startswith("/") and not place.startswith(("//", "/\\")) and not set(place) & set("\t\r\n\\")
    )
