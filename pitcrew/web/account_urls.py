"""The addresses of signing in: those of django-allauth that we use, each with its rule. Nobody can sign up."""

from importlib import import_module

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as elsewhere
from django.apps import apps
from django.urls import URLPattern, path

from pitcrew.web.rules import anybody, staff_only
from pitcrew.web.views.account import show, sign_out_elsewhere
from pitcrew.web.views.door import Door

urlpatterns: list[URLPattern] = [
    path("", show, name="mfa_index"),
    path("passkeys/", show, name="mfa_list_webauthn"),
    path("sign-out-elsewhere/", sign_out_elsewhere, name="sign-out-elsewhere"),
    path("login/", anybody(Door.as_view()), name="account_login"),
    path("logout/", anybody(account.logout), name="account_logout"),
    path("reauthenticate/", staff_only(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", staff_only(account.password_change), name="account_change_password"),
    path("password/set/", staff_only(account.password_set), name="account_set_password"),
    path("codes/ask/", anybody(mfa.authenticate), name="mfa_authenticate"),
    path("codes/reauthenticate/", staff_only(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("codes/on/", staff_only(totp.activate_totp), name="mfa_activate_totp"),
    path("codes/off/", staff_only(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery/", staff_only(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("recovery/new/", staff_only(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("recovery/download/", staff_only(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("passkeys/login/", anybody(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/add/", staff_only(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/reauthenticate/", staff_only(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/rename/", staff_only(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", staff_only(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("elsewhere/cancelled/", anybody(elsewhere.login_cancelled), name="socialaccount_login_cancelled"),
    path("elsewhere/error/", anybody(elsewhere.login_error), name="socialaccount_login_error"),
]
if apps.is_installed("allauth.socialaccount.providers.openid_connect"):
    oidc = import_module("allauth.socialaccount.providers.openid_connect.views")  # 70 ms of every start, if not used
    urlpatterns += [
        path("oidc/<str:provider_id>/login/", anybody(oidc.login), name="openid_connect_login"),
        path("oidc/<str:provider_id>/login/callback/", anybody(oidc.callback), name="openid_connect_callback"),
    ]
