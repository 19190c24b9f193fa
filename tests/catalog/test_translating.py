"""Translations by a provider outside: asked from a task, kept as a machine's, unseen by buyers until somebody reads."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from catalog import texts, translating
from catalog.models import Product, ProductText
from kernel import work
from kernel.models import Job

OWN = "Abagore b'i Huye baboha uduseke mu budodo bwa sisal."


class Echo:
    """Answers at once: the text with the target's name before it."""

    name = "echo"
    asked: list[tuple[str, str, str]] = []

    def translate(self, text: str, source: str, target: str) -> str | None:
        assert not connection.in_atomic_block, "asked inside a transaction"
        self.asked.append((text, source, target))
        return f"[{target}] {text}"


class Broken(Echo):
    """Is down."""

    name = "broken"

    def translate(self, text: str, source: str, target: str) -> str | None:
        raise ConnectionError("no answer")


class Stuck(Echo):
    """Never answers."""

    name = "stuck"

    def translate(self, text: str, source: str, target: str) -> str | None:
        threading.Event().wait(5)
        return None


class Contract:
    """What every provider keeps to. A new one is tested by a subclass that makes it."""

    def make(self) -> translating.Provider:
        raise NotImplementedError

    @pytest.mark.parametrize("target", ["zh", "en", "fr"])
    def test_answers_with_text_or_with_nothing(self, target):
        answer = self.make().translate("Uduseke twa sisal.", "rw", target)
        assert answer is None or (isinstance(answer, str) and answer.strip())

    def test_has_a_name_that_can_be_kept(self):
        assert 0 < len(self.make().name) <= 60

    def test_lines_stay_lines(self):
        answer = self.make().translate("Umurongo wa mbere.\nUwa kabiri.", "rw", "en")
        assert answer is None or answer.count("\n") == 1


class TestNobody(Contract):
    def make(self) -> translating.Provider:
        return translating.Nobody()

    def test_translates_nothing_and_is_known_for_it(self, settings):
        assert self.make().translate(OWN, "rw", "zh") is None
        assert not translating.is_set()


class TestEcho(Contract):
    def make(self) -> translating.Provider:
        return Echo()


@pytest.fixture
def told(transactional_db, basket, artisan) -> Product:
    """A basket of which its weaver has said something in Kinyarwanda, and nobody anything in Chinese."""
    product = basket.product
    Product.objects.filter(pk=product.pk).update(description_zh="", description_en="")
    product.refresh_from_db()
    return product


@pytest.fixture
def echo(settings) -> list[tuple[str, str, str]]:
    settings.TRANSLATION_PROVIDER = f"{__name__}.Echo"
    Echo.asked = []
    return Echo.asked


def chinese(product: Product) -> ProductText:
    return product.texts.get(field="description", language="zh")


def test_without_a_provider_nobody_is_asked(told, artisan):
    texts.edit(told, "description", "rw", OWN, artisan)
    assert not Job.objects.filter(task="catalog.translating.translate").exists()
    assert chinese(told).body == ""


def test_the_sellers_words_are_translated_into_every_language_outside_any_transaction(told, artisan, echo):
    texts.edit(told, "description", "rw", OWN, artisan)
    work.run_due()
    assert sorted(echo) == [(OWN, "rw", "en"), (OWN, "rw", "fr"), (OWN, "rw", "zh")]
    kept = chinese(told)
    assert (kept.body, kept.provenance, kept.provider) == (f"[zh] {OWN}", "machine", "echo")
    assert kept.waits_since is not None


def test_buyers_see_a_machines_text_only_after_somebody_read_it_and_with_its_mark(told, artisan, moderator, echo):
    texts.edit(told, "description", "rw", OWN, artisan)
    work.run_due()
    told.refresh_from_db()
    assert told.description_zh == ""
    assert texts.shown(told, "zh").description == ""
    texts.accept(chinese(told), moderator)
    told.refresh_from_db()
    shown = texts.shown(told, "zh")
    assert told.description_zh == shown.description == f"[zh] {OWN}"
    assert (shown.language, shown.mark) == ("zh", "machine")
    assert chinese(told).waits_since is None


def test_a_persons_translation_is_never_overwritten(told, artisan, moderator, echo):
    texts.edit(told, "description", "rw", OWN, artisan)
    texts.edit(told, "description", "zh", "胡耶的妇女编织。", moderator)
    work.run_due()
    assert chinese(told).body == "胡耶的妇女编织。"
    assert (OWN, "rw", "zh") not in echo or chinese(told).composed == f"[zh] {OWN}"


def test_new_words_are_translated_anew_and_what_was_read_stays_until_then(told, artisan, moderator, echo):
    texts.edit(told, "description", "rw", OWN, artisan)
    work.run_due()
    texts.accept(chinese(told), moderator)
    texts.edit(told, "description", "rw", "Ibindi.", artisan)
    assert chinese(told).is_stale
    work.run_due()
    kept = chinese(told)
    assert (kept.body, kept.composed, kept.is_stale) == (f"[zh] {OWN}", "[zh] Ibindi.", True)
    texts.edit(told, "description", "zh", "", moderator)
    assert (chinese(told).body, chinese(told).is_unread) == ("[zh] Ibindi.", True)


def test_a_translation_of_words_that_are_gone_meanwhile_is_thrown_away(told, artisan, monkeypatch, settings):
    class Slow(Echo):
        name = "slow"

        def translate(self, text, source, target):
            if text == OWN:
                texts.edit(told, "description", "rw", "Ibindi.", artisan)
            return f"[{target}] {text}"

    monkeypatch.setattr(translating, "provider", Slow)
    texts.edit(told, "description", "rw", OWN, artisan)
    work.run_due()
    assert chinese(told).body == "[zh] Ibindi."


@pytest.mark.parametrize("kind", ["Broken", "Stuck"])
def test_a_failing_provider_is_asked_again_then_parked_and_nothing_is_lost(told, artisan, moderator, settings, kind):
    settings.TRANSLATION_PROVIDER, settings.TRANSLATION_TIMEOUT = f"{__name__}.{kind}", 0.05
    texts.edit(told, "description", "rw", OWN, artisan)
    work.run_due(raise_errors=False)
    jobs = Job.objects.filter(task="catalog.translating.translate")
    assert {job.state for job in jobs} == {"waiting"}
    for hours in range(1, 12):
        work.run_due(timezone.now() + timedelta(hours=2 * hours), raise_errors=False)
    assert {job.state for job in jobs.all()} == {"parked"}
    assert chinese(told).waits_since is not None
    told.refresh_from_db()
    assert told.description_rw == OWN
    settings.TRANSLATION_PROVIDER = f"{__name__}.Echo"
    for job in jobs:
        work.replay(job, now=timezone.now())
    work.run_due()
    assert chinese(told).body == f"[zh] {OWN}"


def test_a_provider_is_paid_once_for_the_same_words(told, artisan, echo):
    texts.edit(told, "description", "rw", OWN, artisan)
    work.run_due()
    texts.refresh(told)
    translating.translate(product_id=told.pk, language_id="zh")
    work.run_due()
    assert len(echo) == 3
