"""Addresses of a person's own pages."""

from django.urls import URLPattern, path

from . import addressbook
from . import storefront as pages

storefront: list[URLPattern] = [
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("sign-up/", pages.sign_up, name="sign_up"),
    path("sign-in/code/", pages.code, name="code"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("language/", pages.set_language, name="set_language"),
    path("settings/", pages.settings_page, name="settings"),
    path("me/", pages.me, name="me"),
    path("me/name/", pages.rename, name="rename"),
    path("me/password/", pages.password, name="password"),
    path("me/identity/", pages.identity, name="identity"),
    path("me/inbox/", pages.inbox, name="inbox"),
    path("addresses/", addressbook.addresses_list, name="addresses"),
    path("addresses/add/", addressbook.add_address, name="add_address"),
    path("addresses/<int:pk>/", addressbook.edit_address, name="edit_address"),
    path("addresses/<int:pk>/delete/", addressbook.delete_address, name="delete_address"),
    path("addresses/<int:pk>/default/", addressbook.default_address, name="default_address"),
    path("regions.json", addressbook.regions_json, name="regions"),
]
dashboard: list[URLPattern] = []
machine: list[URLPattern] = []
