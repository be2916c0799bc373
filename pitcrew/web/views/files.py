"""Files and HTML mail: what came from outside is given out so that it cannot act here."""

import unicodedata

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pitcrew.conversations.files import files
from pitcrew.conversations.models import Attachment, Conversation, Message
from pitcrew.kit.mail_html import FRAME_CSP, FRAME_CSP_WITH_REMOTE_PICTURES, frame
from pitcrew.web.acting import Request
from pitcrew.web.rules import staff_only

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"})
ALONE = "default-src 'none'; sandbox"


@staff_only
@require_safe
def mail(request: Request, pk: int) -> HttpResponse:
    """An HTML mail as it was sent, a document of its own for a frame that can do nothing."""
    message = _visible_message(request, pk)
    remote = request.GET.get("pictures") == "remote"
    inline = {f.content_id.strip("<>"): _address(f) for f in message.attachments.all() if f.content_id}
    response = HttpResponse(frame(message.html, remote_pictures=remote, inline_pictures=inline.get))
    response["Content-Security-Policy"] = FRAME_CSP_WITH_REMOTE_PICTURES if remote else FRAME_CSP
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response


@staff_only
@require_safe
def attachment(request: Request, pk: int) -> FileResponse:
    """The file itself, to be saved: never shown as a page of ours."""
    found = _visible_attachment(request, pk)
    return _given(found, "application/octet-stream", as_attachment=True)


@staff_only
@require_safe
def picture(request: Request, pk: int) -> FileResponse:
    """A picture that came with a message, to be seen in its place."""
    found = _visible_attachment(request, pk)
    kind = found.content_type.lower()
    if kind not in PICTURES:
        raise Http404("That file is no picture that can be shown.")
    return _given(found, kind, as_attachment=False)


def _given(found: Attachment, content_type: str, *, as_attachment: bool) -> FileResponse:
    try:
        file = files().open(found.content_hash)
    except (FileNotFoundError, ValueError):
        raise Http404(f"The file {found.name} is not in the store. Restore it from a backup.")
    response = FileResponse(
        file, as_attachment=as_attachment, filename=safe_name(found.name), content_type=content_type
    )
    response["Content-Security-Policy"] = ALONE
    response["Cache-Control"] = "private, max-age=86400"
    return response


def safe_name(name: str) -> str:
    """A file's name without folders, control characters or marks that turn writing around (CWE-22, CWE-451)."""
    kept = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"))
    kept = kept.replace("\\", "/").rpartition("/")[2].strip(" .")
    return kept[:150] or "file"


def _address(found: Attachment) -> str:
    return reverse("picture", args=[found.pk])


def _visible_message(request: Request, pk: int) -> Message:
    seen = Conversation.objects.visible_to(request.user)
    message = Message.objects.filter(pk=pk).only("words", "conversation").first()
    if message is None or not seen.filter(pk=message.conversation_id).exists():
        raise Http404("There is no such message that you may see.")
    return message


def _visible_attachment(request: Request, pk: int) -> Attachment:
    found = Attachment.objects.filter(pk=pk).select_related("message", "note").first()
    seen = Conversation.objects.visible_to(request.user)
    if found is None or not seen.filter(pk=found.about).exists():
        raise Http404("There is no such file that you may see.")
    return found
