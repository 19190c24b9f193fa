"""The demonstration: every screen has something, nothing is made twice, and the demo bar changes who one is."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import Message, User
from catalog import access, stock
from catalog.models import Product, Variant
from kernel import sealing
from kernel.models import AuditRecord, Job, Step
from logistics.models import CustomsHold, ExportDocument, Parcel
from marketplace.demo import deeds, drawings, goods, jobs, marks, orders, people, shops
from orders.models import Consignment, Order
from payments import ledger
from payments.models import Earning, Payment, Payout, Refund
from sandbox.testing import Sandbox
from sellers.models import ModerationCase, Seller

ORIGIN = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def outside(settings, tmp_path) -> Iterator[Sandbox]:
    """A sandbox that the product finds in its settings, and nothing left of earlier runs."""
    with Sandbox(delay=0.1) as sandbox:
        for name, value in sandbox.environment().items():
            setattr(settings, name, [value] if name == "STRIPE_WEBHOOK_SECRETS" else value)
        settings.RATES_URL = f"{sandbox.url}/bnr/rates"
        settings.VAR_DIR = tmp_path
        marks.forget()
        yield sandbox
    marks.forget()


@pytest.fixture
def quick_hands(monkeypatch) -> None:
    """Plain pictures instead of drawings, which take seconds; small files are made elsewhere."""
    monkeypatch.setattr(drawings, "of_all", lambda wanted: ({"front": plain(good.slug)} for good in wanted))
    monkeypatch.setattr(jobs, "derive", lambda picture_ids: None)


def plain(name: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (240, 240), "#" + f"{crc32(name.encode()) % 0x1000000:06x}").save(out, "JPEG")
    return out.getvalue()


def demo_data() -> str:
    said = io.StringIO()
    call_command("demo_data", stdout=said, stderr=said)
    return said.getvalue()


def everything() -> dict[str, int]:
    """How much there is of what matters."""
    kinds = (User, Seller, Product, Order, Payment, Refund, Payout, Parcel, Message, Job, Step, AuditRecord)
    return {kind.__name__: kind._default_manager.count() for kind in kinds}


def test_a_killed_run_goes_on_where_it_stopped_and_the_next_one_changes_nothing(
    db, outside, quick_hands, monkeypatch, tmp_path
) -> None:
    def die(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(deeds, "hand_over", die)
        with pytest.raises(KeyboardInterrupt):
            demo_data()
    packed = Order.objects.get()
    assert packed.consignments.get().status == Consignment.Status.PACKED

    demo_data()

    packed.refresh_from_db()
    assert packed.status == Order.Status.CLOSED
    assert Order.objects.count() == len(orders.PAID_OUT) + len(orders.OTHERS)
    no_screen_is_empty()
    the_books_are_sound()
    the_logins_work(tmp_path)

    before = everything()
    assert "orders added: 0" in demo_data()
    assert everything() == before


def no_screen_is_empty() -> None:
    assert set(Consignment.objects.values_list("status", flat=True)) == set(Consignment.Status.values)
    assert set(Order.objects.values_list("status", flat=True)) == set(Order.Status.values)
    assert Order.objects.of(people.find("buyer")).count() >= 12
    mine = Consignment.objects.for_seller(shops.find("baskets"))
    for part in (mine.to_accept(), mine.to_pack(), mine.sent(), mine.done()):
        assert part.exists()
    wanted = {"draft", "submitted", "changes_requested", "published", "paused"}
    assert set(Product.objects.values_list("status", flat=True)) == wanted
    assert Product.objects.count() == 39
    in_stock = Variant.objects.filter(on_hand__gt=0).values("product")
    assert Product.objects.on_sale().exclude(pk__in=in_stock).get().slug == "sisal-bowl-set-3"
    assert all(product.name_zh and product.customs_description for product in Product.objects.all())
    assert set(ModerationCase.objects.filter(status="new").values_list("kind", flat=True)) == {"seller", "product"}
    assert CustomsHold.objects.open().count() == 1
    assert set(Refund.objects.values_list("status", flat=True)) == {Refund.Status.SUCCEEDED}
    assert Payout.objects.filter(status=Payout.Status.PAID).exists()
    assert set(Earning.objects.values_list("status", flat=True)) >= {"pending", "available", "paid", "reversed"}
    assert ExportDocument.objects.filter(parcel__consignment__status="packed", status="issued").count() == 3


def the_logins_work(folder: Path) -> None:
    logins = json.loads((folder / "demo-logins.json").read_text("utf-8"))
    assert [row["role"] for row in logins] == ["buyer", "seller", "moderator"]
    assert all(User.objects.get(email=row["login"]).check_password(row["password"]) for row in logins)


def the_books_are_sound() -> None:
    assert ledger.out_of_balance() == []
    sealing.seal_all(now=timezone.now())
    assert [wrong for name in sealing.CHAINS for wrong in sealing.verify(name)] == []
    assert not Job.objects.filter(state=Job.State.PARKED).exists()
    for order in Order.objects.all():
        assert order.total_minor == sum(part.total_minor for part in order.consignments.all())
    for variant in Variant.objects.all():
        assert stock.recount(variant) == variant.on_hand
        lines = variant.order_lines.filter(consignment__order__paid_at__isnull=False)
        kept = lines.exclude(consignment__status__in=Consignment.FALLEN)
        assert variant.sold == sum(line.quantity for line in kept)
    for product in Product.objects.on_sale():
        assert access.may_send(product).ok
    assert Parcel.objects.exclude(attention="").exclude(attention=Parcel.Attention.RETURNING).count() == 0


def test_without_the_sandbox_there_are_goods_but_no_orders_and_what_people_do_stays(
    db, outside, quick_hands, settings
) -> None:
    settings.SANDBOX_CONTROL_URL = settings.RATES_URL = ""
    assert "no orders were made" in demo_data()
    assert Product.objects.on_sale().count() == 31
    assert not Order.objects.exists()

    product = Product.objects.get(slug="agaseke-classic-24")
    product.move(Product.Status.PAUSED, actor="user:1")
    seller = people.find("seller")
    seller.set_password("my own words")
    seller.save()
    demo_data()

    product.refresh_from_db()
    assert product.status == Product.Status.PAUSED
    assert people.find("seller").check_password("my own words")


def test_demo_data_are_for_the_demonstration_only(db, settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        demo_data()


def test_drawings_are_pictures_of_the_good() -> None:
    good = next(good for good in goods.file.rows() if good.category == "basketry")
    views = drawings.of(good)
    assert list(views) == ["front", "turned", "detail"]
    assert Image.open(io.BytesIO(views["front"])).size == (drawings.PIXELS, drawings.PIXELS)


@pytest.mark.parametrize(("person", "home"), [("buyer", "/"), ("seller", "/sell/"), ("moderator", "/admin/")])
def test_the_demo_bar_signs_a_person_in_under_a_new_session(db, client: Client, person: str, home: str) -> None:
    marks.forget()
    people.seed(now=timezone.now())
    client.force_login(people.find("wang"))
    before = client.session.session_key

    answer = client.post("/demo/switch/", {"person": person}, **ORIGIN)

    assert (answer.status_code, answer["Location"]) == (302, home)
    assert client.session["_auth_user_id"] == str(people.find(person).pk)
    assert client.session.session_key != before


def test_the_demo_bar_hears_only_its_own_pages(db, client: Client) -> None:
    marks.forget()
    people.seed(now=timezone.now())
    strange = client.post("/demo/switch/", {"person": "moderator"}, HTTP_ORIGIN="http://evil.example")
    assert strange.status_code == 403
    assert client.get("/demo/switch/").status_code == 405
    assert client.post("/demo/switch/", {"person": "wang"}, **ORIGIN).status_code == 404
    assert client.post("/demo/switch/", {}, **ORIGIN).status_code == 404
    assert "_auth_user_id" not in client.session
