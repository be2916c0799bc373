"""What every screen knows without being told: who looks, when, in which light, and what was just done."""

import secrets
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from pitcrew.web.addresses import url
from pitcrew.web.rail import rail
from pitcrew.web.telling import last_told

THEMES = ("light", "dark")


def desk(request: HttpRequest) -> dict[str, Any]:
    """The context processor of our templates (TEMPLATES in settings)."""
    theme = request.COOKIES.get("theme", "")
    return {
        "now": timezone.now(),
        "theme": theme if theme in THEMES else "",
        "staff": getattr(request, "user", None),
        "rail": rail(request),
        "events_url": "/events",
        "home": url("home"),
        "last_told": last_told(request),
        "csp_nonce": lambda: nonce(request),
    }


def nonce(request: HttpRequest) -> str:
    """The word of this answer that lets a style in; made when first asked for."""
    if not hasattr(request, "csp_nonce"):
        request.csp_nonce = secrets.token_urlsafe(12)  # type: ignore[attr-defined]
    return request.csp_nonce  # type: ignore[attr-defined]
