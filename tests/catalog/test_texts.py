"""What is written about a product: who wrote it, when it follows the facts, and when it only says that it does not."""

from __future__ import annotations

import random

import pytest
from django.utils import translation

from catalog import composing, pictures, texts, wording
from catalog.models import Picture, Product, ProductText, Variant
from kernel.models import AuditRecord, Job
from tests import cast, races

from . import plain
from .test_pictures import encoded, photo

pytestmark = pytest.mark.django_db

SISAL, SWEETGRASS = {"material": ["sisal"]}, {"material": ["sweetgrass"]}
BY_HAND = "胡耶的和平篮"


@pytest.fixture(autouse=True)
def plain_words(monkeypatch) -> None:
    monkeypatch.setattr(composing, "compose", plain.compose)
    monkeypatch.setattr(composing, "alt", plain.alt)


@pytest.fixture
def thing(basket) -> Product:
    """A basket of sisal, of which nobody has written anything."""
    product = basket.product
    for language in ("zh", "en", "fr", "rw"):
        setattr(product, f"name_{language}", "")
        setattr(product, f"description_{language}", "")
    product.product_type, product.facts = "peace-basket", SISAL
    product.save()
    return product


@pytest.fixture
def picture(thing) -> Picture:
    return Picture.objects.create(product=thing, original="a.jpg", sha256="a" * 64, width=600, height=600)


def now_of(product: Product, facts: dict) -> None:
    """The seller says something else about it."""
    Product.objects.filter(pk=product.pk).update(facts=facts)
    texts.refresh(product)


def row(product: Product, field: str = "title", language: str = "zh") -> ProductText:
    return product.texts.get(field=field, language=language)


# Composed ------------------------------------------------------------------------------------------------------------


def test_every_text_is_composed_in_every_language_with_the_alt_of_each_picture(thing, picture):
    texts.refresh(thing)
    assert thing.texts.count() == 4 * (4 + 1)
    assert {text.provenance for text in thing.texts.all()} == {"composed"}
    assert all(text.body == text.composed for text in thing.texts.all())
    thing.refresh_from_db()
    picture.refresh_from_db()
    assert (thing.name_zh, thing.name_en) == ("和平篮 剑麻", "Agaseke peace basket sisal")
    assert (picture.alt_zh, picture.alt_en) == ("[和平篮 剑麻]", "[Agaseke peace basket sisal]")


def test_a_composed_text_follows_the_facts(thing):
    texts.refresh(thing)
    now_of(thing, SWEETGRASS)
    assert row(thing).body == row(thing).composed == "和平篮 香蒲草"
    assert not row(thing).is_stale
    assert Product.objects.get(pk=thing.pk).name_zh == "和平篮 香蒲草"


def test_composing_again_what_is_composed_changes_nothing_and_asks_for_nothing(thing):
    assert texts.refresh(thing)
    Job.objects.all().delete()
    assert not texts.refresh(thing)
    assert Job.objects.count() == 0


def test_composing_costs_few_queries_however_many_pictures(thing, django_assert_max_num_queries):
    for n in range(6):
        Picture.objects.create(product=thing, original="a.jpg", sha256=str(n) * 64, width=600, height=600)
    with django_assert_max_num_queries(14):
        texts.refresh(thing)


def test_a_product_without_a_type_is_not_composed_and_keeps_its_names(basket):
    texts.refresh(cast.of_no_type(basket).product)
    assert not ProductText.objects.filter(field="title").exists()
    basket.product.refresh_from_db()
    assert basket.product.name_zh == "和平篮 经典款 24厘米"


def test_lists_and_search_follow(thing):
    texts.refresh(thing)
    asked = set(Job.objects.values_list("task", flat=True))
    assert asked >= {"catalog.showing.refresh", "catalog.search.index"}


def test_work_that_was_promised_is_done(thing, run_jobs):
    texts.later(thing.pk)
    texts.later(thing.pk)
    run_jobs()
    assert row(thing).body == "和平篮 剑麻"


def test_all_goods_follow_new_words_some_at_a_time(thing, shop, monkeypatch, run_jobs):
    others = [cast.basket(shop).product for _each in range(4)]
    Product.objects.update(product_type="peace-basket", facts=SISAL, name_zh="")
    monkeypatch.setattr(texts, "AT_ONCE", 2)
    texts.follow_daily(now=cast.NOW)
    run_jobs()
    assert {row(product).body for product in (thing, *others)} == {"和平篮 剑麻"}
    assert Job.objects.filter(task="catalog.texts.follow_all").count() == 3


def test_a_new_picture_is_described_without_being_asked_for(thing, run_jobs):
    texts.refresh(thing)
    picture = pictures.add(thing, encoded(photo()))
    run_jobs()
    picture.refresh_from_db()
    assert (picture.alt_zh, picture.alt_rw != "") == ("[和平篮 剑麻]", True)


# A person's ----------------------------------------------------------------------------------------------------------


def test_a_human_title_survives_a_change_of_facts_and_is_marked_stale(thing, moderator):
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    assert not row(thing).is_stale
    now_of(thing, SWEETGRASS)
    kept = row(thing)
    assert (kept.body, kept.provenance, kept.is_stale) == (BY_HAND, "human", True)
    assert kept.composed == "和平篮 香蒲草"
    assert kept.waits_since is not None
    assert Product.objects.get(pk=thing.pk).name_zh == BY_HAND


def test_a_stale_text_whose_facts_come_back_is_fresh_again(thing, moderator):
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    now_of(thing, SWEETGRASS)
    now_of(thing, SISAL)
    assert (row(thing).is_stale, row(thing).waits_since) == (False, None)


def test_a_stale_text_that_is_still_right_is_not_stale_any_more(thing, moderator):
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    now_of(thing, SWEETGRASS)
    texts.accept(row(thing), moderator)
    kept = row(thing)
    assert (kept.body, kept.is_stale, kept.waits_since, kept.read_by) == (BY_HAND, False, None, moderator)


def test_a_choice_that_is_not_offered_any_more_is_not_what_a_text_was_made_from(thing, basket, moderator):
    Variant.objects.filter(pk=basket.pk).update(options=[])
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    Variant.objects.filter(pk=basket.pk).update(options=[{"attribute": "colour", "value": "red"}])
    texts.refresh(thing)
    assert row(thing).is_stale
    Variant.objects.filter(pk=basket.pk).update(retired_at=cast.NOW)
    texts.refresh(thing)
    assert not row(thing).is_stale


def test_a_title_does_not_grow_stale_by_a_longer_lead_time_and_a_summary_does(thing, moderator):
    for field in ("title", "summary"):
        texts.edit(thing, field, "zh", BY_HAND, moderator)
    Product.objects.filter(pk=thing.pk).update(lead_days=14)
    texts.refresh(thing)
    assert (row(thing).is_stale, row(thing, "summary").is_stale) == (False, True)


def test_writing_nothing_goes_back_to_the_composed_text(thing, moderator):
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    texts.edit(thing, "title", "zh", "  ", moderator)
    assert (row(thing).body, row(thing).provenance, row(thing).written_by) == ("和平篮 剑麻", "composed", None)
    now_of(thing, SWEETGRASS)
    assert row(thing).body == "和平篮 香蒲草"


def test_who_writes_what_the_facts_say_has_written_nothing_of_their_own(thing, moderator):
    texts.edit(thing, "title", "zh", "和平篮 剑麻", moderator)
    assert row(thing).provenance == "composed"


def test_sending_the_same_words_again_does_not_say_that_they_are_still_right(thing, moderator):
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    now_of(thing, SWEETGRASS)
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    assert row(thing).is_stale


def test_a_picture_can_be_described_by_hand(thing, picture, moderator):
    texts.edit(thing, "alt", "zh", "一只篮子放在窗边", moderator, picture=picture)
    picture.refresh_from_db()
    assert picture.alt_zh == "一只篮子放在窗边"
    assert picture.alt_en == "[Agaseke peace basket sisal]"


def test_each_deed_leaves_the_words_before_and_after(thing, moderator):
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    texts.edit(thing, "title", "zh", "", moderator)
    texts.accept(row(thing), moderator)
    first, second, third = AuditRecord.objects.filter(thing_id=str(thing.pk)).order_by("pk")
    assert (first.deed, first.detail) == (
        "text_edited",
        {"text": "title.zh", "was": "和平篮 剑麻", "now": BY_HAND},
    )
    assert second.detail["was"] == BY_HAND
    assert (third.deed, third.actor) == ("text_accepted", f"user:{moderator.pk}")


@pytest.mark.parametrize("facts", [SISAL, SWEETGRASS])
def test_a_name_from_before_there_were_texts_is_a_persons(thing, facts):
    Product.objects.filter(pk=thing.pk).update(name_zh=BY_HAND, name_en="Agaseke peace basket sisal", facts=facts)
    texts.refresh(thing)
    assert (row(thing).body, row(thing).provenance, row(thing).is_stale) == (BY_HAND, "human", False)
    assert row(thing, language="en").provenance == ("composed" if facts == SISAL else "human")


def test_the_bare_name_of_its_type_is_nobodys_title(thing):
    Product.objects.filter(pk=thing.pk).update(name_zh="和平篮")
    texts.refresh(thing)
    assert row(thing).body == "和平篮 剑麻"


def test_no_body_of_a_person_is_ever_lost_and_stale_says_exactly_that_the_facts_are_others(thing, moderator):
    """Any sequence of deeds: a person's words stay until a person takes them away."""
    chance = random.Random(20261123)
    written, written_from = "", ""
    for step in range(120):
        match chance.choice(["facts", "facts", "write", "accept", "undo", "refresh"]):
            case "facts":
                now_of(thing, {"material": chance.sample(["sisal", "sweetgrass", "raffia"], chance.randint(0, 2))})
            case "write":
                written = f"第{step}个名字"
                texts.edit(thing, "title", "zh", written, moderator)
                written_from = _facts_of(thing)
            case "accept":
                texts.accept(row(thing), moderator) if thing.texts.exists() else texts.refresh(thing)
                written_from = _facts_of(thing)
            case "undo":
                texts.edit(thing, "title", "zh", "", moderator)
                written = ""
            case _:
                texts.refresh(thing)
        kept = row(thing)
        assert kept.provenance == ("human" if written else "composed")
        assert kept.body == (written or kept.composed)
        assert kept.is_stale == bool(written and written_from != _facts_of(thing))
        assert (kept.waits_since is not None) == kept.is_stale
        assert Product.objects.get(pk=thing.pk).name_zh == kept.body


def _facts_of(product: Product) -> str:
    return str(Product.objects.get(pk=product.pk).facts)


# The seller's own words and their translations -----------------------------------------------------------------------

OWN = "Abagore b'i Huye baboha uduseke mu budodo bwa sisal."


def test_the_sellers_own_words_are_never_stale_and_call_for_chinese(thing, artisan):
    texts.edit(thing, "description", "rw", OWN, artisan)
    now_of(thing, SWEETGRASS)
    assert not row(thing, "description", "rw").is_stale
    missed = row(thing, "description", "zh")
    assert (missed.body, missed.waits_since is not None) == ("", True)
    assert Product.objects.get(pk=thing.pk).description_rw == OWN


def test_a_seller_says_name_and_description_in_their_own_language(thing):
    texts.say(thing, name="Agaseke k'amahoro", description=OWN, actor="user:7")
    assert (texts.own(thing, "title"), texts.own(thing, "description")) == ("Agaseke k'amahoro", OWN)
    assert (thing.name_rw, thing.description_rw, thing.name_zh) == ("Agaseke k'amahoro", OWN, "和平篮 剑麻")
    assert set(AuditRecord.objects.values_list("actor", "deed")) == {("user:7", "text_edited")}
    texts.say(thing, name="", description=OWN, actor="user:7")
    assert (texts.own(thing, "title"), row(thing, language="rw").provenance) == ("", "composed")


def test_a_translation_is_stale_when_the_seller_writes_something_else(thing, artisan, moderator):
    texts.edit(thing, "description", "rw", OWN, artisan)
    texts.edit(thing, "description", "zh", "胡耶的妇女用剑麻编织。", moderator)
    assert not row(thing, "description").is_stale
    texts.edit(thing, "description", "rw", OWN + " Cyane.", artisan)
    assert (row(thing, "description").is_stale, row(thing, "description").body) == (True, "胡耶的妇女用剑麻编织。")
    texts.accept(row(thing, "description"), moderator)
    assert not row(thing, "description").is_stale


def test_a_translation_that_is_taken_away_is_missed_again(thing, artisan, moderator):
    texts.edit(thing, "description", "rw", OWN, artisan)
    texts.edit(thing, "description", "zh", "胡耶的妇女用剑麻编织。", moderator)
    texts.edit(thing, "description", "zh", "", moderator)
    assert row(thing, "description").waits_since is not None
    assert Product.objects.get(pk=thing.pk).description_zh == ""
    with pytest.raises(texts.NothingToRead):
        texts.accept(row(thing, "description"), moderator)


def test_who_takes_their_words_back_calls_for_no_translation(thing, artisan):
    texts.edit(thing, "description", "rw", OWN, artisan)
    texts.edit(thing, "description", "rw", "", artisan)
    assert not thing.texts.filter(field="description").exists()
    assert Product.objects.get(pk=thing.pk).description_rw == ""


def test_descriptions_from_before_there_were_texts_are_kept(basket):
    texts.refresh(basket.product)
    kept = row(basket.product, "description")
    assert (kept.body, kept.provenance, kept.is_stale) == ("手工制作，来自卢旺达胡耶。", "human", False)


# Form ----------------------------------------------------------------------------------------------------------------


def test_a_specification_is_one_line_a_fact(thing, moderator):
    texts.edit(thing, "specification", "zh", "材质\t剑麻\r\n\n 高 ：24 厘米\nURL: a: b\n", moderator)
    assert row(thing, "specification").body == "材质\t剑麻\n高\t24 厘米\nURL\ta: b"
    assert wording.lines(row(thing, "specification").body)[1] == ("高", "24 厘米")


@pytest.mark.parametrize("bad", ["剑麻", "\t剑麻", "材质\t", "a\tb\tc", "："])
def test_a_line_that_is_no_fact_is_named_by_its_number_and_nothing_changes(thing, moderator, bad):
    texts.refresh(thing)
    with pytest.raises(wording.BadLine) as no:
        texts.edit(thing, "label", "zh", f"材质\t剑麻\n\n{bad}", moderator)
    assert no.value.details == {"line": 3}
    assert row(thing, "label").provenance == "composed"


@pytest.mark.parametrize(("field", "language", "most"), [("title", "zh", 60), ("title", "en", 100), ("alt", "rw", 200)])
def test_a_text_that_is_too_long_is_refused(field, language, most):
    assert wording.clean(field, language, "篮" * most)
    with pytest.raises(wording.TooLong):
        wording.clean(field, language, "篮" * (most + 1))


@pytest.mark.parametrize(
    ("typed", "kept"), [(" a \n b ", "a b"), ("a\x00b\ud800", "ab"), ("\u3000篮\u3000子", "篮 子"), ("\ufeffa", "a")]
)
def test_a_title_is_one_clean_line(typed, kept):
    assert wording.clean("title", "zh", typed) == kept


def test_what_advertising_may_not_say_is_found_in_every_text_that_buyers_see(thing, moderator, artisan):
    texts.edit(thing, "title", "zh", "卢旺达最好的和平篮", moderator)
    texts.edit(thing, "label", "en", "Use\tthe best basket", moderator)
    found = texts.findings(thing)
    assert {(field, language) for field, language, _finding in found} == {("title", "zh"), ("label", "en")}
    with translation.override("en"):
        assert "9(3)" in str(found[0][2].rule)


# Readers -------------------------------------------------------------------------------------------------------------


def test_a_page_gets_everything_in_one_query(thing, artisan, moderator, django_assert_num_queries):
    texts.edit(thing, "description", "rw", OWN, artisan)
    texts.edit(thing, "description", "zh", "胡耶的妇女用剑麻编织。", moderator)
    with django_assert_num_queries(1):
        chinese = texts.shown(thing, "zh")
    assert (chinese.title, chinese.specification) == ("和平篮 剑麻", [("和平篮", "剑麻")])
    assert (chinese.description, chinese.language, chinese.mark) == ("胡耶的妇女用剑麻编织。", "zh", "translated")
    own = texts.shown(thing, "rw")
    assert (own.description, own.language, own.mark) == (OWN, "rw", "")
    assert texts.shown(thing, "fr").language == "zh"


def test_a_page_of_a_product_without_texts_shows_its_columns(basket):
    shown = texts.shown(basket.product, "zh-hans")
    assert (shown.title, shown.description) == ("和平篮 经典款 24厘米", "手工制作，来自卢旺达胡耶。")
    assert shown.specification == []


# Together ------------------------------------------------------------------------------------------------------------


def test_nobody_overwrites_what_they_did_not_see(thing, moderator):
    seen = texts.version(thing, "title", "zh")
    texts.edit(thing, "title", "zh", "先写的", moderator, seen=seen)
    with pytest.raises(texts.ChangedMeanwhile):
        texts.edit(thing, "title", "zh", "后写的", moderator, seen=seen)
    with pytest.raises(texts.ChangedMeanwhile):
        texts.accept(row(thing), moderator, seen=seen)
    assert row(thing).body == "先写的"


def test_a_text_is_not_called_right_for_facts_that_nobody_looked_at(thing, moderator):
    texts.edit(thing, "title", "zh", BY_HAND, moderator)
    now_of(thing, SWEETGRASS)
    seen = texts.version(thing, "title", "zh")
    now_of(thing, {"material": ["raffia"]})
    with pytest.raises(texts.ChangedMeanwhile):
        texts.accept(row(thing), moderator, seen=seen)
    assert row(thing).is_stale


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_same_text_at_once_the_second_is_told(thing, moderator):
    seen = texts.version(thing, "title", "zh")
    answers = races.together(2, lambda n: texts.edit(thing, "title", "zh", f"第{n}个", moderator, seen=seen))
    kept = [answer for answer in answers if isinstance(answer, str)]
    assert [type(answer) for answer in answers if answer not in kept] == [texts.ChangedMeanwhile]
    assert [row(thing).body] == kept


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_composing_at_once_makes_each_text_once(thing):
    answers = races.together(4, lambda n: texts.refresh(Product.objects.get(pk=thing.pk)))
    assert sorted(answers) == [False, False, False, True]
    assert thing.texts.count() == 16
