"""The way into the settings."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from pitcrew.web.acting import Request
from pitcrew.web.rules import staff_only
from pitcrew.web.settings_page import parts


@staff_only
@require_safe
def index(request: Request) -> HttpResponse:
    """The first part that this person may open."""
    return redirect(parts(request.user)[0].url)
