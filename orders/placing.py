"""Placing: a quote becomes an order. Everything is frozen first and the stock is taken last, all of it or nothing."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog import choosing, stock
from catalog.models import Product, Variant
from kernel.refusals import Refusal

from . import carts, limits
from .models import Consignment, Order, OrderLine, PlannedParcel, TaxLine
from .terms import LineTerms, ParcelTerms, Terms

if TYPE_CHECKING:
    from accounts.models import Address, User

PAY_WITHIN = timedelta(minutes=30)
_BEIJING = ZoneInfo("Asia/Shanghai")
_NUMBER_TRIES = 5


class NotYourQuote(Refusal):
    """Somebody else ordered by this quote."""

    code = "not_your_quote"
    message = _("This price was quoted to somebody else. Please check out again.")
    status = 404


def holder(order: Order) -> str:
    """The name under which an order holds stock."""
    return f"order:{order.number}"


@transaction.atomic
def place(
    buyer: User,
    *,
    terms: Terms,
    address: Address,
    orderer: str,
    notes: Mapping[int, str],
    language: str,
    now: datetime,
) -> Order:
    """Freeze the terms, reserve the stock for thirty minutes, and take the goods out of the buyer's cart.

    One order for each quote: a second call returns the first order. The quoted price is honoured even if the shop has
    changed it since. `notes` are messages to shops, by seller id. Raises limits.NotOnSale, limits.BadQuantity,
    limits.TooManyLines, limits.NothingToOrder, NotYourQuote or stock.OutOfStock.
    """
    if placed := _placed(buyer, terms):
        return placed
    quantities = _quantities(terms)
    limits.check(quantities)
    variants = _on_sale(quantities)
    order, is_new = _create(buyer, terms=terms, address=address, orderer=orderer, language=language, now=now)
    if not is_new:
        return order
    for position, seller_id in enumerate(sorted({parcel.seller_id for parcel in terms.parcels}), start=1):
        parcels = [parcel for parcel in terms.parcels if parcel.seller_id == seller_id]
        _consign(order, position, parcels, variants, note=notes.get(seller_id, ""))
    carts.empty(carts.of(buyer), quantities)
    # Last, and in variant order: the lock on a popular variant is short, and two orders never wait for each other.
    for variant_id in sorted(quantities):
        stock.reserve(variants[variant_id], quantities[variant_id], holder=holder(order), until=order.pay_by)
    return order


def _placed(buyer: User, terms: Terms) -> Order | None:
    order = Order.objects.filter(quote_id=terms.quote_id).first()
    if order is not None and order.buyer_id != buyer.pk:
        raise NotYourQuote()
    return order


def _quantities(terms: Terms) -> dict[int, int]:
    """Units by variant over all parcels: the same variant in two parcels is checked as a sum."""
    quantities: dict[int, int] = defaultdict(int)
    for parcel in terms.parcels:
        for line in parcel.lines:
            quantities[line.variant_id] += line.quantity
    return dict(quantities)


def _on_sale(quantities: Mapping[int, int]) -> dict[int, Variant]:
    rows = Variant.objects.select_related("product__seller", "product__hs_code").prefetch_related("product__pictures")
    variants = rows.in_bulk(list(quantities))
    on_sale = set(Product.objects.on_sale().filter(variants__in=quantities).values_list("pk", flat=True))
    for variant_id in quantities:
        variant = variants.get(variant_id)
        if variant is None or variant.product_id not in on_sale:
            raise limits.NotOnSale(name=variant.product.name if variant else "?")
    return variants


def _create(
    buyer: User, *, terms: Terms, address: Address, orderer: str, language: str, now: datetime
) -> tuple[Order, bool]:
    """Insert the order; says whether it is new. A taken number is tried again, a used quote gives its order."""
    for _try in range(_NUMBER_TRIES):
        try:
            with transaction.atomic():
                return Order.objects.create(
                    number=_number(now),
                    buyer=buyer,
                    language=language,
                    quote_id=terms.quote_id,
                    rule_version=terms.rule_version,
                    rwf_per_cny=terms.rwf_per_cny,
                    rate_source=terms.rate_source,
                    goods_minor=terms.goods_minor,
                    freight_minor=terms.freight_minor,
                    tax_minor=terms.tax_minor,
                    total_minor=terms.total_minor,
                    orderer=orderer,
                    placed_at=now,
                    pay_by=now + PAY_WITHIN,
                    **_consignee(address),
                ), True
        except IntegrityError:
            # Either this quote was placed by a twin of this request, whose order stands, or the number is taken.
            if placed := _placed(buyer, terms):
                return placed, False
    raise RuntimeError("no free order number")


def _number(now: datetime) -> str:
    """Eighteen digits: Beijing time to the second, then six by chance, so that numbers tell nobody how much is sold."""
    return f"{now.astimezone(_BEIJING):%y%m%d%H%M%S}{secrets.randbelow(1_000_000):06d}"


def _consignee(address: Address) -> dict[str, str]:
    columns = ("recipient", "phone", "province", "city", "district", "district_code", "street", "postcode")
    return {column: getattr(address, column) for column in columns}


def _consign(
    order: Order, position: int, parcels: list[ParcelTerms], variants: Mapping[int, Variant], *, note: str
) -> None:
    by_variant: dict[int, list[LineTerms]] = defaultdict(list)
    for parcel in parcels:
        for line in parcel.lines:
            by_variant[line.variant_id].append(line)
    frozen = {variant_id: _frozen_line(variants[variant_id], lines) for variant_id, lines in by_variant.items()}
    consignment = Consignment.objects.create(
        order=order,
        seller_id=parcels[0].seller_id,
        number=f"{order.number}-{position:02d}",
        goods_minor=sum(parcel.goods_minor for parcel in parcels),
        freight_minor=sum(parcel.freight_minor for parcel in parcels),
        tax_minor=sum(parcel.tax_minor for parcel in parcels),
        receive_rwf_minor=sum(line.unit_receive_rwf_minor * line.quantity for line in frozen.values()),
        buyer_note=note.strip()[:50],
    )
    for order_line in frozen.values():
        order_line.consignment = consignment
    OrderLine.objects.bulk_create(frozen.values())
    for parcel in sorted(parcels, key=lambda parcel: parcel.position):
        _plan(consignment, parcel, frozen)


def _plan(consignment: Consignment, parcel: ParcelTerms, lines: Mapping[int, OrderLine]) -> None:
    planned = PlannedParcel.objects.create(
        consignment=consignment,
        position=parcel.position,
        route=parcel.route,
        service=parcel.service,
        weight_g=parcel.weight_g,
        goods_minor=parcel.goods_minor,
        freight_minor=parcel.freight_minor,
        tax_minor=parcel.tax_minor,
        days_min=parcel.days_min,
        days_max=parcel.days_max,
    )
    TaxLine.objects.bulk_create(
        TaxLine(
            planned_parcel=planned,
            line=lines[line.variant_id],
            quantity=line.quantity,
            value_minor=line.value_minor,
            rate=line.rate,
            computed_minor=line.computed_minor,
            due_minor=line.due_minor,
        )
        for line in parcel.lines
    )


def _frozen_line(variant: Variant, lines: list[LineTerms]) -> OrderLine:
    """The variant as it is now at the quoted price, over all parcels it is in."""
    product, quoted = variant.product, lines[0].unit_receive_rwf_minor
    return OrderLine(
        variant=variant,
        product=product,
        sku=variant.sku,
        options=choosing.frozen(variant),
        **{
            name: getattr(product, name) for name in ("name_zh", "name_en", "name_fr", "name_rw", "customs_description")
        },
        hs_code=product.hs_code.code if product.hs_code else "",
        article_class=product.hs_code.article_class if product.hs_code else "",
        quantity=sum(line.quantity for line in lines),
        unit_price_minor=lines[0].unit_price_minor,
        unit_receive_rwf_minor=variant.receive_rwf_minor if quoted is None else quoted,
        unit_weight_g=variant.weight_g,
        picture=product.cover.file_of(carts.PICTURE_WIDTH) if product.cover else "",
    )
