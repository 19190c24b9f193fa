"""What must be written, and what must not, before buyers see a product."""

from __future__ import annotations

import pytest
from django.utils import translation

from catalog import moderation, texts
from catalog.models import Picture, Product
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def thing(basket) -> Product:
    """A basket of no type that was sent for review, with a photo and words for customs, and no word of Chinese."""
    product = cast.of_no_type(basket).product
    Picture.objects.create(product=product, original="a.jpg", sha256="a" * 64, width=600, height=600)
    product.name_zh = product.description_zh = ""
    product.status, product.customs_description = Product.Status.SUBMITTED, "Sisal basket"
    product.save()
    return product


def publish(product: Product, by) -> bool:
    return moderation.publish(product, by=by, now=cast.NOW)


def test_without_chinese_it_does_not_go_on_sale(thing, moderator):
    with translation.override("en"), pytest.raises(moderation.NotPublishable) as no:
        publish(thing, moderator)
    assert no.value.details["missing"] == "name in Chinese, summary or description in Chinese"
    texts.edit(thing, "title", "zh", "和平篮", moderator)
    with pytest.raises(moderation.NotPublishable):
        publish(thing, moderator)


@pytest.mark.parametrize("field", ["summary", "description"])
def test_a_name_and_a_summary_or_a_description_are_enough(thing, moderator, field):
    texts.edit(thing, "title", "zh", "和平篮", moderator)
    texts.edit(thing, field, "zh", "胡耶的妇女编织。", moderator)
    assert publish(thing, moderator)


def test_facts_alone_are_enough(thing, moderator):
    Product.objects.filter(pk=thing.pk).update(
        product_type="peace-basket", facts={"material": ["sisal"], "technique": "coiled"}
    )
    assert publish(thing, moderator)
    thing.refresh_from_db()
    assert "和平篮" in thing.name_zh


@pytest.mark.parametrize(
    ("field", "language", "body"), [("title", "zh", "最好的和平篮"), ("summary", "en", "It cures all.")]
)
def test_no_banned_word_goes_on_sale_and_the_refusal_names_word_text_and_rule(thing, moderator, field, language, body):
    texts.edit(thing, "title", "zh", "和平篮", moderator)
    texts.edit(thing, "summary", "zh", "胡耶的妇女编织。", moderator)
    texts.edit(thing, field, language, body, moderator)
    with translation.override("en"), pytest.raises(moderation.NotAllowedToSay) as no:
        publish(thing, moderator)
    [(_field, _language, found)] = texts.findings(thing)
    said = str(no.value)
    assert found.word in said and field.capitalize() in said and f"({language})" in said and "Advertising Law" in said
    thing.refresh_from_db()
    assert thing.status == Product.Status.SUBMITTED


def test_a_machines_text_that_nobody_read_is_not_enough(thing, moderator, settings, run_jobs):
    settings.TRANSLATION_PROVIDER = f"{__name__}.Machine"
    texts.edit(thing, "title", "zh", "和平篮", moderator)
    texts.say(thing, name="", description="Agaseke.", actor="user:1")
    run_jobs()
    with pytest.raises(moderation.NotPublishable):
        publish(thing, moderator)
    texts.accept(thing.texts.get(field="description", language="zh"), moderator)
    assert publish(thing, moderator)


class Machine:
    name = "machine"

    def translate(self, text: str, source: str, target: str) -> str:
        return f"{target}: {text}"
