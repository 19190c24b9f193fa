"""What sellers earn: waiting from the sale, ready when the buyer has the goods, never counted twice.

All in francs: what the seller asked for was frozen with the order. Releasing an earning books the sale: the buyer's
yuan leave escrow for freight, tax, our revenue and, through the exchange account, the seller's francs.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from accounts import messages
from kernel import work
from kernel.money import Money
from orders.models import Consignment
from sellers import shops
from sellers.models import Seller

from . import ledger
from .models import Earning

log = logging.getLogger(__name__)


@work.every(seconds=30)
def expect_for_paid(*, now: datetime) -> None:
    """Note a waiting earning for every paid consignment that has none."""
    paid = Consignment.objects.filter(order__paid_at__isnull=False, earnings__isnull=True)
    for pk in paid.exclude(status__in=Consignment.FALLEN).order_by("pk").values_list("pk", flat=True)[:200]:
        with transaction.atomic():
            # Under its lock: one that falls at this moment earns nothing.
            consignment = Consignment.objects.select_for_update(of=("self",)).select_related("seller").get(pk=pk)
            if consignment.status not in Consignment.FALLEN:
                expect(consignment, now=now)


def expect(consignment: Consignment, *, now: datetime) -> Earning:
    """The waiting earning of a consignment, made if missing."""
    return Earning.objects.get_or_create(
        consignment=consignment,
        kind="sale",
        defaults={
            "seller": consignment.seller,
            "amount_rwf_minor": consignment.receive_rwf_minor,
            "created_at": now,
        },
    )[0]


@work.every(seconds=30)
def release_completed(*, now: datetime) -> None:
    """Make ready the money of every consignment that its buyer has confirmed or let time out."""
    completed = Consignment.objects.filter(status=Consignment.Status.COMPLETED).filter(
        Q(earnings__isnull=True) | Q(earnings__kind="sale", earnings__status=Earning.Status.PENDING)
    )
    for consignment in completed.select_related("seller", "order").distinct().order_by("pk")[:200]:
        try:
            release(consignment, now=now)
        except Exception:  # one that cannot be booked must not keep the others waiting
            log.exception("the earning of consignment %s was not released", consignment.pk)


@transaction.atomic
def release(consignment: Consignment, *, now: datetime) -> bool:
    """The buyer has the goods: the seller's money is ready, and the sale is booked. Says whether this was news."""
    earning = expect(consignment, now=now)
    if not earning.move(Earning.Status.AVAILABLE, actor="timer", why=f"{consignment.number} completed"):
        return False
    Earning.objects.filter(pk=earning.pk).update(available_at=now)
    ledger.post(f"sale:{consignment.pk}", _sale(consignment), now=now, memo=consignment.number)
    for member in shops.members(consignment.seller):
        messages.tell(
            member,
            "money_ready",
            once=f"money_ready:{earning.pk}",
            url="/sell/money/",
            consignment=consignment.number,
            amount=earning.amount,
        )
    return True


@transaction.atomic
def reverse(consignment: Consignment, *, now: datetime) -> None:
    """A consignment fell: its waiting earning goes; one that is paid out becomes a debt that later earnings settle."""
    earning = Earning.objects.select_for_update().filter(consignment=consignment, kind="sale").first()
    if earning is None:
        return
    # In a payout that is on its way, it may arrive: that counts as paid out.
    if earning.status == Earning.Status.PAID or earning.payout_lines.filter(is_live=True).exists():
        Earning.objects.get_or_create(
            consignment=consignment,
            kind="clawback",
            defaults={
                "seller": consignment.seller,
                "amount_rwf_minor": -earning.amount_rwf_minor,
                "status": Earning.Status.AVAILABLE,
                "created_at": now,
                "available_at": now,
            },
        )
        was_booked = True
    else:
        was_booked = earning.status in {Earning.Status.AVAILABLE, Earning.Status.HELD}
        earning.move(Earning.Status.REVERSED, actor="system", why=f"{consignment.number} {consignment.status}")
    if was_booked:
        unbooked = [ledger.Entry(entry.code, -entry.amount, entry.seller) for entry in _sale(consignment)]
        ledger.post(f"unsale:{consignment.pk}", unbooked, now=now, memo=consignment.number)


def of(seller: Seller) -> QuerySet[Earning]:
    """A seller's earnings, newest first."""
    return Earning.objects.filter(seller=seller).select_related("consignment").order_by("-created_at", "-pk")


def balances(seller: Seller) -> dict[str, Money]:
    """A seller's money in francs: `waiting`, `ready` (may be negative after a debt), `held`, `paid`."""
    sums = dict(of(seller).order_by().values_list("status").annotate(sum=Sum("amount_rwf_minor")))
    return {
        "waiting": Money(sums.get(Earning.Status.PENDING, 0), "RWF"),
        "ready": Money(sums.get(Earning.Status.AVAILABLE, 0), "RWF"),
        "held": Money(sums.get(Earning.Status.HELD, 0), "RWF"),
        "paid": Money(sums.get(Earning.Status.PAID, 0), "RWF"),
    }


def _sale(consignment: Consignment) -> list[ledger.Entry]:
    """How one delivered consignment's yuan and francs move."""
    bought = consignment.receive.to("CNY", per=consignment.order.rwf_per_cny)
    return [
        ledger.Entry(ledger.ESCROW, consignment.total),
        ledger.Entry(ledger.FREIGHT_PAYABLE, -consignment.freight),
        ledger.Entry(ledger.TAX_PAYABLE, -consignment.tax),
        ledger.Entry(ledger.EXCHANGE, -bought),
        ledger.Entry(ledger.REVENUE, bought - consignment.goods),
        ledger.Entry(ledger.EXCHANGE, consignment.receive),
        ledger.Entry(ledger.SELLER_PAYABLE, -consignment.receive, consignment.seller),
    ]
