"""The data files: complete, consistent, and loaded any number of times."""

import re

import pytest
from django.core.management import call_command

from catalog import access, goods, reference
from catalog.models import Category, HsCode, Product
from catalog.places import in_chinese
from sellers import districts

CLASSES = {"food", "craft", "wood", "ceramic", "bag", "leather", "textile", "imitation_jewellery", "art", "other"} | {
    "soap",
    "furniture",
    "gem",
    "precious_metal",
}
SUPERLATIVES = re.compile(r"最|第一|国家级|顶级|极品")


@pytest.mark.django_db
def test_loading_twice_is_loading_once_and_keeps_decisions():
    call_command("load_catalog_data", verbosity=0)
    HsCode.objects.filter(code="2103909000").update(access=HsCode.Access.OK)
    counts = HsCode.objects.count(), Category.objects.count()
    reference.load()
    assert (HsCode.objects.count(), Category.objects.count()) == counts
    assert HsCode.objects.get(code="2103909000").access == HsCode.Access.OK


@pytest.mark.django_db
def test_every_good_finds_its_shelf_its_line_and_its_district():
    reference.load()
    shelves, lines = set(Category.objects.values_list("slug", flat=True)), HsCode.objects.in_bulk(field_name="code")
    places = {district.name for _name, inside in districts.provinces() for district in inside}
    rows = list(goods.rows())
    assert len(rows) == len({row.slug for row in rows}) == len({row.sku for row in rows}) == 39
    for row in rows:
        assert row.category in shelves and row.hs in lines and row.district in places, row.slug
        assert min(row.receive_rwf, row.stock, row.weight_g, row.length_mm, row.width_mm, row.height_mm) > 0
        for text in (row.name_zh, row.name_en, row.name_fr, row.name_rw, row.description_zh, row.customs_description):
            assert text.strip()
        assert len(row.name_zh) <= 60 and not SUPERLATIVES.search(row.name_zh + row.description_zh), row.slug
        assert 2 <= row.description_zh.count("。") <= 3, row.slug
    assert {line.article_class for line in lines.values()} <= CLASSES
    assert places == set(in_chinese())


@pytest.mark.django_db
def test_what_the_corridor_forbids_is_not_ok():
    reference.load()
    line = {hs.code: hs for hs in HsCode.objects.all()}
    assert line["0409000000"].access == line["0901110000"].access == line["0904210000"].access == "needs_papers"
    assert line["9601900000"].access == line["9601100010"].access == line["4101500000"].access == "blocked"
    assert line["0901210000"].access == line["4602199000"].access == "ok"
    vouched = {"access_approved_by": "Mugisha", "access_evidence": "certificate 7"}
    assert not access.may_send(Product(hs_code=line["0409000000"])).ok
    assert access.may_send(Product(hs_code=line["0409000000"], **vouched)).ok
    assert not access.may_send(Product(hs_code=line["0409000000"], access_approved_by="Mugisha")).ok
    assert not access.may_send(Product(hs_code=line["9601900000"], **vouched)).ok
    assert not access.may_send(Product()).ok
