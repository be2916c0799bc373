"""How colleagues sign in, and that nobody becomes one by signing in: an administrator adds them first."""

from dataclasses import asdict
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pitcrew.people.models import Staff
from pitcrew.people.queries import normalised, staff_at
from pitcrew.web.telling import KEY, Told, refuse, same_site

LOCKED = (
    "Too many wrong passwords for this address. Wait 15 minutes and try again, or ask an administrator for a "
    "sign-in link: it works at once."
)
BUSY = "Too many tries in a short time. Wait a minute, then try again."
NOT_ACTIVE = "Your account is no longer active. Ask an administrator."
SAID = {
    "account/messages/password_changed.txt": "Your password is changed. Other browsers were signed out.",
    "account/messages/password_set.txt": "Your password is set. Use it the next time you sign in.",
    "mfa/messages/totp_activated.txt": "Codes are on: signing in with your password now asks for one.",
    "mfa/messages/totp_deactivated.txt": "Codes are off.",
    "mfa/messages/recovery_codes_generated.txt": "Ten recovery codes are made. Earlier ones no longer work.",
    "mfa/messages/webauthn_added.txt": "The passkey is added. Use it the next time you sign in.",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed.",
}


def sign_in(request: HttpRequest, staff: Staff) -> None:
    """Let somebody in who has proved by a link of ours who they are."""
    login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
    record_authentication(request, staff, method="link", reauthenticated=True)


def can_come_back(staff: Staff) -> bool:
    """Whether this person has another way in than a link: a password or a passkey."""
    return staff.has_usable_password() or is_mfa_enabled(staff, ["webauthn"])


class Colleagues(DefaultAccountAdapter):
    """Addresses come from the staff alone, messages are told in our words, and nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Address and password do not belong together. Look at both once more.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your present password.",
        "incorrect_code": "That code does not fit. Codes change every 30 seconds; take the newest one.",
        "too_many_login_attempts": LOCKED,
        "rate_limited": BUSY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return bool(url) and same_site(self.request, url, "") == url

    def set_password(self, user: Any, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def clean_email(self, email: str) -> str:
        return normalised("email", email)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return refuse(request, NOT_ACTIVE, status=403)

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        if message or message_template in SAID:
            request.session[KEY] = asdict(Told(str(message or SAID[message_template])))


class SecondFactors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code does not fit. Codes change every 30 seconds; take the newest one.",
    }

    def get_totp_issuer(self) -> str:
        return "Pitcrew"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return "This device"


class ColleaguesElsewhere(DefaultSocialAccountAdapter):
    """Signing in at the company's own provider (OIDC): whoever it says has the address of a colleague is that one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        sociallogin.state["process"] = "login"  # nothing is ever connected: the staff alone says who has which address
        trusts = settings.OIDC_TRUSTS_ADDRESSES
        addresses = [a.email for a in sociallogin.email_addresses if a.verified is True or trusts]
        sociallogin.user = next(filter(None, map(staff_at, addresses)), None)


def too_many(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Somebody asks faster than people do (urls: handler429)."""
    return refuse(request, BUSY, status=429)


def who_tries(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The address somebody tries to sign in with, as lockouts count it."""
    tried = (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login", "")
    return normalised("email", tried)[:255]


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """What somebody reads who tried too often."""
    return render(request, "account/locked.html", {"sentence": LOCKED}, status=429)
