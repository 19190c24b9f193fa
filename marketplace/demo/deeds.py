"""What the people of the demonstration do to one order, each at its hour, by the house's own functions.

Every deed looks first whether it was done, so that a run which was killed goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from accounts.models import Address, User
from kernel.actors import actor_of
from kernel.money import Money
from logistics import paperwork, parcels, quotes, scans, track17, tracking
from logistics.models import Parcel
from logistics.parcels import BoxMeasure
from orders import progress, reviews
from orders.models import Consignment, Order, OrderLine
from payments import charges, checkout, earnings, refunds
from payments.models import Payment

from . import goods, jobs, marks, outside, shops

Answer = TypeVar("Answer")

C = Consignment.Status
TRACKING_PAUSE = 0.4  # 17TRACK takes three requests a second
TRIES = 10


def place(story: str, buyer: User, lines: Iterable[tuple[str, int]], *, note: str, now: datetime) -> Order:
    """The buyer goes through the checkout; which story it is for is written with the order."""
    wanted = [(goods.variant_of(slug), quantity) for slug, quantity in lines]
    address = Address.objects.of(buyer)[0]
    quote = quotes.quote(buyer, wanted, province_code=address.province_code, now=now)
    sellers = {variant.product.seller_id for variant, _quantity in wanted}
    promise = checkout.Promise(
        quote_id=quote.pk,
        total=Money(quote.total_minor, quote.currency),
        address=address,
        orderer=address.recipient,
        language=buyer.language,
        agreed=True,
        notes=dict.fromkeys(sellers, note),
    )
    with transaction.atomic():
        order = checkout.start(buyer, promise, now=now).order
        marks.placed(order, story=story)
    return order


def open_page(order: Order) -> Payment:
    """Have the payment page made. Stripe's clock is today's, whenever the order was placed."""
    payment = order.payments.latest("created_at")
    payment.expires_at = timezone.now() + charges.PAGE_OPEN
    charges.open_page(payment)
    return payment


def pay(order: Order, *, method: str, now: datetime) -> None:
    """The buyer pays on Stripe's page, and the money is booked."""
    if order.status == Order.Status.AWAITING_PAYMENT:
        payment = open_page(order)
        outside.pay(payment.pay_url, method=method)
        charges.look(payment, now=now)
        order.refresh_from_db()
    for consignment in order.consignments.exclude(status__in=Consignment.FALLEN):
        earnings.expect(consignment, now=now)


def accept(order: Order, *, now: datetime) -> None:
    """Each shop says yes."""
    for part in order.consignments.filter(status=C.TO_ACCEPT):
        progress.accept(part, actor=shops.owner_of(part.seller), now=now)


def pack(order: Order, *, now: datetime) -> None:
    """Each shop packs and weighs; the papers are made."""
    for part in order.consignments.filter(status=C.ACCEPTED):
        boxes = [
            BoxMeasure(box.pk, weight_g=box.weight_g, length_mm=420, width_mm=300, height_mm=260)
            for box in part.planned_parcels.all()
        ]
        parcels.pack(part, boxes=boxes, actor=shops.owner_of(part.seller), now=now)
    jobs.run(paperwork.issue)


def hand_over(order: Order, *, now: datetime) -> None:
    """The post takes the parcels, and 17TRACK is asked to follow them."""
    for part in order.consignments.filter(status=C.PACKED):
        parcels.hand_over(part, actor=shops.owner_of(part.seller), now=now)
    for parcel in Parcel.objects.filter(consignment__order=order, registered_at=None):
        _patiently(partial(tracking.follow, parcel_id=parcel.pk))
    jobs.run(tracking.follow)


def travel(order: Order, *, stops: int) -> None:
    """The parcels pass so many stops in all; the news of them is fetched and taken in."""
    for parcel in _moving(order):
        outside.move(parcel.waybill, steps=max(0, stops - parcel.events.count()))
    take_in_news(order)


def befall(order: Order, what: str, *, then: int = 0) -> None:
    """Something happens to the parcels on their way, and `then` so many stops more."""
    for parcel in _moving(order):
        outside.befall(parcel.waybill, what)
        outside.move(parcel.waybill, steps=then)
    take_in_news(order)


def take_in_news(order: Order) -> None:
    """Ask 17TRACK, and record each event in turn at its own hour, as notices would have brought them."""
    moving = list(_moving(order))
    told = _patiently(lambda: track17.news([(each.waybill, each.service.track17_carrier) for each in moving]))
    for parcel in moving:
        known = parcel.events.count()
        for event in islice(scans.of_track17(told.get(parcel.waybill, {}), origin="RW", destination="CN"), known, None):
            heard = min(event.occurred_at + timedelta(minutes=10), timezone.now())
            tracking.record(parcel, [event], now=heard)
        Parcel.objects.filter(pk=parcel.pk).update(polled_at=timezone.now())


def confirm(order: Order, *, now: datetime) -> None:
    """The buyer has it; the shops' money is ready."""
    for part in order.consignments.filter(status=C.DELIVERED):
        progress.complete(part, actor=actor_of(order.buyer), now=now)
    release(order, now=now)


def review(order: Order, good: str, *, stars: int, text: str, now: datetime) -> None:
    """The buyer says how a good is."""
    for line in _lines(order, good):
        buyer = order.buyer
        reviews.write(line, stars=stars, text=text, anonymous=False, by=buyer, language=buyer.language, now=now)


def add_to_review(order: Order, good: str, *, text: str, now: datetime) -> None:
    """The buyer has used it for a while."""
    for line in _lines(order, good):
        reviews.add(line.review, text, by=order.buyer, now=now)


def answer(order: Order, good: str, *, text: str, now: datetime) -> None:
    """The shop answers a review."""
    for line in _lines(order, good):
        seller = line.consignment.seller
        reviews.reply(line.review, text, language="rw", actor=shops.owner_of(seller), now=now)


def let_time_complete(order: Order) -> None:
    """Ten days pass after delivery without a word."""
    part = order.consignments.exclude(delivered_at=None).latest("delivered_at")
    if part.delivered_at is not None:
        then = part.delivered_at + progress.COMPLETE_AFTER + timedelta(minutes=5)
        progress.complete_due(now=then)
        release(order, now=then)


def release(order: Order, *, now: datetime) -> None:
    """What the scheduler does for completed parts."""
    for part in order.consignments.filter(status=C.COMPLETED):
        earnings.release(part, now=now)


def expire(order: Order) -> None:
    """The half hour is over."""
    progress.expire_due(now=order.pay_by + timedelta(minutes=1))


def cancel(order: Order, *, now: datetime) -> None:
    """The buyer thinks better of it before paying."""
    if order.status == Order.Status.AWAITING_PAYMENT:
        charges.call_off(order, actor=actor_of(order.buyer), why="cancelled by the buyer", now=now)


def call_off(order: Order, *, now: datetime) -> None:
    """The buyer takes back what is paid and not sent."""
    for part in order.consignments.filter(status__in=progress.ALIVE_AFTER_PAYMENT):
        refunds.call_off(part, actor=actor_of(order.buyer), why="ordered by mistake", now=now)


def decline(order: Order, *, reason: str, now: datetime) -> None:
    """The shop cannot send it."""
    for part in order.consignments.filter(status=C.TO_ACCEPT):
        refunds.decline(part, reason=reason, actor=shops.owner_of(part.seller), now=now)


def let_time_cancel(order: Order) -> None:
    """Two days pass without the shop's answer, and the money goes back."""
    part = order.consignments.get()
    if part.status == C.TO_ACCEPT and part.accept_by is not None:
        progress.auto_cancel_due(now=part.accept_by + timedelta(minutes=1))
    give_back(order, now=(part.accept_by or timezone.now()) + timedelta(minutes=2))


def give_back(order: Order, *, now: datetime) -> None:
    """What the scheduler does for fallen parts."""
    for part in order.consignments.fallen():
        refunds.give_back(part, now=now)


def _lines(order: Order, good: str) -> Iterable[OrderLine]:
    return OrderLine.objects.filter(consignment__order=order, product__slug=good)


def _moving(order: Order) -> Iterable[Parcel]:
    return Parcel.objects.filter(consignment__order=order).select_related("service").order_by("pk")


def _patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask 17TRACK again when it was asked too fast."""
    for _try in range(TRIES):
        try:
            return ask()
        except track17.Unavailable:
            outside.patiently(TRACKING_PAUSE)
    return ask()
