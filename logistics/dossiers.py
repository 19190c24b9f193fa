"""From frozen order rows and the scale's reading to the facts that papers print. Reads only."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from kernel.formatting import KIGALI
from orders.models import Order, TaxLine
from sellers.models import Seller

from . import romanise
from .facts import Facts, Good, Party, net_weights
from .models import Parcel


def locked(parcel_id: int) -> Parcel:
    """The parcel under its lock, with what its papers speak of."""
    related = ("planned", "service", "consignment__order", "consignment__seller")
    return Parcel.objects.select_for_update(of=("self",)).select_related(*related).get(pk=parcel_id)


def facts_of(parcel: Parcel, *, now: datetime) -> Facts:
    """Everything the papers of a parcel say, as of now."""
    consignment, planned = parcel.consignment, parcel.planned
    order = consignment.order
    worth = planned.goods_minor + planned.freight_minor
    return Facts(
        waybill=parcel.waybill,
        service=parcel.service.name_en,
        service_fr=parcel.service.name_fr,
        carrier=parcel.service.carrier,
        exporter=_exporter(consignment.seller),
        consignee=_consignee(order),
        goods=_goods(list(planned.tax_lines.select_related("line").order_by("line_id")), gross_g=parcel.weight_g),
        currency=consignment.currency,
        goods_minor=planned.goods_minor,
        freight_minor=planned.freight_minor,
        tax_minor=planned.tax_minor,
        rwf_total=_francs(worth, order.rwf_per_cny),
        rwf_rate=f"{order.rwf_per_cny.normalize():f}",
        order_number=order.number,
        order_date=_day(order.paid_at or order.placed_at),
        packages=consignment.planned_parcels.count(),
        package=consignment.planned_parcels.filter(position__lte=planned.position).count(),
        gross_g=parcel.weight_g,
        size_mm=(parcel.length_mm, parcel.width_mm, parcel.height_mm),
        non_delivery=parcel.non_delivery,
        incoterm=f"{'DDP' if planned.tax_minor else 'DAP'} {romanise.place(order.city)}, China",
        made_on=_day(now),
    )


def _exporter(seller: Seller) -> Party:
    place = ", ".join(
        f"{name} {what}" for name, what in ((seller.sector, "Sector"), (seller.district, "District")) if name
    )
    return Party(
        name=seller.legal_name,
        business=seller.name if seller.name != seller.legal_name else "",
        lines=tuple(line for line in (seller.place_note, place, seller.province) if line),
        country="RWANDA",
        country_code="RW",
        phone=seller.phone,
        tin=seller.tin,
    )


def _consignee(order: Order) -> Party:
    districts = (order.district, order.city, order.province)
    # A municipality is its own province: 北京市北京市 would be said twice.
    whole = f"{order.province}{order.city if order.city != order.province else ''}{order.district}"
    latin = ", ".join(dict.fromkeys(romanise.place(name) for name in districts if name))
    return Party(
        name=order.recipient,
        name_latin=romanise.person(order.recipient),
        lines=(whole, order.street),
        latin=(romanise.street(order.street), latin),
        country="CHINA 中国",
        country_code="CN",
        postcode=order.postcode,
        phone=order.phone,
    )


def _goods(parts: list[TaxLine], *, gross_g: int) -> tuple[Good, ...]:
    weights = net_weights([part.line.unit_weight_g * part.quantity for part in parts], gross_g=gross_g)
    return tuple(_good(part, net_g=net_g) for part, net_g in zip(parts, weights, strict=True))


def _good(part: TaxLine, *, net_g: int) -> Good:
    line = part.line
    return Good(
        sku=line.sku,
        description=line.customs_description or line.name_en,
        description_zh=line.name_zh,
        hs_code=line.hs_code,
        origin=line.origin,
        quantity=part.quantity,
        unit_minor=line.unit_price_minor,
        value_minor=part.value_minor,
        net_g=net_g,
    )


def _francs(fen: int, rate: Decimal) -> int:
    return int((Decimal(fen) / 100 * rate).quantize(Decimal(1), ROUND_HALF_UP))


def _day(moment: datetime) -> str:
    return moment.astimezone(KIGALI).date().isoformat()
