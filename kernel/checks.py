"""What must be right before the house opens: the keys of the secrets it keeps."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from . import crypt


@register(Tags.security)
def keys_are_sound(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Each key is 32 bytes, one of them is current, and blind indexes have a key."""
    wrong: list[CheckMessage] = [
        Error(f"FIELD_KEYS: the key {key_id!r} is not 32 bytes long", id="kernel.E001")
        for key_id, key in settings.FIELD_KEYS.items()
        if len(key) != 32
    ]
    if settings.FIELD_KEY_CURRENT not in settings.FIELD_KEYS:
        wrong.append(Error("FIELD_KEY_CURRENT names no key of FIELD_KEYS", id="kernel.E002"))
    if not settings.BLIND_INDEX_KEY:
        wrong.append(Error("BLIND_INDEX_KEY is empty", id="kernel.E003"))
    return wrong


@register(Tags.database)
def no_used_key_is_gone(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every key that sealed a row is still among FIELD_KEYS. Runs with `check --database` and before migrating."""
    if not databases:
        return []
    wrong: list[CheckMessage] = []
    for model, column in crypt.declared():
        try:
            gone = crypt.keys_in_use(model, column) - set(settings.FIELD_KEYS)
        except DatabaseError:  # the table is not there yet
            continue
        wrong += [
            Error(
                f"{model._meta.label}.{column} holds rows sealed by the key {key_id!r}, which FIELD_KEYS lacks",
                id="kernel.E004",
            )
            for key_id in sorted(gone)
        ]
    return wrong
