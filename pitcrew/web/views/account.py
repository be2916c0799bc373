"""How I sign in: my password, my passkeys, my codes, and where else I am signed in."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pitcrew.people.models import Membership
from pitcrew.web.acting import Request
from pitcrew.web.away import being_away
from pitcrew.web.rules import staff_only
from pitcrew.web.sessions import end_others, others_of
from pitcrew.web.settings_page import YOU, page
from pitcrew.web.signing_in import can_come_back
from pitcrew.web.telling import answer


@staff_only
@require_safe
def show(request: Request) -> HttpResponse:
    """Everything about my own account."""
    mine: dict[str, list] = {"webauthn": [], "totp": [], "recovery_codes": []}
    for one in Authenticator.objects.filter(user=request.user).order_by("created_at"):
        mine[one.type].append(one)
    shown: dict[str, Any] = {
        "passkeys": mine["webauthn"],
        "codes": mine["totp"],
        "left": sum(len(one.wrap().get_unused_codes()) for one in mine["recovery_codes"]),
        "memberships": Membership.objects.active().filter(staff=request.user).select_related("department"),
        "can_come_back": can_come_back(request.user),
        "elsewhere": len(others_of(request, timezone.now())),
    }
    return page(request, "account/show.html", part=YOU.url, **shown, **being_away(request.user))


@staff_only
@require_POST
def sign_out_elsewhere(request: Request) -> HttpResponse:
    """End every other session of mine."""
    ended = end_others(request, timezone.now())
    return answer(request, f"Signed out of {ended} other browser{'' if ended == 1 else 's'}.", back="/accounts/")
