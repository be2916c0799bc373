"""The addresses of what we owe: calendars, policies, call-backs."""

from django.urls import URLPattern, path

from pitcrew.web.views import calling, promises

urlpatterns: list[URLPattern] = [
    path("settings/promises/", promises.index, name="promises"),
    path("settings/promises/usual/", promises.usual, name="promises-usual"),
    path("settings/promises/add/", promises.add_policy, name="policy-add"),
    path("settings/promises/<int:pk>/", promises.change_policy, name="policy"),
    path("settings/promises/<int:pk>/remove/", promises.remove_policy, name="policy-remove"),
    path("settings/hours/add/", promises.add_calendar, name="calendar-add"),
    path("settings/hours/<int:pk>/", promises.change_calendar, name="calendar"),
    path("settings/hours/<int:pk>/remove/", promises.remove_calendar, name="calendar-remove"),
    path("conversations/<int:pk>/call-back/", calling.promise, name="call-back"),
    path("conversations/<int:pk>/called/", calling.called, name="called"),
]
