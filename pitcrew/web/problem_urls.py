"""The addresses of root causes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
