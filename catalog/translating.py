"""Translations of the seller's own words by a provider outside the house, which the installation chooses.

`TRANSLATION_PROVIDER` is the dotted path of a class with a `name` and a `translate`; the default translates nothing. It
is asked from a task only, outside any transaction, for at most `TRANSLATION_TIMEOUT` seconds. What fails is tried again
and parked in the end, like all work. What comes back is a machine's text: nobody sees it in the shop before a person
has read it (`catalog.texts.accept`).
"""

from __future__ import annotations

import logging
import queue
import threading
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from kernel import audit, work
from kernel.refusals import Refusal

from . import wording
from .models import LANGUAGES, Product, ProductText
from .sheets import Sheet

log = logging.getLogger(__name__)

DESCRIPTION = ProductText.Field.DESCRIPTION


class Provider(Protocol):
    """Whoever translates. Languages are `zh`, `en`, `fr` or `rw`.

    None means that it does not translate this, now or later. A failure that may pass is an exception: we try again.
    """

    name: str

    def translate(self, text: str, source: str, target: str) -> str | None: ...


class Nobody:
    """Translates nothing: translators write every translation themselves."""

    name = "nobody"

    def translate(self, text: str, source: str, target: str) -> str | None:
        """Nothing, whatever the text."""
        return None


class NoProvider(Refusal):
    """Nobody outside translates for this installation."""

    code = "no_translation_provider"
    message = _("No translation provider is set up here.")


class TooSlow(Exception):
    """The provider did not answer in time."""


def provider() -> Provider:
    """The provider of this installation."""
    made: Provider = import_string(settings.TRANSLATION_PROVIDER)()
    return made


def is_set() -> bool:
    """Whether this installation has a provider at all."""
    return not isinstance(provider(), Nobody)


def ask(sheet: Sheet) -> None:
    """Have the seller's own words translated where no person's translation of them stands and none is proposed."""
    if not sheet.source or not is_set():
        return
    for language in LANGUAGES:
        row = sheet.rows.get((DESCRIPTION, language, None))
        if language != sheet.product.written_in and (row is None or (not row.composed and _is_wanting(row))):
            ask_for(sheet.product.pk, language)


def ask_for(product_id: int, language: str) -> None:
    """Have one translation made, once however often it is asked. Needs a transaction."""
    once = f"product:{product_id}:{language}"
    work.later(translate, product_id=product_id, language_id=language, once=once)


@transaction.atomic
def ask_again(product: Product, language: str, *, actor: str) -> None:
    """Have a description translated anew, whatever was proposed before. Raises NoProvider."""
    if not is_set():
        raise NoProvider
    if sheet := Sheet.open(product.pk):
        sheet.row(DESCRIPTION, language).composed = ""
        sheet.save(now=timezone.now())
    ask_for(product.pk, language)
    audit.record(actor, "translation_asked", product, text=f"{DESCRIPTION}.{language}")


@work.task
def translate(*, product_id: int, language_id: str) -> None:
    """Ask the provider for one description (`zh`, `en`, `fr`, `rw`), unless its proposal is there. Safe to repeat."""
    language, sheet = language_id, Sheet.open(product_id, lock=False)
    row = sheet.rows.get((DESCRIPTION, language, None)) if sheet else None
    if sheet is None or not sheet.source or (row and row.composed) or language == sheet.product.written_in:
        return
    chosen = provider()
    answer = _in_time(chosen, sheet.source, sheet.product.written_in, language)
    body = wording.clean(DESCRIPTION, language, answer or "")
    if not body:
        log.info("%s does not translate product %s into %s", chosen.name, product_id, language)
        return
    _keep(product_id, language, body, made_from=sheet.basis(DESCRIPTION), by=chosen.name)


@transaction.atomic
def _keep(product_id: int, language: str, body: str, *, made_from: str, by: str) -> None:
    """Propose it to translators; where nothing was read or written by a person yet, it is the text that they read."""
    sheet = Sheet.open(product_id)
    if sheet is None or sheet.basis(DESCRIPTION) != made_from:
        return  # the seller wrote something else meanwhile, and that was asked for too
    row = sheet.row(DESCRIPTION, language)
    row.composed, row.provider = body, by[:60]
    if not row.body or row.is_unread:
        row.provenance, row.body, row.based_on = ProductText.Provenance.MACHINE, body, made_from
        row.written_at, row.written_by = timezone.now(), None
    sheet.save(now=timezone.now())


def _is_wanting(row: ProductText) -> bool:
    return not row.body or row.is_stale or row.is_unread


def _in_time(chosen: Provider, text: str, source: str, target: str) -> str | None:
    """The provider's answer, or its exception. Raises TooSlow; the thread that still waits dies with the process."""
    answers: queue.Queue[str | Exception | None] = queue.Queue(1)

    def run() -> None:
        try:
            answers.put(chosen.translate(text, source, target))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        answer = answers.get(timeout=settings.TRANSLATION_TIMEOUT)
    except queue.Empty:
        raise TooSlow(f"{chosen.name} gave no answer in {settings.TRANSLATION_TIMEOUT} s") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
