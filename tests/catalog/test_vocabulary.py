"""The vocabulary in its files: whole, consistent, and complete in four languages."""

import csv
import re

import pytest

from catalog import facts, goods, vocabulary
from catalog.composing import patterns
from catalog.vocabulary import DATA, Kind, Words

TYPES, ATTRIBUTES = vocabulary.types(), vocabulary.attributes()
HAN = re.compile(r"[\u4e00-\u9fff]")
# Latin that Chinese readers know as such: grades, sizes, signs of makers.
LATIN_IN_CHINESE = re.compile(r"CTC|PET|BM139|\b(?:OP|BOP|BP1|PF1|PD|D1)级|(?:S|M|L|XL)码")
REGULATIONS = {"food", "textile", "general"}
FRENCH, NOUN_CLASSES = {"m", "f", "mp", "fp"}, {str(number) for number in range(1, 17)}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_slug_stands_once():
    assert len(TYPES) == len(rows("types.csv"))
    assert len(ATTRIBUTES) == len(rows("attributes.csv"))
    terms = [(row["attribute"], row["slug"]) for row in rows("terms.csv")]
    assert len(terms) == len(set(terms))
    assert {attribute for attribute, _slug in terms} <= set(ATTRIBUTES)
    assert all(re.fullmatch(r"[a-z0-9-]{1,40}", slug) for slug in [*TYPES, *(slug for _, slug in terms)])
    assert all(re.fullmatch(r"[a-z_]{1,40}", slug) for slug in ATTRIBUTES)


def test_every_shelf_has_types_and_one_for_all_the_rest():
    shelves = {row["slug"] for row in rows("categories.csv")}
    lines = {row["code"] for row in rows("hs.csv")}
    for known in TYPES.values():
        assert known.category in shelves and known.hs in lines and known.regulation in REGULATIONS, known.slug
    for shelf in shelves:
        assert [known.slug for known in vocabulary.types_of(shelf) if known.slug == f"{shelf}-other"], shelf


def test_what_a_type_asks_is_known_and_asked_once():
    for known in TYPES.values():
        asked = [*known.needs, *known.may]
        assert set(asked) <= set(ATTRIBUTES), (known.slug, set(asked) - set(ATTRIBUTES))
        assert len(asked) == len(set(asked)), known.slug
        assert set(known.axes) <= set(asked), known.slug
        assert all(
            ATTRIBUTES[axis].is_option and ATTRIBUTES[axis].kind in (Kind.TERM, Kind.NUMBER) for axis in known.axes
        )
        for slug, value in known.implies.items():
            assert facts.single(ATTRIBUTES[slug], value), (known.slug, slug)


def test_food_must_say_what_its_chinese_label_says():
    for known in TYPES.values():
        if known.regulation == "food":
            said = {*known.needs, *known.implies}
            assert "ingredients" in said and "storage" in said, known.slug
            assert said & {"net_weight", "net_volume", "pieces"}, known.slug
            assert "shelf_life" in {*known.needs, *known.may} and "allergen" in {*known.needs, *known.may}, known.slug


def test_every_type_brings_what_grammar_needs():
    for known in TYPES.values():
        assert HAN.fullmatch(known.grammar["zh"]), known.slug
        assert known.grammar["en"] in {"", "p"} and known.grammar["fr"] in FRENCH, known.slug
        assert known.grammar["rw"] in NOUN_CLASSES, known.slug


def test_every_choice_has_answers():
    for attribute in ATTRIBUTES.values():
        if attribute.kind in (Kind.TERM, Kind.TERMS):
            assert vocabulary.terms(attribute.slug), attribute.slug
        else:
            assert not vocabulary.terms(attribute.slug), attribute.slug


@pytest.mark.parametrize("name", ["types.csv", "attributes.csv", "terms.csv", "wordings.csv", "patterns.csv"])
def test_every_language_is_filled(name):
    for row in rows(name):
        for column, text in row.items():
            if column.endswith(("zh", "en", "fr", "rw")):
                assert text and text == text.strip(), (name, row)


def test_chinese_is_chinese_and_the_others_are_not():
    said = [words for known in TYPES.values() for words in [known.name]]
    said += [attribute.name for attribute in ATTRIBUTES.values()]
    said += [term.name for slug in ATTRIBUTES for term in vocabulary.terms(slug).values()]
    for words in said:
        assert isinstance(words, Words)
        assert HAN.search(words.zh) or LATIN_IN_CHINESE.fullmatch(words.zh), words
        assert not re.search(r"[A-Za-z]", LATIN_IN_CHINESE.sub("", words.zh)), words
        assert not HAN.search(words.en + words.fr + words.rw), words
        assert not re.search(r"[，。；]$", words.zh) and "，，" not in words.zh, words


def test_forms_belong_to_a_language_or_to_all():
    for slug in ATTRIBUTES:
        for term in vocabulary.terms(slug).values():
            for form, text in term.forms.items():
                assert form == "minor" or form.split(".")[0] in ("zh", "en", "fr", "rw"), (term.slug, form)
                assert text.strip(), (term.slug, form)


def test_every_pattern_can_be_read_and_fills_slots_that_exist():
    own = {"place", "at", "shop", "maker", "lead", "noun", "measure", "size"}
    for row in rows("patterns.csv"):
        assert row["scope"] in {*TYPES, *(known.category for known in TYPES.values())} | {
            "food",
            "craft",
            "other-food",
            "other-craft",
            "*",
        }, row["scope"]
        for language in ("zh", "en", "fr", "rw"):
            patterns.read(row[language])
            for slot in re.findall(r"\{([^{}]*)\}", row[language]):
                if slot.startswith("="):
                    continue
                name, asked, wanted = slot.partition("?")
                name = name.split(":")[0]
                assert name in own or name in ATTRIBUTES, (row["scope"], slot)
                if asked:
                    assert set(wanted.split(",")) <= set(vocabulary.terms(name)), (row["scope"], slot)


def test_a_bracket_too_few_or_too_many_is_found():
    for text in ("[{place}", "{place}]", "{place", "[a|b", "a|b"):
        with pytest.raises(patterns.BadPattern):
            patterns.read(text)


def test_every_good_is_of_a_type_and_has_said_all_it_must():
    for good in goods.rows():
        known = TYPES[good.product_type]
        assert known.category == good.category and known.hs == good.hs, good.slug
        assert facts.clean(known, good.facts) == good.facts, good.slug
        varied = {option["attribute"] for choice in good.choices for option in choice.options}
        assert not varied & set(good.facts), good.slug
        assert not facts.missing(known, good.facts, varied), good.slug


def test_what_a_good_comes_in_differs_by_its_type_s_axes():
    found = [good for good in goods.rows() if good.choices]
    assert found
    for good in found:
        axes = TYPES[good.product_type].axes
        chosen = [tuple(option["attribute"] for option in choice.options) for choice in good.choices]
        assert len(set(chosen)) == 1 and set(chosen[0]) <= set(axes) and len(chosen[0]) <= 2, good.slug
        values = [tuple(str(option["value"]) for option in choice.options) for choice in good.choices]
        assert len(values) == len(set(values)), good.slug
        assert good.choices[0].sku == good.sku
        for choice in good.choices:
            for option in choice.options:
                assert facts.single(ATTRIBUTES[option["attribute"]], option["value"]), good.slug
    skus = [good.sku for good in goods.rows()] + [choice.sku for good in found for choice in good.choices[1:]]
    assert len(skus) == len(set(skus))


def test_a_native_reader_is_told_what_to_read():
    listed = vocabulary.to_review()
    assert ("Agaseke peace basket", "Agaseke k'amahoro") not in listed
    assert any(kinyarwanda == "ibirere by'insina" for _english, kinyarwanda in listed)
    assert all(english and kinyarwanda for english, kinyarwanda in listed)


def test_none_never_stands_beside_an_allergen():
    sauce = TYPES["chilli-sauce"]
    assert facts.clean(sauce, {"allergen": ["none", "nuts"]}) == {"allergen": ["nuts"]}
    assert facts.clean(sauce, {"allergen": ["none"]}) == {"allergen": ["none"]}


def test_sellers_are_offered_what_fits_their_goods():
    def offered(slug, attribute):
        return {term.slug for term in vocabulary.offered(TYPES[slug], attribute)}

    assert "clay" in offered("vase", "material") and "clay" not in offered("peace-basket", "material")
    assert "infused" not in offered("vase", "technique") and "infused" in offered("chilli-oil", "technique")
    for known in TYPES.values():
        for attribute in known.attributes:
            if attribute.kind in (Kind.TERM, Kind.TERMS):
                assert offered(known.slug, attribute.slug), (known.slug, attribute.slug)
    for good in goods.rows():
        for slug, answer in good.facts.items():
            if ATTRIBUTES[slug].kind in (Kind.TERM, Kind.TERMS):
                answers = {answer} if isinstance(answer, str) else {*answer}
                assert answers <= offered(good.product_type, slug), (good.slug, slug)


def test_an_answer_is_offered_to_types_and_shelves_that_exist():
    places = {*TYPES, *(known.category for known in TYPES.values())}
    for slug in ATTRIBUTES:
        for term in vocabulary.terms(slug).values():
            assert set(term.fits) <= places, (slug, term.slug)


def test_one_number_is_a_range_of_itself():
    basket = TYPES["peace-basket"]
    assert facts.clean(basket, {"work_days": 5}) == {"work_days": [5, 5]}
    assert facts.clean(basket, {"work_days": [5, "4"]}) == {"work_days": [4, 5]}
    with pytest.raises(facts.BadFact):
        facts.clean(basket, {"work_days": [1, 2, 3]})
