"""The addresses of broken links."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
