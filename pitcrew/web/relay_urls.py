"""The addresses of handing over, legs and templates."""

from django.urls import URLPattern, path

from pitcrew.web.views import handing_over, legs

urlpatterns: list[URLPattern] = [
    path("conversations/<int:pk>/hand-over/", handing_over.hand_over, name="hand-over"),
    path("legs/", legs.index, name="legs"),
    path("legs/<int:pk>/", legs.show, name="leg"),
    path("legs/<int:pk>/<slug:verb>/", legs.act, name="leg-act"),
]
