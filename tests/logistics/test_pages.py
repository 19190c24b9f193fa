"""The shop's page of an order: pack, papers, hand over; and whose papers one may open."""

import pytest
from django.urls import reverse

from logistics.models import ExportDocument, Parcel
from orders.models import Consignment
from tests import cast

from . import road


@pytest.fixture
def seller(client, artisan):
    """Mukamana, signed in, reading English."""
    artisan.language = "en"
    artisan.save(update_fields=["language"])
    client.force_login(artisan)
    return client


def at(name, consignment):
    return reverse(f"sell:{name}", args=[consignment.pk])


def measures(consignment, **changes):
    box = consignment.planned_parcels.get()
    said = {"weight": str(box.weight_g), "length": "32", "width": "22,5", "height": "18", **changes}
    return {f"{box.pk}-{name}": value for name, value in said.items()}


def test_the_buyer_is_masked_until_the_shop_accepts(seller, accepted):
    assert accepted.order.street in seller.get(at("consignment", accepted)).content.decode()
    Consignment.objects.filter(pk=accepted.pk).update(status="to_accept")
    page = seller.get(at("consignment", accepted)).content.decode()
    assert accepted.order.street not in page
    assert accepted.order.phone not in page
    assert accepted.order.recipient not in page


def test_pack_print_and_hand_over_without_a_script(seller, accepted, run_jobs, asked):
    assert seller.post(at("pack", accepted), measures(accepted)).status_code == 302
    parcel = Parcel.objects.get()
    assert (parcel.length_mm, parcel.width_mm, parcel.height_mm) == (320, 225, 180)
    waiting = seller.get(at("consignment", accepted)).content.decode()
    assert 'http-equiv="refresh"' in waiting
    assert at("hand_over", accepted) not in waiting
    run_jobs()
    ready = seller.get(at("consignment", accepted)).content.decode()
    assert 'http-equiv="refresh"' not in ready
    assert at("hand_over", accepted) in ready
    for paper in ExportDocument.objects.all():
        assert reverse("sell:document", args=[paper.pk]) in ready
    assert seller.get(at("print_papers", accepted)).status_code == 200
    assert seller.post(at("hand_over", accepted)).status_code == 302
    accepted.refresh_from_db()
    assert accepted.status == Consignment.Status.HANDED_OVER


@pytest.mark.parametrize(
    "changes",
    [
        {"weight": ""},
        {"weight": "0"},
        {"weight": "40000"},
        {"weight": "1e3"},
        {"length": "x"},
        {"height": "0"},
        {"width": "151"},
        {"width": "NaN"},
    ],
)
def test_a_bad_measure_is_422_and_keeps_the_rest(seller, accepted, changes):
    page = seller.post(at("pack", accepted), measures(accepted, **changes))
    assert page.status_code == 422
    assert ("22,5" in page.content.decode()) or "width" in changes
    assert not Parcel.objects.exists()


def test_packing_twice_from_two_tabs_is_no_error(seller, accepted):
    seller.post(at("pack", accepted), measures(accepted))
    assert seller.post(at("pack", accepted), measures(accepted)).status_code == 302
    assert Parcel.objects.count() == 1


def test_another_shop_finds_nothing(client, accepted, other_shop, run_jobs):
    road.packed(accepted)
    run_jobs()
    client.force_login(other_shop.members.get().user)
    assert client.get(at("consignment", accepted)).status_code == 404
    assert client.get(at("print_papers", accepted)).status_code == 404
    for name in ("pack", "hand_over"):
        assert client.post(at(name, accepted)).status_code == 404
    for paper in ExportDocument.objects.all():
        assert client.get(reverse("sell:document", args=[paper.pk])).status_code == 404


def test_a_paper_is_for_its_shop_and_for_staff_who_may(
    client, admin_client, accepted, artisan, buyer, stranger, run_jobs
):
    road.packed(accepted)
    paper = ExportDocument.objects.filter(kind="cn23").get()
    link = reverse("sell:document", args=[paper.pk])
    client.force_login(artisan)
    assert client.get(link).status_code == 404  # not made yet
    run_jobs()
    response = client.get(link)
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{paper.number}-v1.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get(link + "?open=1").headers["Content-Disposition"].startswith("inline")
    assert admin_client.get(link).status_code == 200
    for other in (buyer, stranger, cast.person("Staff", is_staff=True)):
        client.force_login(other)
        assert client.get(link).status_code == 404
    client.logout()
    assert client.get(link).status_code == 302


@pytest.mark.parametrize(
    "name",
    ["parcel", "exportdocument", "trackingnotice", "customshold", "waybillrange", "routerule", "service", "corridor"],
)
def test_staff_lists_open(admin_client, accepted, run_jobs, name):
    parcel = road.packed(accepted)
    run_jobs()
    assert admin_client.get(reverse(f"admin:logistics_{name}_changelist")).status_code == 200
    assert admin_client.get(reverse("admin:logistics_parcel_change", args=[parcel.pk])).status_code == 200


def test_staff_deeds_are_written_down(admin_client, accepted, run_jobs):
    parcel = road.packed(accepted, extra_g=900)
    run_jobs()
    url = reverse("admin:logistics_parcel_changelist")
    admin_client.post(url, {"action": "seen", "_selected_action": [parcel.pk]})
    parcel.refresh_from_db()
    assert parcel.attention == ""
    papers = reverse("admin:logistics_exportdocument_changelist")
    paper = ExportDocument.objects.get(kind="cn23")
    admin_client.post(papers, {"action": "reissue", "_selected_action": [str(paper.pk)]})
    run_jobs()
    paper.refresh_from_db()
    assert paper.status == ExportDocument.Status.SUPERSEDED
    assert ExportDocument.objects.get(kind="cn23", version=2).status == ExportDocument.Status.ISSUED
