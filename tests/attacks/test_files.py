"""Names of files that want to be paths, and files that want to be pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pitcrew.conversations import actions
from pitcrew.conversations.files import files
from pitcrew.conversations.incoming import File
from pitcrew.conversations.models import Attachment
from tests.attacks.mails import carrier
from tests.attacks.vectors import both, vectors

pytestmark = pytest.mark.django_db


@both
def test_no_name_of_a_file_leads_out_of_the_store_or_into_a_header(source, cast, signed_in, takes, data_folder):
    every = vectors(source, "path")
    taken = takes([carrier(vector.text.replace("\0", ""), number=n, html="<p>x</p>") for n, vector in enumerate(every)])
    client = signed_in("ada")
    assert len(taken) == len(every)
    for found in Attachment.objects.all():
        assert not set("/\\\0\r\n") & set(found.name) and not found.name.startswith("."), found.name
        answer = client.get(reverse("attachment", args=[found.pk]))
        shown = answer.headers["Content-Disposition"]
        assert shown.startswith("attachment") and not set("/\\\r\n") & set(shown), shown
        assert b"".join(answer.streaming_content).startswith(b"file ")
    held = [path for path in data_folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert not [path for path in held if not path.is_relative_to(data_folder / "files")]


@both
def test_an_uploaded_file_keeps_no_path(source, cast, signed_in):
    client, pk = signed_in("ana"), cast.conversation.pk
    for vector in vectors(source, "path")[::4]:
        name = vector.text.replace("\0", "").replace("\r", "").replace("\n", "")[:200] or "x"
        upload = SimpleUploadedFile("x", b"content")
        upload.name = name
        assert client.post(reverse("upload", args=[pk]), {"file": upload}).status_code in (200, 422), name


ACTIVE = [
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<script>alert(1)</script>",
    b"%PDF-1.4 /JavaScript",
]


@both
def test_a_file_is_saved_and_never_a_page_of_ours(source, cast, signed_in, at):
    contents = ACTIVE if source == "own" else [vector.raw for vector in vectors(source, "file")]
    client = signed_in("ana")
    for kind in (
        "text/html",
        "image/svg+xml",
        "image/png",
        "application/pdf",
        "text/xml",
        "IMAGE/PNG",
        "image/png; x=html",
    ):
        kept = [File(f"{n}.html", kind, len(c), files().put(c)) for n, c in enumerate(contents)]
        actions.note(cast.conversation, "look", files=kept, by=cast.by, at=at)
    for found in Attachment.objects.all():
        answer = client.get(reverse("attachment", args=[found.pk]))
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        answers = [answer, client.get(reverse("picture", args=[found.pk]))]
        assert (answers[1].status_code == 200) == (found.content_type.lower() == "image/png")
        for each in answers:
            assert each.headers["X-Content-Type-Options"] == "nosniff"
            if each.status_code == 200:
                assert each.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
