"""The door: signing in by password, by passkey, or at the company's own provider."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.views import LoginView
from django.conf import settings
from django.urls import reverse

from pitcrew.web.telling import same_site


class Door(LoginView):
    """The page that asks who one is."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        providers = getattr(settings, "SOCIALACCOUNT_PROVIDERS", {}).get("openid_connect", {}).get("APPS", [])
        back = same_site(self.request, self.request.GET.get("next", ""), "")
        asked = "?" + urlencode({"next": back}) if back else ""
        addresses = [
            {"name": app["name"], "address": reverse("openid_connect_login", args=[app["provider_id"]]) + asked}
            for app in providers
        ]
        return super().get_context_data(**kwargs) | {"providers": addresses}
