"""Addresses of a seller's beginnings, all under /sell/."""

from django.urls import URLPattern, path

from . import dashboard as pages

storefront: list[URLPattern] = []
dashboard: list[URLPattern] = [
    path("apply/", pages.apply, name="apply"),
    path("status/", pages.status, name="status"),
    path("help/", pages.help_page, name="help"),
    path("papers/<uuid:pk>/", pages.paper, name="paper"),
]
machine: list[URLPattern] = []
