"""Packing with measured weight, and handing over."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.models import HsCode, Variant
from kernel.lifecycle import IllegalMove
from kernel.models import Job
from logistics import facts, paperwork, parcels, s10, tracking
from logistics.models import ExportDocument, NumberSeries, Parcel, WaybillRange
from logistics.parcels import BadBox, BoxMeasure, NotAllPacked, PapersNotReady
from orders import progress
from orders.models import Consignment
from tests import cast
from tests.races import together

from . import road


def pack(consignment, boxes):
    return parcels.pack(consignment, boxes=boxes, actor=road.SELLER, now=road.NOW)


def test_packing_makes_a_parcel_with_a_waybill_and_promises_its_papers(accepted):
    parcel = road.packed(accepted)
    accepted.refresh_from_db()
    assert accepted.status == Consignment.Status.PACKED
    assert s10.read(parcel.waybill).indicator == parcel.service.s10_indicator
    assert parcel.status == Parcel.Status.LABEL_CREATED
    assert parcel.packed_by == road.SELLER
    assert Job.objects.filter(task="logistics.paperwork.issue", kwargs={"parcel_id": parcel.pk}).count() == 1


def test_packing_twice_gives_the_same_parcel(accepted):
    first = road.packed(accepted)
    assert road.packed(accepted, extra_g=500) == first
    assert Parcel.objects.get().weight_g == first.weight_g


def test_only_an_accepted_order_is_packed(accepted):
    progress.call_off(accepted, actor="user:buyer", why="changed my mind", now=road.NOW)
    with pytest.raises(IllegalMove):
        road.packed(accepted)
    assert not Parcel.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"weight_g": 0}, {"weight_g": 30_001}, {"weight_g": -5}, {"length_mm": 0}, {"height_mm": 1501}]
)
def test_a_box_that_cannot_be_sent_changes_nothing(accepted, wrong):
    box = road.boxes(accepted)[0]
    with pytest.raises(BadBox):
        pack(accepted, [BoxMeasure(**{**box.__dict__, **wrong})])
    accepted.refresh_from_db()
    assert accepted.status == Consignment.Status.ACCEPTED
    assert not Parcel.objects.exists()
    assert not NumberSeries.objects.exists()
    ranges = WaybillRange.objects.all()
    assert sum(row.next_serial for row in ranges) == 10000001 + 20000001 + 30000001


def test_every_planned_parcel_is_measured_once(accepted):
    box = road.boxes(accepted)[0]
    for boxes in ([], [box, box], [BoxMeasure(**{**box.__dict__, "planned_id": 0})]):
        with pytest.raises(NotAllPacked):
            pack(accepted, boxes)


def test_a_heavier_box_is_kept_and_shown_to_staff(accepted):
    parcel = road.packed(accepted, extra_g=350)
    assert parcel.over_plan_g == 350
    assert parcel.attention == Parcel.Attention.OVERWEIGHT
    accepted.order.refresh_from_db()
    assert accepted.order.total_minor == accepted.goods_minor + accepted.freight_minor + accepted.tax_minor


def test_a_box_lighter_than_half_its_goods_is_shown_to_staff(accepted):
    box = BoxMeasure(**{**road.boxes(accepted)[0].__dict__, "weight_g": 100})
    assert pack(accepted, [box])[0].attention == Parcel.Attention.LIGHT


def test_papers_that_customs_would_refuse_stop_the_packing_and_say_why(buyer, basket):
    HsCode.objects.filter(code="4602199000").update(code="46021")
    consignment = road.accepted(buyer, [(basket, 1)])
    with pytest.raises(paperwork.PapersIncomplete) as refusal:
        road.packed(consignment)
    assert refusal.value.status == 422
    assert "和平篮" in str(refusal.value)
    consignment.refresh_from_db()
    assert consignment.status == Consignment.Status.ACCEPTED
    assert not ExportDocument.objects.exists()
    assert not NumberSeries.objects.exists()


def test_handing_over_waits_for_the_papers_then_has_the_parcel_followed(accepted, run_jobs, asked):
    parcel = road.packed(accepted)
    with pytest.raises(PapersNotReady):
        parcels.hand_over(accepted, actor=road.SELLER, now=road.NOW)
    run_jobs()
    assert parcels.hand_over(accepted, actor=road.SELLER, now=road.NOW)
    assert not parcels.hand_over(accepted, actor=road.SELLER, now=road.NOW)
    run_jobs()
    registered = [body for call, body in asked if call == "register"]
    assert [entry[0]["number"] for entry in registered] == [parcel.waybill]
    assert "张三" not in str(registered)
    parcel.refresh_from_db()
    assert parcel.registered_at


def test_an_unpacked_order_is_not_handed_over(accepted):
    with pytest.raises(IllegalMove):
        parcels.hand_over(accepted, actor=road.SELLER, now=road.NOW)


def test_net_weights_never_pass_the_scale():
    assert facts.net_weights([330, 660], gross_g=1200) == [330, 660]
    assert facts.net_weights([330, 660], gross_g=900) == [300, 600]
    assert sum(facts.net_weights([333, 333, 334], gross_g=997)) == 997


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_presses_of_the_pack_button_make_one_parcel(buyer, shop):
    consignment = road.accepted(buyer, [(cast.basket(shop), 1)])
    answers = together(10, lambda _n: road.packed(Consignment.objects.get(pk=consignment.pk)))
    assert {answer.pk for answer in answers} == {Parcel.objects.get().pk}
    assert ExportDocument.objects.count() == 3
    assert WaybillRange.objects.get(indicator=Parcel.objects.get().service.s10_indicator).next_serial % 100 == 2


def test_a_lost_registration_is_caught_up_by_the_clock(accepted, run_jobs, asked):
    parcel = road.handed_over(accepted)
    Job.objects.all().delete()
    tracking.look_after(now=datetime.now(UTC) + timedelta(hours=1))
    run_jobs()
    parcel.refresh_from_db()
    assert parcel.registered_at


def test_goods_of_several_boxes_each_get_their_own_waybill(buyer, shop):
    basket: Variant = cast.basket(shop, stock=40)
    consignment = road.accepted(buyer, [(basket, 12)])
    made = pack(consignment, road.boxes(consignment))
    assert len(made) == consignment.planned_parcels.count()
    assert len({parcel.waybill for parcel in made}) == len(made)
    assert sum(p.facts["goods_minor"] for p in ExportDocument.objects.filter(kind="cn23")) == consignment.goods_minor
