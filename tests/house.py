"""A house that is lived in: two shops, two buyers, and orders at every point of their way, made by the domain itself.

Nearly everything belongs to Lin (who bought) or to Mukamana (whose shop sold it), so that one can ask what others see.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from accounts.models import Address, User
from catalog import listing, origins, pictures, stock, vocabulary
from catalog.models import Batch, Picture, Product, Variant
from catalog.variants import VariantFacts
from kernel import sealing, work
from kernel.money import Money
from logistics import holds, parcels, quotes, scans, tracking
from logistics.models import CustomsHold, ExportDocument
from logistics.parcels import BoxMeasure
from orders import carts, progress, reviews
from orders.models import CartLine, Consignment, Order, OrderLine, Review
from payments import charges, earnings, payouts, refunds
from payments.checkout import Promise, start
from payments.models import Payment, Payout
from sandbox.testing import Sandbox
from sellers import papers
from sellers.models import Paper, Seller
from tests import cast
from tests.logistics import road

ID_NUMBER = "11010519491231002X"
SELLER, BUYER = "user:seller", "user:buyer"


@contextlib.contextmanager
def standing() -> Iterator[House]:
    """A house that stands while the block lasts, and vanishes with it: a module's tests share it, each in `visit`.

    It lives in a transaction that is never committed, so it needs the database unblocked and no other fixture of it.
    """
    with Sandbox() as box:
        outside = box.environment()
        outside["STRIPE_WEBHOOK_SECRETS"] = [outside["STRIPE_WEBHOOK_SECRETS"]]
        charges.gateway._client_for.cache_clear()
        with override_settings(**outside), transaction.atomic():
            yield House(box)
            transaction.set_rollback(True)
    charges.gateway._client_for.cache_clear()


@contextlib.contextmanager
def visit(house: House) -> Iterator[House]:
    """The house for one test, which leaves it as it found it."""
    with transaction.atomic():
        yield house
        transaction.set_rollback(True)


@dataclass
class House:
    """Who and what there is. Orders are Lin's; `draft`, `picture` and `paper` are of Mukamana's shop."""

    box: Sandbox
    now: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        cast.reference()
        for command in ("load_corridors", "load_logistics_data", "load_legal"):
            call_command(command, verbosity=0)
        self.people()
        self.goods()
        self.orders()
        self.settle()

    def people(self) -> None:
        """Lin and another buyer, Mukamana and Uwase with their shops, Mugisha who moderates."""
        self.buyer, self.other_buyer, self.moderator = cast.lin(), cast.lin(), cast.moderator()
        self.artisan = cast.person("Mukamana", language="rw", phone="+250788123456")
        self.other_artisan = cast.person("Uwase", language="rw")
        self.shop = cast.shop(self.artisan)
        self.other_shop = cast.shop(self.other_artisan, name="Uwase Coffee")
        self.address = Address.objects.of(self.buyer)[0]
        Address.objects.filter(pk=self.address.pk).update(street="金丝雀巷7号", phone="+8613700000007")
        self.address.refresh_from_db()
        applicant = cast.person("Habimana", language="en")
        self.applying = cast.shop(applicant, name="Habimana Tea")
        Seller.objects.filter(pk=self.applying.pk).update(status=Seller.Status.ONBOARDING)
        Seller.objects.filter(pk=self.shop.pk).update(status=Seller.Status.ONBOARDING)
        self.paper: Paper = papers.keep(
            self.shop, SimpleUploadedFile("canary-card.jpg", photo("#123456")), kind=Paper.Kind.ID_CARD, now=self.now
        )
        Seller.objects.filter(pk=self.shop.pk).update(status=Seller.Status.APPROVED)

    def goods(self) -> None:
        """Baskets and coffee on sale, and a draft of Mukamana's with a photo."""
        self.basket, self.coffee = shelved(cast.basket(self.shop), 40), shelved(cast.coffee(self.other_shop), 40)
        self.batch: Batch = origins.open_batch(
            self.basket.product, number="B-1", made_on=self.now.date() - timedelta(days=9), units=12, actor=SELLER
        )
        facts = listing.Facts(
            product_type=vocabulary.types()["peace-basket"],
            facts=cast.KINDS["basketry"][1],
            variants=[VariantFacts({}, Money(12000, "RWF"), weight_g=400, sides=(200, 200, 200), stock=3)],
            written_in="en",
            name="Canary basket",
            description="A basket that nobody may see before it is published.",
        )
        self.draft: Product = listing.create(self.shop, facts, actor=SELLER, now=self.now)
        self.picture: Picture = pictures.add(self.draft, photo("#654321"))

    def orders(self) -> None:
        """Lin's orders, each left at another point of its way."""
        self.now = timezone.now()
        both = [(self.basket, 1), (self.coffee, 2)]
        self.unpaid = self.placed(both)
        self.payment = self.opened(Payment.objects.get(order=self.unpaid))
        self.cancelled = self.placed([(self.basket, 1)])
        charges.call_off(self.cancelled, actor=BUYER, why="asked by the buyer", now=self.now)
        self.to_accept = self.part(self.paid(both))
        self.accepted = self.taken("accepted")
        self.packed = self.taken("packed")
        self.sent = self.taken("handed_over")
        self.delivered = self.taken("delivered")
        self.completed = self.taken("completed")
        self.bought: OrderLine = self.completed.lines.get()
        self.review = self.reviewed(self.taken("completed"))
        self.declined = self.part(self.paid(both))
        refunds.decline(self.declined, reason="damaged", actor=SELLER, now=self.now)
        self.document: ExportDocument = ExportDocument.objects.filter(parcel__consignment=self.packed)[0]
        self.hold: CustomsHold = self.held(self.sent)
        self.late = self.placed([(self.coffee, 1)])
        long_after = self.now + timedelta(hours=1)
        progress._expire(self.late.pk, now=long_after)
        late = Payment.objects.get(order=self.late)
        charges.confirm(late.pk, intent_id="pi_late", amount=late.amount, method="card", now=long_after)
        self.short = Payment.objects.get(order=self.placed([(self.coffee, 1)]))
        too_little = self.short.amount - Money(100, "CNY")
        self.box.pay(self.opened(self.short).session_id, method="card")
        intent = self.box.session(self.short.session_id)["payment_intent"]
        charges.confirm(self.short.pk, intent_id=intent, amount=too_little, method="card", now=self.now)
        line = carts.add(carts.of(self.buyer), self.basket, quantity=1)
        self.line: CartLine = CartLine.objects.get(pk=line.pk)

    def settle(self) -> None:
        """What clocks and workers do next: earnings, payouts, refunds, papers, messages, seals."""
        earnings.expect_for_paid(now=self.now)
        earnings.release_completed(now=self.now)
        payouts.schedule_ready(now=self.now)
        work.run_due(raise_errors=False)
        payout = Payout.objects.get(seller=self.shop)
        self.box.set_payout(str(payout.pk), "SUCCESSFUL")
        payouts.ask(payout_id=str(payout.pk))
        work.run_due(raise_errors=False)
        for name in sealing.CHAINS:
            sealing.seal(name, now=self.now)

    # Deeds ------------------------------------------------------------------------------------------------------------

    def placed(self, lines: list[tuple[Variant, int]], *, buyer: User | None = None) -> Order:
        """Checked out, not paid."""
        who = buyer or self.buyer
        quote = quotes.quote(who, lines, province_code="330000", now=self.now)
        promise = Promise(
            quote_id=quote.pk,
            total=quote.total,
            address=Address.objects.of(who)[0],
            orderer="林夏",
            language="zh-hans",
            agreed=True,
        )
        return start(who, promise, now=self.now).order

    def paid(self, lines: list[tuple[Variant, int]], *, buyer: User | None = None) -> Order:
        """Checked out and paid by Alipay."""
        order = self.placed(lines, buyer=buyer)
        payment = self.opened(Payment.objects.get(order=order))
        self.box.pay(payment.session_id, method="alipay")
        charges.look(payment, now=self.now)
        order.refresh_from_db()
        return order

    def opened(self, payment: Payment) -> Payment:
        """With the provider's page open."""
        charges.open_page(payment)
        return payment

    def part(self, order: Order) -> Consignment:
        """Mukamana's part of an order."""
        return Consignment.objects.get(order=order, seller=self.shop)

    def taken(self, to: str) -> Consignment:
        """A paid basket, taken that far by its shop, the post and its buyer."""
        part = self.part(self.paid([(self.basket, 1)]))
        progress.accept(part, actor=SELLER, now=self.now)
        if to == "accepted":
            return part
        parcels.pack(part, boxes=boxes(part), actor=SELLER, now=self.now)
        work.run_due(raise_errors=False)
        if to == "packed":
            return part
        parcels.hand_over(part, actor=SELLER, now=self.now)
        work.run_due(raise_errors=False)
        if to == "handed_over":
            return part
        for parcel in part.parcels.all():
            tracking.record(parcel, told(road.way(), since=self.now), now=self.now)
        if to == "completed":
            part.refresh_from_db()
            progress.complete(part, actor=BUYER, now=self.now)
        return part

    def reviewed(self, part: Consignment) -> Review:
        """Lin's word on a basket that arrived."""
        said = {"stars": 4, "text": "编得很细，颜色比图片深一点。", "anonymous": False}
        return reviews.write(
            OrderLine.objects.get(consignment=part), **said, by=self.buyer, language="zh-hans", now=self.now
        )

    def held(self, part: Consignment) -> CustomsHold:
        """Customs holds the parcel; the buyer has answered, and customs has not."""
        parcel = part.parcels.get()
        events = [*road.way(7), road.event("InTransit_CustomsRequiringInformation", 135, country="CN")]
        tracking.record(parcel, told(events, since=self.now), now=self.now)
        hold = CustomsHold.objects.get(parcel=parcel)
        holds.answer(hold, real_name="张三", id_number=ID_NUMBER, language="zh-hans", ip=None, now=self.now)
        return hold


def shelved(variant: Variant, units: int) -> Variant:
    """Goods whose units came by a receipt, so that the books of the shelf are right from the start."""
    Variant.objects.filter(pk=variant.pk).update(on_hand=0)
    stock.receive(variant, units, actor="test")
    return variant


def boxes(part: Consignment) -> list[BoxMeasure]:
    """Every planned parcel, weighing what was planned."""
    return road.boxes(part)


def told(events: list[dict[str, object]], *, since: datetime) -> list[scans.Scan]:
    """Events of the road as 17TRACK tells them, moved to after `since`."""
    moved = [
        {**event, "time_utc": shifted.strftime("%Y-%m-%dT%H:%M:%SZ"), "time_iso": shifted.isoformat()}
        for event in events
        for shifted in [since + (datetime.fromisoformat(str(event["time_iso"])) - road.NOW)]
    ]
    return scans.of_track17(road.info(moved), origin="RW", destination="CN")


def photo(colour: str, *, size: tuple[int, int] = (240, 240)) -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()
