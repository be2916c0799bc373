"""What customers and files say is shown as words: nothing acts, nothing leaves the page, nothing forges a header."""

from datetime import timedelta

import pytest

from pitcrew.conversations import actions
from pitcrew.conversations.files import files
from pitcrew.conversations.incoming import File, Incoming
from pitcrew.conversations.models import Attachment
from pitcrew.web.views.files import safe_name
from pitcrew.web.words import linked

WORDS = [
    '<script>alert(1)</script><img src=x onerror="alert(1)">',
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "\"' onmouseover=alert(1) x='",
    "</title></textarea></trix-editor><svg onload=alert(1)>",
]


@pytest.mark.parametrize("words", WORDS)
def test_words_of_a_customer_stay_words_on_every_screen(words, cast, signed_in, at):
    letter = Incoming(channel="email", address="m@customer.test", name=words, subject=words, text=words, warning=words)
    letter.html = f"<p>{words}</p>"
    message = actions.receive(letter, by=cast.by, at=at + timedelta(hours=1))
    how = {"by": cast.by, "at": at + timedelta(hours=2)}
    actions.tag(message.conversation, words, **how)
    actions.note(message.conversation, words, **how)
    actions.reply(message.conversation, words, to=[f"{words}@x.test"], **how)
    ana = signed_in("ana")
    for screen in (
        f"/conversations/{message.conversation_id}/",
        "/queue/waiting/",
        "/search/?q=alert",
        "/history/",
        f"/ask/tag/?ids={message.conversation_id}",
        f"/ask/merge/?ids={cast.conversation.pk}",
    ):
        shown = ana.get(screen).content.decode()
        for bait in ("<script>alert", "<img src=x", "<svg onload", " onmouseover=alert(1) x='", ">49<"):
            assert bait not in shown, f"{bait} on {screen}"


def test_html_mail_comes_alone_with_a_policy_of_its_own(cast, signed_in, at):
    letter = Incoming(
        channel="email", address="m@customer.test", text="Hi", html="<p onclick=x()>Hi</p><script>x</script>"
    )
    message = actions.receive(letter, by=cast.by, at=at)
    response = signed_in("ana").get(f"/mails/{message.pk}/")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert "https:" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "onclick" not in response.content.decode()
    remote = signed_in("ana").get(f"/mails/{message.pk}/?pictures=remote")
    assert "img-src 'self' data: https:" in remote["Content-Security-Policy"]


@pytest.fixture
def attached(cast, at):
    def attach(name: str, content_type: str, content: bytes = b"bytes") -> Attachment:
        file = File(name, content_type, len(content), files().put(content))
        letter = Incoming(channel="email", address="m@customer.test", text="See it.", files=[file])
        return Attachment.objects.get(message=actions.receive(letter, by=cast.by, at=at))

    return attach


def test_a_file_is_saved_and_never_shown_as_a_page(attached, signed_in):
    page = attached("invoice.html", "text/html", b"<script>alert(1)</script>")
    response = signed_in("ana").get(f"/attachments/{page.pk}/")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="invoice.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert signed_in("ana").get(f"/attachments/{page.pk}/picture/").status_code == 404
    assert signed_in("cleo").get(f"/attachments/{page.pk}/").status_code == 404


def test_a_drawing_that_could_act_is_no_picture(attached, signed_in):
    drawing = attached("logo.svg", "image/svg+xml", b"<svg onload='alert(1)'/>")
    assert signed_in("ana").get(f"/attachments/{drawing.pk}/picture/").status_code == 404
    photo = attached("photo.png", "image/png")
    assert signed_in("ana").get(f"/attachments/{photo.pk}/picture/")["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("a\r\nSet-Cookie: x=1", "aSet-Cookie: x=1"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_the_name_of_a_file_is_only_a_name(name, saved, attached, signed_in):
    assert safe_name(name) == saved
    response = signed_in("ana").get(f"/attachments/{attached(name, 'text/plain').pk}/")
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", 'http://x"onclick=y'])
def test_only_web_addresses_become_links(address):
    shown = str(linked(f"see {address} there"))
    assert "javascript:" not in shown.partition("href=")[2]
    assert "onclick" not in shown.partition('href="')[2].partition('"')[0]


def test_numbers_become_links_only_in_notes():
    assert "href" not in linked("see #12")
    assert '<a href="/conversations/12/">#12</a>' in linked("see #12", numbers=True)
    assert "href" not in linked("&#12; a#12", numbers=True)


def test_an_address_that_is_none_is_said_so(cast, signed_in):
    answer = {"body": "Hello", "to": "martin@customer.test, x\r\nBcc: all@customer.test"}
    response = signed_in("ana").post(
        f"/conversations/{cast.conversation.pk}/reply/", answer, headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    assert "is no e-mail address" in response.content.decode()


def test_a_forged_upload_is_refused(cast, signed_in):
    answer = {"body": "Hello", "to": "martin@customer.test", "files": "forged"}
    response = signed_in("ana").post(
        f"/conversations/{cast.conversation.pk}/reply/", answer, headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    assert "did not arrive whole" in response.content.decode()
