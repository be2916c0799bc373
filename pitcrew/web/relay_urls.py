"""The addresses of handing over, legs and templates."""

from django.urls import URLPattern, path

from pitcrew.web.views import handing_over, legs, relay_templates

urlpatterns: list[URLPattern] = [
    path("conversations/<int:pk>/hand-over/", handing_over.hand_over, name="hand-over"),
    path("legs/", legs.index, name="legs"),
    path("legs/<int:pk>/", legs.show, name="leg"),
    path("legs/<int:pk>/<slug:verb>/", legs.act, name="leg-act"),
    path("settings/relays/", relay_templates.index, name="relay-templates"),
    path("settings/relays/add/", relay_templates.add, name="relay-add"),
    path("settings/relays/drawn/", relay_templates.draw, name="relay-drawn"),
    path("settings/relays/import/", relay_templates.take_in, name="relay-import"),
    path("settings/relays/<int:pk>/", relay_templates.change, name="relay-template"),
    path("settings/relays/<int:pk>/remove/", relay_templates.remove, name="relay-remove"),
    path("settings/relays/<int:pk>/export/", relay_templates.export, name="relay-export"),
    path("settings/relays/editions/<int:pk>/move/", relay_templates.move, name="relay-move"),
]
