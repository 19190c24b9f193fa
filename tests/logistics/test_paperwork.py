"""Export papers: right, readable by machines and people, made once, never changed."""

import hashlib
import json
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from django.utils import translation

from accounts.models import Message
from kernel.lifecycle import IllegalMove
from logistics import dossiers, facts, glyphs, paperwork, rendering, romanise
from logistics.models import ExportDocument, NumberSeries, Parcel
from orders import progress
from tests import cast
from tests.races import together

from . import road

Kind, Status = ExportDocument.Kind, ExportDocument.Status


@pytest.fixture
def issued(accepted, run_jobs):
    """The papers of a packed parcel, made."""
    parcel = road.packed(accepted)
    run_jobs()
    return road.papers(parcel)


def text_of(pdf: bytes) -> str:
    """All text of a PDF, without the line breaks of its layout."""
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "").replace(" ", "")


def codes_of(pdf: bytes) -> dict[str, str]:
    """Barcodes found on the first page as a 200 dpi scan would see it."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil()
    return {code.format.name: code.text for code in zxingcpp.read_barcodes(picture)}


def facts_now(parcel: Parcel) -> facts.Facts:
    with transaction.atomic():
        return dossiers.facts_of(dossiers.locked(parcel.pk), now=road.NOW)


def drawn(kind: str, said: facts.Facts) -> bytes:
    printed = {"kind": kind, "number": "X-1", "version": 1, "invoice_no": "INV-1", "verify_code": "7K2MQ4XW9TBD"}
    return rendering.render(kind, json.loads(json.dumps({**said.as_json(), **printed})))


def test_every_parcel_gets_its_three_papers_with_numbers_of_the_shops_series(issued, shop):
    assert {kind: paper.number for kind, paper in issued.items()} == {
        Kind.COMMERCIAL_INVOICE: "INV-2026-000001",
        Kind.PACKING_LIST: "PL-2026-000001",
        Kind.CN23: "CN23-2026-000001",
    }
    assert {paper.status for paper in issued.values()} == {Status.ISSUED}
    assert {paper.facts["invoice_no"] for paper in issued.values()} == {"INV-2026-000001"}
    assert len({paper.verify_code for paper in issued.values()}) == 3


def test_the_file_is_kept_under_a_name_that_tells_nothing_and_matches_its_hash(issued):
    for paper in issued.values():
        pdf = paperwork.content(paper)
        assert hashlib.sha256(pdf).hexdigest() == paper.sha256
        assert paper.number not in paper.file.name
        assert pdf.startswith(b"%PDF-1.7")
        assert len(pdf) < 200_000


def test_a_file_that_was_tampered_with_is_not_served(issued):
    paper = issued[Kind.CN23]
    with storages["private"].open(paper.file.name, "wb") as stored:
        stored.write(b"%PDF-1.7 something else")
    with pytest.raises(paperwork.Damaged):
        paperwork.content(paper)


def test_a_scanner_reads_the_waybill_and_the_check_page_from_the_cn23(issued, settings):
    paper = issued[Kind.CN23]
    codes = codes_of(paperwork.content(paper))
    assert codes["Code128"] == paper.parcel.waybill
    assert codes["QRCode"] == f"{settings.SITE_URL}/verify/{paper.verify_code}/"


@pytest.mark.parametrize("kind", Kind.values)
def test_a_scanner_reads_the_qr_code_of_every_paper(issued, kind):
    assert codes_of(paperwork.content(issued[kind]))["QRCode"].endswith(f"/verify/{issued[kind].verify_code}/")


@pytest.mark.parametrize("kind", Kind.values)
def test_names_goods_weights_and_numbers_stand_on_every_paper(issued, kind, accepted):
    text = text_of(paperwork.content(issued[kind]))
    order, line = accepted.order, accepted.lines.get()
    for must in (
        order.recipient,
        "ZHANGSan",
        order.street,
        "西湖区",
        "310012",
        order.phone,
        "MukamanaClaudine",
        "AbahuzaBasketry",
        "HuyeDistrict",
        line.customs_description.replace(" ", ""),
        line.name_zh.replace(" ", ""),
        rendering.kilograms(issued[kind].parcel.weight_g),
        "INV-2026-000001",
        "1",
    ):
        assert must in text


def test_the_invoice_adds_up_to_what_the_buyer_paid_for_this_parcel(issued):
    said = issued[Kind.COMMERCIAL_INVOICE].facts
    planned = issued[Kind.COMMERCIAL_INVOICE].parcel.planned
    assert said["goods_minor"] == sum(good["value_minor"] for good in said["goods"]) == planned.goods_minor
    assert said["total_minor"] == planned.goods_minor + planned.freight_minor
    text = text_of(paperwork.content(issued[Kind.COMMERCIAL_INVOICE]))
    assert rendering.money(said["total_minor"]) in text
    assert f"{said['rwf_total']:,}" in text


def test_the_cn23_has_its_boxes_in_english_and_french(issued):
    text = text_of(paperwork.content(issued[Kind.CN23]))
    for number in range(1, 16):
        assert f"({number})" in text
    for words in ("CUSTOMSDECLARATION", "DÉCLARATIONENDOUANE", "Saleofgoods", "Ventedebiens", "460219", "Returnatonce"):
        assert words in text


def test_the_papers_say_nothing_of_who_paid_or_of_id_numbers(issued):
    for paper in issued.values():
        assert "orderer" not in paper.facts
        assert not any("id_number" in key for key in paper.facts)


def test_asking_again_makes_nothing_new(issued, run_jobs):
    parcel = issued[Kind.CN23].parcel
    before = list(ExportDocument.objects.order_by("pk").values())
    paperwork.issue(parcel_id=parcel.pk)
    paperwork.issue(parcel_id=parcel.pk)
    assert list(ExportDocument.objects.order_by("pk").values()) == before
    assert NumberSeries.objects.count() == 3


def test_the_shop_is_told_once_when_the_papers_are_ready(issued, artisan):
    paperwork.issue(parcel_id=issued[Kind.CN23].parcel_id)
    assert Message.objects.filter(user=artisan, kind="papers_ready", channel="inbox").count() == 1


def test_a_worker_that_died_before_storing_leaves_the_number_for_the_next(accepted, run_jobs, monkeypatch):
    parcel = road.packed(accepted)
    numbers = {kind: paper.number for kind, paper in road.papers(parcel).items()}
    monkeypatch.setattr(rendering, "render", lambda kind, facts: 1 / 0)
    run_jobs(raise_errors=False)
    assert {paper.status for paper in road.papers(parcel).values()} == {Status.REQUIRED}
    monkeypatch.undo()
    paperwork.issue(parcel_id=parcel.pk)
    assert {kind: paper.number for kind, paper in road.papers(parcel).items()} == numbers
    assert {paper.status for paper in road.papers(parcel).values()} == {Status.ISSUED}


def test_two_shops_count_for_themselves(buyer, basket, coffee):
    first = road.packed(road.accepted(buyer, [(basket, 1)]))
    second = road.packed(road.accepted(buyer, [(coffee, 1)]))
    assert road.papers(first)[Kind.CN23].number == road.papers(second)[Kind.CN23].number == "CN23-2026-000001"


def test_a_correction_is_a_new_version_and_the_old_one_is_superseded(issued, run_jobs, shop):
    old = issued[Kind.COMMERCIAL_INVOICE]
    shop.tin = "101234567"
    shop.save(update_fields=["tin"])
    new = paperwork.reissue(old, actor="user:staff", why="TIN added", now=road.NOW)
    run_jobs()
    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.number, new.version, new.status) == (old.number, 2, Status.ISSUED)
    assert old.status == Status.SUPERSEDED
    assert new.verify_code != old.verify_code
    assert "101234567" in text_of(paperwork.content(new))
    assert paperwork.all_ready(new.parcel.consignment)
    with pytest.raises(IllegalMove):
        paperwork.reissue(old, actor="user:staff", why="again", now=road.NOW)


def test_the_database_refuses_to_change_or_delete_an_issued_paper(issued):
    paper = issued[Kind.CN23]
    for change in ({"number": "CN23-2026-999999"}, {"facts": {}}, {"sha256": "0" * 64}, {"file": "other.pdf"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ExportDocument.objects.filter(pk=paper.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ExportDocument.objects.filter(pk=paper.pk).delete()


def test_papers_of_an_order_that_was_called_off_are_voided(issued, accepted):
    progress.call_off(accepted, actor="user:buyer", why="changed my mind", now=road.NOW)
    paperwork.void_fallen(now=road.NOW)
    assert set(ExportDocument.objects.values_list("status", flat=True)) == {Status.VOIDED}
    assert Status.VOIDED in [step.now for step in issued[Kind.CN23].steps]


def test_rare_characters_are_spelled_out_and_staff_are_told(buyer, basket, run_jobs):
    parcel = road.packed(road.accepted(buyer, [(basket, 1)], recipient="𠮷喆"))
    run_jobs()
    parcel.refresh_from_db()
    assert parcel.attention == Parcel.Attention.UNDRAWABLE
    text = text_of(paperwork.content(road.papers(parcel)[Kind.CN23]))
    assert "[U+20BB7]喆" in text
    assert "�" not in text


def test_our_words_and_those_of_rwanda_can_all_be_drawn():
    assert not glyphs.missing("Iposita — National Post Office of Rwanda’s “umuraza” … àâçéèêëîïôœùûÀÉÈÇŒ 喆堃镕 × ·")
    assert glyphs.printable("a\tb\n‮c") == "a b  c"


def test_long_descriptions_wrap_and_are_never_cut(accepted, run_jobs):
    said = facts_now(road.packed(accepted))
    hanzi = "".join(chr(0x4E00 + n) for n in range(2000))
    long = "".join(letter for letter in hanzi if not glyphs.missing(letter))
    good = replace(said.goods[0], description_zh=long, description="word " * 200 + "lastword")
    for kind in Kind.values:
        text = text_of(drawn(kind, replace(said, goods=(good,))))
        assert set(long) <= set(text)
        assert "lastword" in text


def test_two_hundred_lines_run_over_pages_and_all_stand_there(accepted):
    said = facts_now(road.packed(accepted))
    goods = tuple(replace(said.goods[0], description=f"Basket number {n:03d}") for n in range(200))
    for kind in Kind.values:
        pdf = drawn(kind, replace(said, goods=goods))
        text = text_of(pdf)
        assert all(f"Basketnumber{n:03d}" in text for n in range(200))
        assert len(pypdfium2.PdfDocument(pdf)) > 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"hs_code": "46021"},
        {"hs_code": "46o219"},
        {"origin": ""},
        {"origin": "XX"},
        {"description": "  "},
        {"net_g": 0},
        {"quantity": 0},
        {"unit_minor": 0},
        {"value_minor": 1},
        {"value_minor": -5},
    ],
)
def test_each_fact_that_customs_would_refuse_is_named(accepted, wrong):
    said = facts_now(road.packed(accepted))
    assert not facts.problems(said, expected_goods_minor=said.goods_minor)
    bad = replace(said, goods=(replace(said.goods[0], **wrong),))
    assert facts.problems(bad, expected_goods_minor=said.goods_minor)


@pytest.mark.parametrize(
    "wrong", [{"gross_g": 0}, {"gross_g": 30_001}, {"gross_g": 1}, {"waybill": "X"}, {"goods": ()}]
)
def test_each_fact_of_the_parcel_is_checked_too(accepted, wrong):
    said = facts_now(road.packed(accepted))
    assert facts.problems(replace(said, **wrong), expected_goods_minor=said.goods_minor)
    assert facts.problems(said, expected_goods_minor=said.goods_minor + 1)


def test_what_is_missing_is_said_in_the_sellers_language(accepted):
    said = facts_now(road.packed(accepted))
    wrong = facts.problems(replace(said, gross_g=0), expected_goods_minor=said.goods_minor)
    with translation.override("fr"):
        french = str(paperwork.PapersIncomplete(missing=facts.listed(wrong)))
    with translation.override("en"):
        english = str(paperwork.PapersIncomplete(missing=facts.listed(wrong)))
    assert french != english


@pytest.mark.parametrize(
    "hanzi,latin",
    [
        ("张三", "ZHANG San"),
        ("欧阳修", "OUYANG Xiu"),
        ("曾国藩", "ZENG Guofan"),
        ("Marie Uwase", "Marie Uwase"),
        ("单田芳", "SHAN Tianfang"),
    ],
)
def test_chinese_names_are_written_for_the_post_in_rwanda(hanzi, latin):
    assert romanise.person(hanzi) == latin


def test_chinese_places_are_written_for_the_post_in_rwanda():
    assert romanise.place("杭州市") == "Hangzhou"
    assert romanise.place("重庆市") == "Chongqing"
    assert romanise.place("内蒙古自治区") == "Neimenggu"
    assert romanise.street("文三路138号") == "Wen San Lu 138 Hao"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_workers_on_one_parcel_make_one_document_of_each_kind(buyer, shop):
    parcel = road.packed(road.accepted(buyer, [(cast.basket(shop), 1)]))
    codes = set(ExportDocument.objects.values_list("verify_code", flat=True))
    answers = together(10, lambda _n: paperwork.issue(parcel_id=parcel.pk))
    assert answers == [None] * 10
    made = ExportDocument.objects.all()
    assert made.count() == 3
    assert set(made.values_list("status", flat=True)) == {Status.ISSUED}
    assert set(made.values_list("verify_code", flat=True)) == codes
    assert set(NumberSeries.objects.values_list("last", flat=True)) == {1}
    for paper in made:
        assert hashlib.sha256(paperwork.content(paper)).hexdigest() == paper.sha256
