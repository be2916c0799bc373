"""The one-time link that signs somebody in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from pitcrew.people.sign_in_links import redeem
from pitcrew.web.rules import anybody
from pitcrew.web.signing_in import can_come_back, sign_in


@anybody
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_once(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at the link uses nothing up, since mail scanners look too; pressing the button does."""
    if request.method != "POST":
        return render(request, "doors/once.html", {"token": token})
    staff = redeem(token, timezone.now())
    sign_in(request, staff)
    return redirect("home" if can_come_back(staff) else "mfa_index")
