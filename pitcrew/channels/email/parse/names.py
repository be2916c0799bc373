"""Names of files that are safe to store, show and download."""

import re

from .limits import MAX_NAME

FORBIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
LIKE_A_PATH = re.compile(r"[/\\.]|[A-Za-z]:[/\\]|[^/]{0,200}\\")
LONGEST_SUFFIX = 20
DEFAULT = {
    "text/plain": "text.txt",
    "text/html": "page.html",
    "text/calendar": "invitation.ics",
    "text/csv": "table.csv",
    "text/rfc822-headers": "headers.txt",
    "message/rfc822": "message.eml",
    "message/global": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "receipt.txt",
    "message/feedback-report": "feedback-report.txt",
    "image/jpeg": "image.jpg",
    "image/png": "image.png",
    "image/gif": "image.gif",
    "image/svg+xml": "image.svg",
    "application/pdf": "document.pdf",
    "application/zip": "archive.zip",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc",
}


def safe_name(shown: str, kind: str = "") -> str:
    """A file name as sent, less what makes it a path, a hidden file, or look like another name than it is."""
    name = shown.strip()
    if LIKE_A_PATH.match(name):
        name = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    name = name.replace("/", "_")
    name = " ".join(FORBIDDEN.sub(" ", name).split()).strip(". ")
    if len(name) > MAX_NAME:
        stem, dot, suffix = name.rpartition(".")
        fits = dot and len(suffix) < LONGEST_SUFFIX
        name = f"{stem[: MAX_NAME - LONGEST_SUFFIX]}.{suffix}" if fits else name[:MAX_NAME]
    return name or DEFAULT.get(kind, "attachment")
