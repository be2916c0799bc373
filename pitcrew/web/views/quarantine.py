"""The quarantine: mail that could not be taken in. Nothing of it acts here; it is looked at, saved, tried again."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from pitcrew.channels.email import quarantine
from pitcrew.channels.email.models import Arrival
from pitcrew.channels.email.queries import quarantined
from pitcrew.web.acting import Request
from pitcrew.web.raw_mail import head_of, shown_sender
from pitcrew.web.rules import desk_only
from pitcrew.web.telling import answer

MOST = 200
ALONE = "default-src 'none'; sandbox"


@desk_only
@require_safe
def index(request: Request) -> HttpResponse:
    """What lies there, newest first."""
    rows = list(quarantined()[: MOST + 1])
    shown = [(row, shown_sender(row)) for row in rows[:MOST]]
    return render(request, "quarantine/list.html", {"rows": shown, "more": len(rows) > MOST})


@desk_only
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """One mail: why it lies here, and its headers as plain text."""
    arrival = get_object_or_404(quarantined(), pk=pk)
    shown = {"arrival": arrival, "sender": shown_sender(arrival), "head": head_of(quarantine.raw(arrival))}
    return render(request, "quarantine/mail.html", shown)


@desk_only
@require_safe
def download(request: Request, pk: int) -> HttpResponse:
    """The mail exactly as it arrived, to be saved: never shown as a page of ours."""
    arrival = get_object_or_404(quarantined(), pk=pk)
    response = HttpResponse(quarantine.raw(arrival), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="mail-{arrival.pk}.eml"'
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    return response


@desk_only
@require_POST
def try_one(request: Request, pk: int) -> HttpResponse:
    """Let the intake have another look at one."""
    arrival = get_object_or_404(Arrival, pk=pk)
    if quarantine.try_again(arrival):
        return answer(
            request, "It is tried again. If it still cannot be read, it comes back here.", back="/quarantine/"
        )
    return answer(request, "It is not in quarantine any more.", back="/quarantine/")


@desk_only
@require_POST
def try_all(request: Request) -> HttpResponse:
    """Let the intake have another look at all of them."""
    tried = sum(quarantine.try_again(arrival) for arrival in quarantined().iterator(chunk_size=500))
    told = f"{tried} mail{' is' if tried == 1 else 's are'} tried again. What still cannot be read comes back here."
    return answer(request, told, back="/quarantine/")
