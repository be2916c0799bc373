"""The addresses of what we owe: calendars, policies, call-backs."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
