"""Whatever somebody types or mails is kept sign for sign, shown as words, and is never a command."""

import re
import unicodedata
from html import escape, unescape

import pytest
from django.urls import reverse

from pitcrew.conversations import actions
from pitcrew.conversations.models import CannedReply, Conversation, Draft, Note, Tagging
from tests.attacks.mails import carrier
from tests.attacks.vectors import both, vectors

pytestmark = pytest.mark.django_db
QUIET = {"HX-Request": "true"}


def one_line(text: str) -> str:
    return " ".join(text.split())


def bare(name: str) -> str:
    """The signs of a header that show: without blanks, control signs and the marks that mail puts around names."""
    shown = (sign for sign in name if not sign.isspace() and unicodedata.category(sign) != "Cc")
    return "".join(shown).replace('"', "").strip("'<>")


def strings(source: str) -> list[str]:
    # A byte order mark opens a file, it is no sign of its text.
    found = [
        v.text.replace("\0", "").removeprefix("\ufeff") for kind in ("text", "broken") for v in vectors(source, kind)
    ]
    return [text for text in found if text.strip()]


@both
def test_a_subject_a_tag_and_a_draft_are_kept_sign_for_sign(source, cast, signed_in):
    client, pk = signed_in("ana"), cast.conversation.pk
    for text in strings(source):
        client.post(reverse("rename"), {"ids": pk, "subject": text}, headers=QUIET)
        assert Conversation.objects.get(pk=pk).subject == one_line(text)[:500]
        client.post(reverse("tag"), {"ids": pk, "name": text[:60]}, headers=QUIET)
        word = one_line(text[:60]).lower()[:60]
        assert not word or Tagging.objects.filter(conversation=pk, tag__name=word).exists(), text
        client.post(reverse("draft", args=[pk]), {"body": text, "kind": "reply"})
        assert Draft.objects.get(conversation=pk, staff=cast.ana, is_note=False).html == text


@both
def test_what_is_written_in_the_composer_arrives_as_the_same_words(source, cast, signed_in):
    client, pk = signed_in("ana"), cast.conversation.pk
    for text in map(one_line, strings(source)):
        answer = client.post(reverse("note", args=[pk]), {"body": f"<div>{escape(text)}</div>"}, headers=QUIET)
        assert answer.status_code == 200, text
        assert one_line(Note.objects.order_by("-pk")[0].text) == text


@both
def test_a_page_shows_the_words_and_nothing_but_the_words(source, cast, signed_in, at):
    client = signed_in("ana")
    address = reverse("conversation", args=[cast.conversation.pk]) + "?part=live"
    for text in strings(source):
        actions.rename(cast.conversation, text, by=cast.by, at=at)
        page = client.get(address).content.decode()
        heading = re.search(r'<h1 dir="auto">([^<]*)</h1>', page)
        assert heading and unescape(heading[1]) == (one_line(text)[:500] or "(no subject)"), text


@both
def test_a_mail_keeps_every_sign_of_subjects_names_and_words(source, takes):
    texts = strings(source)
    taken = takes([carrier(text, number=n, html="<p>x</p>") for n, text in enumerate(texts)])
    for text, message in zip(texts, taken, strict=True):
        assert one_line(message.text) == one_line(text)
        assert bare(message.subject) == bare(text[:300])
        assert bare(message.name) == bare(text[:150])


@both
def test_a_gap_of_a_canned_reply_takes_a_word_and_runs_nothing(source, cast, signed_in, at):
    client, address = signed_in("ana"), reverse("canned", args=[cast.conversation.pk])
    actions.add_canned("Kept", "|", by=cast.by, at=at)
    kept = CannedReply.objects.get()
    for vector in vectors(source, "text"):
        text = vector.text.replace("\0", "")
        actions.rename(cast.conversation, text, by=cast.by, at=at)
        actions.change_canned(
            kept, name="Kept", department=None, text=text + "|{conversation.subject}|", by=cast.by, at=at
        )
        shown = unescape(client.get(address).content.decode())
        assert f"{text}|{one_line(text)[:500]}|" in shown, text
