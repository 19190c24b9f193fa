"""People's secrets and the audit trail: ID numbers are in the vault alone, and what happened stays written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils.module_loading import autodiscover_modules

from accounts.models import Identity
from kernel import crypt, sealing

from .base import Invariant, none_of

# An ID number of the People's Republic by its look: region, a birthday, a serial number and the check character.
LOOKS_LIKE_ID = r"\m[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\M"
WRITABLE = (models.CharField, models.TextField, models.JSONField)


def _do_not_open(now: datetime) -> Iterator[str]:
    """Opened only to see that they open; what comes out is thrown away."""
    for model, column in crypt.declared():
        kept = {name: it for parent in model.__mro__ for name, it in vars(parent).items()}
        names = [name for name, it in kept.items() if isinstance(it, crypt.Encrypted) and it.column == column]
        for row in model._base_manager.exclude(**{column: None}).order_by("pk").iterator(500):
            try:
                getattr(row, names[0])
            except crypt.Unreadable as error:
                yield f"{model._meta.label} {row.pk}: {error}"


def _sealed_by_lost_keys(now: datetime) -> Iterator[str]:
    for model, column in crypt.declared():
        for key in sorted(crypt.keys_in_use(model, column) - set(settings.FIELD_KEYS)):
            yield f"{model._meta.label}.{column} holds rows sealed by the key {key!r}, which is gone"


def _out_of_the_vault(now: datetime) -> Iterator[str]:
    """Look in every text that we keep for a number of the vault, by its keyed hash, so that nothing is opened."""
    kept = set(Identity.objects.exclude(id_number_blind="").values_list("id_number_blind", flat=True))
    if not kept:
        return
    for model, column in _texts():
        for pk, word in _lookalikes(model, column):
            if crypt.blind(word.upper(), purpose="identity") in kept:
                yield f"{model._meta.label} {pk}: {column} holds an ID number of the vault"


def _texts() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, WRITABLE) and getattr(field, "max_length", None) not in range(1, 18):
                yield model, str(field.column)


def _lookalikes(model: type[models.Model], column: str) -> list[tuple[Any, str]]:
    table, name = (connection.ops.quote_name(it) for it in (model._meta.db_table, column))
    key = connection.ops.quote_name(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, unnest(regexp_matches({name}::text, %s, 'g')) FROM {table} WHERE {name}::text ~ %s",  # noqa: S608
            [f"({LOOKS_LIKE_ID})", LOOKS_LIKE_ID],
        )
        return cursor.fetchall()


def _broken_chains(now: datetime) -> Iterator[str]:
    autodiscover_modules("tasks")
    for name in sealing.CHAINS:
        yield from sealing.verify(name)


INVARIANTS = [
    Invariant("secrets_open_where_they_are", "Every secret opens in its own row and column.", _do_not_open),
    Invariant("no_secret_lost_its_key", "No secret is sealed by a key that is gone.", _sealed_by_lost_keys),
    Invariant("id_numbers_stay_in_the_vault", "No text outside the vault holds an ID number.", _out_of_the_vault),
    none_of(
        "id_numbers_have_consents",
        "Each number has its owner's consent to collecting it and to sending it abroad.",
        """
        SELECT i.id FROM accounts_identity i
        JOIN accounts_consent a ON a.id = i.collection_consent_id JOIN accounts_legaltext t ON t.id = a.text_id
        JOIN accounts_consent b ON b.id = i.cross_border_consent_id JOIN accounts_legaltext u ON u.id = b.text_id
        WHERE a.user_id <> i.user_id OR b.user_id <> i.user_id
            OR t.kind <> 'id_collection' OR u.kind <> 'cross_border'
        ORDER BY 1
        """,
        "identity %s has not the two consents of its owner",
    ),
    none_of(
        "consents_quote_the_text",
        "A consent carries the hash of the words agreed to.",
        """
        SELECT c.id, t.kind, t.version FROM accounts_consent c JOIN accounts_legaltext t ON t.id = c.text_id
        WHERE c.text_sha256 <> t.sha256 ORDER BY 1
        """,
        "consent %s is to other words than those of %s v%s",
    ),
    none_of(
        "id_numbers_are_erased_in_time",
        "A number is erased within a day of its time, and then nothing of it is left.",
        """
        SELECT id, erase_on FROM accounts_identity WHERE CASE
            WHEN erased_at IS NULL THEN erase_on < (%(now)s - interval '1 day')::date
            ELSE id_number_cipher IS NOT NULL OR id_number_blind <> '' OR real_name <> '' END
        ORDER BY 1
        """,
        "identity %s should have been erased on %s",
    ),
    none_of(
        "id_numbers_are_masked",
        "What is shown of a number hides its middle.",
        "SELECT id FROM accounts_identity WHERE masked !~ '[*•]{4,}' OR masked ~ '[0-9]{8}' ORDER BY 1",
        "identity %s shows too much",
    ),
    none_of(
        "keeping_an_id_is_written_down",
        "The audit trail knows of each number that was kept, and of each that was erased.",
        """
        SELECT i.id FROM accounts_identity i WHERE NOT EXISTS (
            SELECT 1 FROM kernel_auditrecord a
            WHERE a.thing = 'accounts.identity' AND a.thing_id = i.id::text AND a.deed = 'id_kept'
        ) OR (i.erased_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM kernel_auditrecord a
            WHERE a.thing = 'accounts.identity' AND a.thing_id = i.id::text AND a.deed = 'id_erased'
        )) ORDER BY 1
        """,
        "the audit trail does not know of identity %s",
    ),
    Invariant("chains_are_unbroken", "The sealed chains of steps, audit and ledger verify.", _broken_chains),
]
