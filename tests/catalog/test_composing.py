"""What listings say, composed from facts alone, in four languages."""

import random
import re
from pathlib import Path

import pytest

from catalog import composing, facts, goods, vocabulary
from catalog.composing import About
from catalog.vocabulary import Kind, Words

LANGUAGES = ("zh", "en", "fr", "rw")
TYPES, ATTRIBUTES = vocabulary.types(), vocabulary.attributes()
NOUNS = re.compile(
    "咖啡|红茶|红碎茶|绿茶|白茶|蜂蜜|辣椒|小米椒|夏威夷果|篮|盘|碗|垫|席|浮雕画|项链|耳环|手镯|托特包|围裙|围脖|抱枕套|布"
    "|奶罐|大猩猩|筝|花瓶"
)
HUYE = About(Words("胡耶", "Huye", "Huye", "Huye"), Words("胡耶合作社", "Huye Hills", "Huye Hills", "Huye Hills"))
NOWHERE = About(Words("", "", "", ""), Words("手作坊", "Ubukorikori", "Ubukorikori", "Ubukorikori"))
GRACE = About(HUYE.place, HUYE.shop, maker="Grace", lead_days=7)


def say(slug, language, about=HUYE, **answers):
    known = TYPES[slug]
    return composing.compose(known, facts.read(known, facts.clean(known, answers)), about, language)


COFFEE = {
    "variety": "red-bourbon",
    "process": "washed",
    "roast": "medium",
    "net_weight": 250,
    "altitude": [1700, 2000],
    "flavour": ["orange", "raisin", "milk-chocolate"],
    "cup_score": 86,
    "shelf_life": 12,
    "storage": "cool-dry",
}
BASKET = {
    "material": ["sisal", "sweetgrass", "natural-dye"],
    "technique": "coiled",
    "height": 24,
    "pattern": ["umuraza"],
    "features": ["pointed-lid"],
    "work_days": [4, 5],
    "use": ["gift"],
}


def anything(known, dice):
    """Some answers that `clean` accepts, for a type: often few, sometimes all."""
    share = dice.choice((0, 0.2, 0.6, 1))
    return {
        slug: _answer(known, ATTRIBUTES[slug], dice) for slug in (*known.needs, *known.may) if dice.random() <= share
    }


def _answer(known, attribute, dice):
    slugs = [term.slug for term in vocabulary.offered(known, attribute.slug)]
    match attribute.kind:
        case Kind.TERM:
            return dice.choice(slugs)
        case Kind.TERMS:
            return dice.sample(slugs, min(len(slugs), dice.choice((1, 1, 2, 3, 8))))
        case Kind.NUMBER:
            return dice.choice((1, 24, "86.5", 250, 1000, 12500))
        case Kind.RANGE:
            return [1, 1] if dice.random() < 0.3 else [dice.randint(1, 900), dice.randint(900, 2500)]
        case Kind.NAME:
            return dice.choice(("Umuduri", "Ikawa Nziza no 4", "A" * 60))


UNTIDY = re.compile(r"[{}\[\]|]|  |，，|。。|、、|,,|\.\.|[,，、;；] ?[.。]|\( |（，|, ,| [,.;]|[：:][。，,]")


def judge(text, language, *, longest=10_000):
    assert text and text == text.strip() and not UNTIDY.search(text), (language, text)
    assert len(text) <= longest, (language, text)
    assert not re.match(r"[,，、;；。.:：]", text), (language, text)
    if language != "zh":
        assert not re.search(r"[\u4e00-\u9fff]", text), (language, text)


@pytest.mark.parametrize("slug", TYPES)
def test_whatever_is_known_makes_clean_texts_in_every_language(slug):
    known, dice = TYPES[slug], random.Random(slug)
    for _round in range(8):
        answers = facts.clean(known, anything(known, dice))
        said = facts.read(known, answers)
        for about in (HUYE, NOWHERE, GRACE):
            for language in LANGUAGES:
                texts = composing.compose(known, said, about, language)
                judge(texts.title, language, longest=60 if language == "zh" else 100)
                judge(texts.summary, language)
                for name, value in (*texts.specification, *texts.label):
                    judge(name, language)
                    judge(value, language)
                    assert "\t" not in name + value and "\n" not in name + value
                shown = composing.alt(known, said, about, language, view="detail", is_illustration=True)
                judge(shown, language, longest=200)
                assert texts == composing.compose(known, said, about, language)


def expected():
    """Good -> language -> title, summary, alt text, from `composed.txt`."""
    found, good = {}, ""
    for line in (Path(__file__).parent / "composed.txt").read_text("utf-8").splitlines():
        if line[:3].strip() in LANGUAGES and line[2:3] == " ":
            language = line[:2]
            found[good][language] = [line[3:]]
        elif line.startswith("   "):
            found[good][language].append(line.strip())
        elif line and not line.startswith("#"):
            good = line
            found[good] = {}
    return found


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("slug", expected())
def test_one_good_of_every_shelf_says_this(slug):
    good = {row.slug: row for row in goods.rows()}[slug]
    known = TYPES[good.product_type]
    said = facts.read(known, good.facts)
    for language, (title, summary, alt) in expected()[slug].items():
        texts = composing.compose(known, said, HUYE, language)
        assert plain(texts.title) == title
        assert plain(texts.summary) == summary
        shown = composing.alt(known, said, HUYE, language, view="detail", is_illustration=True)
        assert plain(shown) == alt


def test_every_shelf_is_among_them():
    types = {row.slug: row.product_type for row in goods.rows()}
    shelves = {known.category for known in TYPES.values()}
    assert {TYPES[types[slug]].category for slug in expected()} == shelves


def test_a_chinese_title_names_the_goods_early_and_is_no_praise():
    for good in goods.rows():
        known = TYPES[good.product_type]
        title = composing.compose(known, facts.read(known, good.facts), HUYE, "zh").title
        assert NOUNS.search(title[:30]), title
        assert not re.search(r"最|第一|顶级|极", title)


def test_the_specification_goes_from_name_and_origin_to_storage():
    names = [name for name, _value in say("roasted-coffee", "zh", **COFFEE, allergen=["none"]).specification]
    assert names[:5] == ["品名", "原产地", "产区", "配料", "净含量"]
    assert names[-3:] == ["保质期", "储存条件", "过敏原"]


def test_numbers_are_written_as_each_language_writes_them():
    for language, weight, score, altitude in (
        ("zh", "250克", "86.5分", "1700–2000米"),
        ("en", "250 g", "86.5 points", "1,700–2,000 m"),
        ("fr", "250\u00a0g", "86,5\u00a0points", "1\u202f700–2\u202f000\u00a0m"),
        ("rw", "250 g", "amanota 86,5", "m 1700–2000"),
    ):
        values = [
            value for _name, value in say("roasted-coffee", language, **{**COFFEE, "cup_score": "86.5"}).specification
        ]
        assert {weight, score, altitude} <= set(values), values
    assert "1千克" in say("roasted-coffee", "zh", **{**COFFEE, "net_weight": 1000}).title
    assert "1,5\u00a0kg" in say("roasted-coffee", "fr", **{**COFFEE, "net_weight": 1500}).title


def test_two_sides_and_more_are_one_size():
    assert ("尺寸", "40×36厘米（宽×高）") in say("tote-bag", "zh", width=40, height=36).specification
    assert ("Size", "40 × 36 cm (width × height)") in say("tote-bag", "en", width=40, height=36).specification
    assert ("高", "24厘米") in say("peace-basket", "zh", **BASKET).specification


def test_a_food_label_says_what_the_law_asks_and_no_more_than_is_known():
    label = dict(say("chilli-sauce", "zh", ingredients=["red-chilli", "salt"], net_weight=250, allergen=["none"]).label)
    assert label == {
        "品名": "辣椒酱",
        "配料": "红辣椒、食用盐",
        "净含量": "250克",
        "原产地": "卢旺达",
        "生产者": "胡耶合作社",
        "生产日期": "见包装",
        "过敏原": "无",
    }
    kept = dict(say("chilli-sauce", "zh", shelf_life=12, storage="cool-dry").label)
    assert kept["保质期"] == "自生产日期起12个月" and kept["储存条件"] == "阴凉干燥处密封保存"


def test_a_single_ingredient_needs_no_asking():
    assert ("配料", "蜂蜜") in say("honey", "zh", net_weight=500).label
    assert ("Ingrédients", "Miel") in say("honey", "fr", net_weight=500).label


def test_the_label_of_other_goods_says_material_maker_and_what_to_mind():
    label = dict(say("vase", "zh", GRACE, material=["clay"], caution=["no-food"], care=["keep-dry"]).label)
    assert label["材质"] == "陶土" and label["制造者"] == "Grace、胡耶合作社"
    assert label["注意事项"] == "不可直接接触食品" and label["保养"] == "保持干燥"


def test_cloth_printed_abroad_is_not_called_rwandan():
    abroad = say("fabric", "zh", fibre="cotton-100", cloth_length=6, width=118, printed_in="abroad")
    assert "卢旺达" not in abroad.title and ("原产地", "卢旺达境外") in abroad.specification
    assert "产区" not in dict(abroad.specification)
    at_home = say("fabric", "zh", fibre="cotton-100", cloth_length=6, width=118, printed_in="rwanda")
    assert at_home.title.startswith("卢旺达") and ("原产地", "卢旺达") in at_home.specification


def test_french_and_kinyarwanda_agree_with_the_goods():
    assert plain(say("cushion-cover", "fr", material=["cotton-wax-print"], technique="sewn").summary).startswith(
        "Cette housse de coussin est cousue en"
    )
    assert (
        "Ces boucles d'oreilles sont tressées" in say("earrings", "fr", material=["sisal"], technique="coiled").summary
    )
    assert (
        "Cet objet en bois est sculpté"
        in say("woodcraft-other", "fr", material=["wood"], technique="hand-carved").summary
    )
    assert "kaboheshejwe intoki mu budodo" in say("peace-basket", "rw", **BASKET).summary
    assert "iboheshejwe intoki mu" in say("woven-bowl", "rw", material=["sisal"], technique="coiled").summary
    assert say("vase", "rw", watertight="no").summary.startswith("Ntifata amazi")
    assert say("clay-pot", "rw", watertight="no").summary.startswith("Ntigifata amazi")


def test_what_buyers_choose_stands_in_the_specification_only():
    known = TYPES["loop-scarf"]
    options = [[{"attribute": "colour", "value": colour}] for colour in ("red", "blue")]
    said = {**facts.read(known, {"material": ["printed-cotton"]}), **facts.choices(known, options)}
    texts = composing.compose(known, said, HUYE, "zh")
    assert ("颜色", "红色、蓝色") in texts.specification
    assert "红色" not in texts.title + texts.summary
    coffee = facts.choices(
        TYPES["roasted-coffee"], [[{"attribute": "net_weight", "value": size}] for size in (500, 250)]
    )
    assert ("净含量", "250克、500克") in composing.compose(TYPES["roasted-coffee"], coffee, HUYE, "zh").specification


def test_days_to_make_and_the_maker_are_said_where_there_are_any():
    assert "由胡耶合作社的手艺人Grace制作，接单后约需7天。" in say("vase", "zh", GRACE).summary
    assert "Made by Grace of Huye Hills, to order in about 7 days." in say("vase", "en", GRACE).summary
    assert ("制作周期", "7天") in say("vase", "zh", GRACE).specification


def test_a_choice_is_said_as_its_button_says_it():
    assert composing.option_label("colour", "red", "zh") == "红色"
    assert composing.option_label("colour", "red", "en") == "Red"
    assert composing.option_label("height", 30, "zh-hans") == "30厘米"
    assert composing.option_label("height", "30.5", "fr") == "30,5\u00a0cm"
    assert composing.option_label("net_weight", 1000, "en") == "1 kg"
    assert composing.option_label("colour", "gone", "zh") == "gone"
    assert composing.option_label("unheard-of", 3, "zh") == "3"


def test_a_picture_says_its_side_and_that_it_is_drawn():
    known = TYPES["vase"]
    assert composing.alt(known, {}, HUYE, "zh") == "赤陶花瓶"
    assert composing.alt(known, {}, HUYE, "zh", view="front", is_illustration=True) == "赤陶花瓶（示意图）"
    assert composing.alt(known, {}, HUYE, "fr", view="detail") == "Vase en terre cuite (détail)"
