"""The addresses of people outside the company: partners and customers, by signed link."""

from django.urls import URLPattern, path

from pitcrew.relays.doors.addresses import LEG, PAGE
from pitcrew.web.views.outside import desk, pages

urlpatterns: list[URLPattern] = [
    path(f"{LEG}/<str:word>/", pages.leg, name="outside-leg"),
    path(f"{PAGE}/<str:word>/", pages.progress, name="outside-progress"),
    path("conversations/<int:pk>/progress/", desk.see_progress, name="see-progress"),
    path("conversations/<int:pk>/progress/withdraw/", desk.withdraw_progress, name="withdraw-progress"),
    path("doors/<int:pk>/revoke/", desk.revoke_door, name="revoke-door"),
]
