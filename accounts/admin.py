"""Staff's view of people: mostly to look. ID numbers are not here in any form but masked."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import handles
from .models import Consent, Identity, LegalText, Message, User


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list and its pages, without any way to change them."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People. Superusers may close accounts and make staff; nobody types a password for somebody else."""

    list_display = ["__str__", "email", "phone", "language", "is_active", "is_staff", "joined_at"]
    list_filter = ["language", "is_staff", "is_active"]
    search_fields = ["name", "email", "phone"]
    search_help_text = _("Name, e-mail, or phone in any writing")
    fields = ["name", "email", "phone", "language", "is_active", "is_staff", "groups", "joined_at", "last_login"]
    readonly_fields = ["email", "phone", "joined_at", "last_login"]
    filter_horizontal = ["groups"]
    show_full_result_count = False
    list_per_page = 50

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Phones are found however they are written."""
        with contextlib.suppress(handles.BadPhone):
            search_term = handles.phone(search_term)
        return super().get_search_results(request, queryset, search_term)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LegalText)
class LegalTextAdmin(ReadOnlyAdmin):
    """The texts, every version. New ones come from files, by `load_legal`."""

    list_display = ["kind", "version", "language", "title", "published_at"]
    list_filter = ["kind", "language"]
    ordering = ["kind", "-version", "language"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to what."""

    list_display = ["at", "user", "text", "subject"]
    list_select_related = ["user", "text"]
    list_filter = ["text__kind"]
    search_fields = ["subject"]
    ordering = ["-at"]


@admin.register(Identity)
class IdentityAdmin(ReadOnlyAdmin):
    """That an identity is kept, masked, and until when."""

    list_display = ["masked", "user", "created_at", "erase_on", "erased_at"]
    list_select_related = ["user"]
    fields = ["masked", "user", "collection_consent", "cross_border_consent", "created_at", "erase_on", "erased_at"]
    ordering = ["-created_at"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What was told to whom, and whether it left the house."""

    list_display = ["created_at", "kind", "channel", "to", "language", "status", "sent_at"]
    list_filter = ["channel", "status", "kind"]
    search_fields = ["to"]
    fields = [
        "kind",
        "channel",
        "to",
        "user",
        "language",
        "subject",
        "shown_body",
        "status",
        "created_at",
        "sent_at",
        "read_at",
    ]
    ordering = ["-created_at"]

    @admin.display(description=_("text"))
    def shown_body(self, message: Message) -> str:
        """The text; while a code waits to be sent it is nobody's to read."""
        return "•" if message.kind == "sign_in_code" else message.body
