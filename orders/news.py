"""What buyers and shops are told about orders. Written in the transaction of the deed, sent later, once each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from accounts import messages
from sellers import shops

from .models import Consignment, Order, Review


def to_buyer(order: Order, kind: str, *, consignment: Consignment | None = None) -> None:
    """Tell the buyer, about the order or about one shop's part of it."""
    part: dict[str, Any] = {}
    if consignment is not None:
        part = {
            "consignment": consignment,
            "shop": consignment.seller,
            "amount": consignment.total,
        }
    about = f"{kind}:{consignment.number if consignment else order.number}"
    messages.tell(
        order.buyer,
        kind,
        once=about,
        url=reverse("payments:order", args=[order.number]),
        number=order.number,
        total=order.total,
        **part,
    )


def to_shop(consignment: Consignment, kind: str, *, again: str = "") -> None:
    """Tell everybody who acts for the shop. `again` tells one reminder from the next."""
    pieces = sum(line.quantity for line in consignment.lines.all())
    for user in shops.members(consignment.seller):
        messages.tell(
            user,
            kind,
            once=f"{kind}:{consignment.number}{again and ':' + again}",
            url=reverse("sell:consignments"),
            number=consignment.number,
            receive=consignment.receive,
            accept_by=consignment.accept_by,
            pieces=pieces,
        )


def review_written(review: Review) -> None:
    """Tell everybody who acts for the shop what a buyer said of its goods."""
    for user in shops.members(review.line.consignment.seller):
        with translation.override(user.language):
            name = review.line.name
        messages.tell(
            user,
            "review_written",
            once=f"review_written:{review.pk}",
            url=reverse("sell:reviews"),
            product=name,
            stars=review.stars,
            text=review.text,
        )


def review_hidden(review: Review, reason: Review.HiddenFor, *, at: datetime) -> None:
    """Tell its writer why a review is not shown any more."""
    buyer = review.line.consignment.order.buyer
    with translation.override(buyer.language):
        name, because = review.line.name, str(reason.label)
    messages.tell(
        buyer,
        "review_hidden",
        once=f"review_hidden:{review.pk}:{at:%Y%m%d%H%M%S}",
        url=reverse("orders:review", args=[review.line_id]),
        product=name,
        reason=because,
    )
