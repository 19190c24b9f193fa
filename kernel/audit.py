"""The audit trail: who did which deed to what. Rows are only ever added, and are sealed into a chain by the clock."""

from typing import Any

from django.db import models

from .models import AuditRecord


def record(actor: str, deed: str, thing: models.Model | None = None, **detail: Any) -> AuditRecord:
    """Write down a deed in the caller's transaction: it stands if the deed stands.

    `detail` holds short facts that JSON can carry; never put a secret there.
    """
    return AuditRecord.objects.create(
        actor=actor,
        deed=deed,
        thing=thing._meta.label_lower if thing is not None else "",
        thing_id=str(thing.pk) if thing is not None else "",
        detail=detail,
    )
