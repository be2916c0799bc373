"""The addresses of broken links, and of being away."""

from django.urls import URLPattern, path

from pitcrew.web.views import links

urlpatterns: list[URLPattern] = [
    path("links/", links.index, name="links"),
    path("links/<int:pk>/mend/", links.mend, name="link-mend"),
    path("links/waits/<int:pk>/", links.waits, name="link-waits"),
    path("accounts/away/", links.away, name="away"),
    path("settings/staff/<int:pk>/away/", links.colleague_away, name="colleague-away"),
]
