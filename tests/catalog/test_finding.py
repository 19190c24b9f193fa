"""What words mean and what a query asks for, without a database."""

import pytest

from catalog import segments, vocabulary
from catalog.finding import asking, meanings, phrases, slips


def test_traditional_characters_are_simplified_whatever_they_are():
    assert segments.fold("盧旺達 編織籃 掛耳咖啡 乾燥花 鐘錶髮飾 籐編") == "卢旺达 编织篮 挂耳咖啡 干燥花 钟表发饰 藤编"


def test_french_tea_is_no_english_article():
    assert "tea" in segments.words("thé vert") and segments.words("the vase") == ["vase"]


@pytest.mark.parametrize(
    ("typed", "measure"),
    [
        *(("250克", "#250g"), ("250 g", "#250g"), ("0.25kg", "#250g"), ("0,25 kg", "#250g"), ("半斤", "#250g")),
        *(("１公斤", "#1000g"), ("一公斤", "#1000g"), ("30cm", "#30cm"), ("cm 30", "#30cm"), ("300毫米", "#30cm")),
        *(("30厘米", "#30cm"), ("100ml", "#100ml"), ("6 yards", "#6yd"), ("6码", "#6yd")),
    ],
)
def test_a_measure_is_one_however_it_is_written(typed, measure):
    assert segments.asked(typed) == [measure] and measure in segments.words(f"篮子 {typed}")


def test_both_sides_of_a_size_are_measures():
    assert segments.asked("伊米贡戈 30×40厘米") == ["伊米贡戈", "#30cm", "#40cm"]


def test_what_buyers_say_around_a_thing_is_left_out():
    assert segments.asked("我想买好喝的咖啡") == ["咖啡"]
    assert segments.asked("looking for a nice basket") == ["basket"]
    assert segments.asked("的") == ["的"]


@pytest.mark.parametrize("phrase", ["篮子", "编织篮", "agaseke", "Uduseke", "baskets", "PANIER", "編織籃"])
def test_a_basket_means_a_basket_in_every_language(phrase):
    assert "word:篮子" in phrases.meanings_of(phrases.plainly(phrase))


def test_every_name_of_the_vocabulary_means_what_it_names():
    for kind in vocabulary.types().values():
        for language in meanings.LANGUAGES:
            assert f"type:{kind.slug}" in phrases.meanings_of(phrases.plainly(kind.name.of(language)))
    for slug, attribute in vocabulary.attributes().items():
        for term in vocabulary.terms(slug).values() if attribute.is_filter and slug not in meanings.SILENT else ():
            for language in meanings.LANGUAGES:
                plain = phrases.plainly(term.name.of(language))
                assert not plain or f"{slug}:{term.slug}" in phrases.meanings_of(plain), (slug, plain)


def test_uses_speak_of_kinds_and_shelves_that_exist():
    known = {*vocabulary.types(), *(f"category:{slug}" for slug in meanings.shelves())}
    for use in meanings.uses():
        assert use.fits and use.phrases and use.fits | use.also <= known, use.slug


def test_a_long_phrase_is_taken_whole():
    assert "colour:black" not in phrases.meant("black tea", "en")
    assert "category:tea" in phrases.meant("black tea", "en")
    assert "word:篮子" in phrases.meant("和平篮", "zh") and "word:咖啡" in phrases.meant("咖啡豆", "zh")


def test_pinyin_without_spaces_is_split_where_words_are_known():
    assert phrases.split("shuixikafei") == ["shuixi", "kafei"]
    assert phrases.split("qqqq") == [] and phrases.is_spelt("he ping lan")
    assert (
        asking.understand("he ping lan").exact.count("hepinglan") and len(asking.understand("he ping lan").wishes) == 1
    )


@pytest.mark.parametrize(
    ("one", "other", "slips_made"),
    [
        ("coffee", "coffee", 0),
        ("cofee", "coffee", 1),
        ("neckalce", "necklace", 1),
        ("tea", "sea", 1),
        ("abc", "xyz", 3),
    ],
)
def test_slips_are_counted(one, other, slips_made):
    assert slips.distance(one, other, 3) == slips_made


def test_a_slip_leads_to_the_nearest_known_words_only():
    assert slips.near("cofee") == ["coffee"] and "macadamia" in slips.near("macadmia")
    assert slips.near("xyzzy") == [] and slips.near("ab") == [] and slips.near("a" * 1000) == []


def test_a_query_asks_for_each_thing_once():
    asked = asking.understand("水洗 咖啡豆 水洗")
    assert [wish.text for wish in asked.wishes] == ["水洗", "咖啡豆"]
    assert asked.without_one() == ["咖啡豆", "水洗"]
    assert not asking.understand("😀 !!!") and asking.understand("篮子").without_one() == []


def test_what_is_true_of_all_goods_tells_none_from_others():
    asked = asking.understand("卢旺达 咖啡")
    assert "卢旺达" in asked.exact and "卢旺达" not in asked.typed
    assert "卢旺达" in asking.understand("卢旺达").typed


@pytest.mark.parametrize("query", ["'", "\\", "a'b\\c", "' OR 1=1--", ":*", "&|!()", "#250g", "=use:gift", "@shop"])
def test_signs_of_the_index_are_never_taken_from_a_query(query):
    for tsquery in (asking.understand(query).exact, asking.understand(query).some):
        assert tsquery.count("'") % 2 == 0 and "''" not in tsquery


def test_understanding_is_quick_whatever_is_typed():
    long = "a" * 10_000, "咖啡" * 5_000, "shuixikafei" * 900, "' & | !" * 1_000
    for query in long:
        assert len(asking.understand(query).exact) < 20_000
