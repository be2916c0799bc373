"""What somebody wrote in the composer: its words, its formatted form, its files, and to whom it goes."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from pitcrew.channels.email.parse.html_text import readable
from pitcrew.conversations.files import files
from pitcrew.conversations.incoming import File
from pitcrew.conversations.models import Conversation, Direction, Message
from pitcrew.kit.mail_html import compose
from pitcrew.people.refusals import Refused

SALT = "pitcrew.web.upload"
LONGEST = 500_000  # characters of one answer
LARGEST = 25 * 1000 * 1000  # bytes of one file; what most mail hosts take
MOST_RECIPIENTS = 50
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.?[^@\s,;<>\"]+")
_IN_ANGLES = re.compile(r"<([^<>]*)>\s*\Z")
_FORMAT = re.compile(r"<(?!/?(?:div|br|p)\b)[a-z]", re.IGNORECASE)


@dataclass
class Written:
    """``html`` is empty where the words alone say it all."""

    text: str
    html: str
    files: list[File] = field(default_factory=list)


def written(request: HttpRequest) -> Written:
    """What the form holds. Raises Refused when it is too long."""
    body = request.POST.get("body", "")
    if len(body) > LONGEST:
        raise Refused("This is longer than 500,000 characters. Attach it as a file instead.")
    safe = compose(body)
    return Written(
        text=readable(safe).strip(),
        html=safe if _FORMAT.search(safe) else "",
        files=[_uploaded(token) for token in request.POST.getlist("files")[:50]],
    )


def keep(upload: UploadedFile) -> tuple[File, str]:
    """Put an uploaded file into the store; gives it, and the signed word by which the form names it."""
    if upload.size is None or upload.size > LARGEST:
        raise Refused(f"{upload.name} is larger than 25 MB. Most mail servers would refuse it; send a link instead.")
    digest = files().put(upload.read())
    kept = File(upload.name or "file", upload.content_type or "application/octet-stream", upload.size, digest)
    return kept, signing.dumps([kept.name, kept.content_type, kept.size, kept.content_hash], salt=SALT, compress=True)


def _uploaded(token: str) -> File:
    try:
        name, content_type, size, content_hash = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Refused("One of the files did not arrive whole. Remove it and attach it again.")
    return File(name, content_type, size, content_hash)


def addresses(text: str, what: str) -> list[str]:
    """E-mail addresses written with commas between them. Raises Refused with the one that is none."""
    found = []
    for part in (p.strip() for p in re.split(r"[,;\n]", text) if p.strip()):
        named = _IN_ANGLES.search(part)
        address = named[1] if named else part
        if not _ADDRESS.fullmatch(address) or len(address) > 320:
            raise Refused(f"{part[:80]} is no e-mail address. Correct it under {what}.")
        found.append(address)
    if len(found) > MOST_RECIPIENTS:
        raise Refused(f"An answer goes to at most {MOST_RECIPIENTS} people. Take some away.")
    return list(dict.fromkeys(found))


def refuse_when_stale(conversation: Conversation, newest: str, now: datetime) -> None:
    """Raises Refused when the customer wrote again after the page was drawn: the answer may say the wrong thing."""
    known = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 16 else 0
    later = Message.objects.filter(conversation=conversation, direction=Direction.IN, pk__gt=known)
    if known and later.exists():
        raise Refused("A new message arrived while you were writing. Read it above, then send again.")
