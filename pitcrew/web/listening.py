"""Where Pitcrew itself answers, as the screens tell it."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

MAIL_PORT = 2525


def mail_port() -> int:
    """The port our mail listener took at the last start (its command keeps it in the data folder)."""
    try:
        return int(Path(settings.DATA, "mail-address").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return MAIL_PORT


def here(request: HttpRequest) -> str:
    """The address people open: PITCREW_URL, or the one this request came to."""
    return settings.BASE_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}"
