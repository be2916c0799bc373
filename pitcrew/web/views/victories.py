"""Victories, and the conversations behind each of their numbers."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pitcrew.problems.models import Victory
from pitcrew.problems.queries import rows_behind, victories
from pitcrew.web.acting import Request
from pitcrew.web.rules import staff_only

SIDES = ("before", "after")


@staff_only
@require_safe
def index(request: Request) -> HttpResponse:
    """What went well, the newest first."""
    return render(request, "victories/list.html", {"victories": victories()})


@staff_only
@require_safe
def rows(request: Request, pk: int, side: str) -> HttpResponse:
    """The conversations that a number counts, as far as one may see them."""
    victory = get_object_or_404(Victory.objects.select_related("problem"), pk=pk)
    if side not in SIDES:
        raise Http404("A victory has numbers before and after.")
    found, hidden = rows_behind(victory, side, request.user)
    number = victory.before if side == "before" else victory.after
    shown = {"victory": victory, "side": side, "rows": found, "hidden": hidden, "number": number}
    return render(request, "victories/rows.html", shown)
