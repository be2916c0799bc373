"""The addresses of handing over, legs and templates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
