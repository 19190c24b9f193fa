"""From a quoted cart to an order that waits for its money: one call, and repeating it finds the same order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import consents, vault
from accounts.models import Address, Consent, LegalText, User
from kernel.money import Money
from kernel.refusals import Refusal
from logistics import quotes
from logistics.models import Quote
from orders import placing
from orders.models import Order

from . import charges
from .models import Payment


class TotalChanged(Refusal):
    """What the buyer saw is not what would be charged."""

    code = "total_changed"
    message = _("The total changed from %(was)s to %(is)s. Please look at it again before you order.")


class NotAgreed(Refusal):
    """The notice to consumers was not accepted (商财发〔2018〕486号)."""

    code = "notice_not_accepted"
    status = 422
    message = _("Please read the notice to consumers and tick that you agree.")


@dataclass(frozen=True)
class Promise:
    """What a buyer says when they order. `total` is the amount that stood on their screen."""

    quote_id: UUID
    total: Money
    address: Address
    orderer: str
    language: str
    agreed: bool
    notes: Mapping[int, str] = field(default_factory=dict)
    id_number: str = ""
    ip: str | None = None


@transaction.atomic
def start(buyer: User, said: Promise, *, now: datetime) -> Payment:
    """Place the order for a quote and begin its payment; the payment page is asked for after the commit.

    Raises NotAgreed, TotalChanged, quotes.QuoteExpired, stock.OutOfStock and what `placing.place` raises; nothing is
    kept then. A second call with the same quote returns the first order's payment.
    """
    if order := Order.objects.of(buyer).filter(quote_id=said.quote_id).first():
        return charges.begin(order, now=now)
    if not said.agreed:
        raise NotAgreed()
    quote = quotes.get(said.quote_id, buyer=buyer, now=now)
    if quote.total != said.total:
        raise TotalChanged(was=said.total, **{"is": quote.total})
    order = placing.place(
        buyer,
        terms=quotes.terms(quote),
        address=said.address,
        orderer=said.orderer,
        notes=dict(said.notes),
        language=said.language,
        now=now,
    )
    _record_consents(buyer, said, quote, order, now=now)
    return charges.begin(order, now=now)


def _record_consents(buyer: User, said: Promise, quote: Quote, order: Order, *, now: datetime) -> None:
    subject = f"order:{order.number}"

    def agree(kind: str) -> Consent:
        return consents.agree(buyer, kind=kind, language=said.language, ip=said.ip, subject=subject, now=now)

    agree(LegalText.Kind.CONSUMER_NOTICE)
    if quotes.asks_id_number(quote):
        vault.keep(
            buyer,
            real_name=said.orderer,
            id_number=said.id_number,
            collection_consent=agree(LegalText.Kind.ID_COLLECTION),
            cross_border_consent=agree(LegalText.Kind.CROSS_BORDER),
            now=now,
        )
