"""The addresses of people outside the company: partners and customers, by signed link."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
