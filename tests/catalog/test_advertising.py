"""Words that may not stand in a listing, found whole, and false friends left alone."""

import csv

import pytest
from django.utils import translation

from catalog import advertising, composing, facts, goods, vocabulary
from catalog.composing import About
from catalog.vocabulary import Words

LANGUAGES = ("zh", "en", "fr", "rw")


@pytest.fixture(autouse=True)
def _told_in_english():
    with translation.override("en"):
        yield


def words(text, language="zh"):
    return [(finding.word, finding.kind) for finding in advertising.check(text, language)]


def test_every_word_has_a_rule_and_stands_once():
    with advertising.FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["kind"] for row in rows} == {*advertising.RULES, advertising.FINE}
    for language in LANGUAGES:
        found = [row["word"] for row in rows if language in row["languages"].split()]
        assert len(found) == len(set(found)) > 20, language
        for word in found:
            kind = next(row["kind"] for row in rows if row["word"] == word)
            assert bool(words(word, language)) == (kind != advertising.FINE), word


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全网第一的咖啡", ["全网第一"]),
        ("国家级大师作品，独一无二", ["国家级", "独一无二"]),
        ("卢旺达最佳咖啡", ["最佳"]),
        ("最香的茶", ["最"]),
        ("唯一产地，顶级品质，NO.1", ["唯一", "顶级", "NO.1"]),
    ],
)
def test_superlatives_are_found_longest_first(text, found):
    assert words(text) == [(word, "absolute") for word in found]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("最近采摘，第一次冲泡请用90度水，最后加奶", "zh"),
        ("最多可装五只，最大直径30厘米，唯一编号见吊牌", "zh"),
        ("最佳赏味期12个月，最好在开封后一个月内喝完", "zh"),
        ("首饰盒，最大的一只30厘米，盖子尖端朝上，巴氏杀菌", "zh"),
        ("First flush tea, best before May 2027, at the most two cups", "en"),
        ("A bestial, mostly uncured, finely cut leaf", "en"),
        (
            "Tissage soigné, le plus souvent en sisal ; la plus grande mesure 30 cm ; à consommer de préférence",
            "fr",
        ),
        ("Yasaruwe bwa mbere muri Werurwe, ibikwa mbere yo gukaranga", "rw"),
        ("", "zh"),
    ],
)
def test_false_friends_are_left_alone(text, language):
    assert words(text, language) == []


def test_other_ways_of_writing_hide_nothing():
    assert words("國家級、頂級、ＮＯ．１") == [("國家級", "absolute"), ("頂級", "absolute"), ("ＮＯ．１", "absolute")]
    assert words("最 佳") == [("最 佳", "absolute")]
    assert words("最\u200b佳") == [("最\u200b佳", "absolute")]
    assert words("N° 1 du café", "fr") == [("N° 1", "absolute")]
    assert words("WORLD-CLASS coffee", "en") == [("WORLD-CLASS", "absolute")]
    assert words("numero un", "fr") == [("numero un", "absolute")]


def test_a_word_of_another_language_is_found_where_it_is_used():
    assert words("BEST咖啡") == [("BEST", "absolute")]
    assert words("Our 最好 tea", "en") == [("最好", "absolute")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("蜂蜜可治疗咳嗽、增强免疫力", "zh"),
        ("This honey cures coughs and boosts immunity", "en"),
        ("Ce miel guérit la toux et renforce l'immunité", "fr"),
        ("Ubu buki bukoreshwa mu kuvura, ni umuti", "rw"),
    ],
)
def test_health_claims_are_found_with_their_rule(text, language):
    findings = advertising.check(text, language)
    assert [finding.kind for finding in findings] == ["health", "health"]
    assert "article 17" in str(findings[0].rule) and "article 73" in str(findings[0].rule)
    assert str(findings[0].advice)


def test_rewards_for_sharing_state_names_luck_and_payment_elsewhere_are_found():
    assert words("转发朋友圈集赞领红包") == [("转发朋友圈", "sharing"), ("集赞", "sharing"), ("领红包", "sharing")]
    assert words("share to win", "en") == [("share to win", "sharing")]
    assert words("国宴特供") == [("国宴", "state"), ("特供", "state")]
    assert words("开运辟邪手镯") == [("开运", "superstition"), ("辟邪", "superstition")]
    assert words("请加微信") == [("加微信", "outside")]


def test_a_finding_says_where_it_stands():
    text = "胡耶 咖啡，全國最佳"
    (finding,) = advertising.check(text, "zh")
    assert text[finding.start : finding.start + len(finding.word)] == finding.word == "最佳"


def test_the_vocabulary_keeps_the_rules_it_names():
    for slug in vocabulary.attributes():
        for term in vocabulary.terms(slug).values():
            for language in LANGUAGES:
                assert words(term.name.of(language), language) == [], (slug, term.slug, language)


def test_what_is_composed_keeps_them_too():
    about = About(Words("胡耶", "Huye", "Huye", "Huye"), Words("胡耶合作社", "Huye Hills", "Huye Hills", "Huye Hills"))
    for good in goods.rows():
        known = vocabulary.types()[good.product_type]
        for language in LANGUAGES:
            texts = composing.compose(known, facts.read(known, good.facts), about, language)
            pairs = [value for pair in (*texts.specification, *texts.label) for value in pair]
            for text in (texts.title, texts.summary, *pairs):
                assert words(text, language) == [], (good.slug, text)
            assert words(getattr(good, f"name_{language}"), language) == [], good.slug
