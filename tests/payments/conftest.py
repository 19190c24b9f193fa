"""A shop, a buyer with an order, and Stripe and MTN as the sandbox plays them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Address, User
from catalog import stock
from catalog.models import Variant
from kernel import work
from logistics import quotes
from orders import placing, progress
from orders.models import Consignment, Order
from payments import charges
from payments.models import Payment
from sandbox.testing import Sandbox
from sellers.models import Seller
from tests import cast


@pytest.fixture
def now() -> datetime:
    """The real moment: Stripe's page must stay open for half an hour from now."""
    return timezone.now()


@pytest.fixture
def reference(db: None) -> None:
    """Goods, rates, the corridor's rules and the legal texts."""
    cast.reference()
    call_command("load_corridors", verbosity=0)
    call_command("load_legal", verbosity=0)


@pytest.fixture
def outside(settings) -> Iterator[Sandbox]:
    """The world outside, holding its webhooks until `deliver` is called."""
    with Sandbox() as box:
        for name, value in box.environment().items():
            setattr(settings, name, value)
        settings.STRIPE_WEBHOOK_SECRETS = [box.keys.stripe_webhook]
        charges.gateway._client_for.cache_clear()
        yield box


@pytest.fixture
def deliver(outside: Sandbox, client: Client) -> Callable[[], int]:
    """Bring every waiting webhook to us, and let the workers finish."""

    def bring() -> int:
        def take(path: str, body: bytes, headers: dict[str, str]) -> int:
            return client.post(path, body, content_type="application/json", headers=headers).status_code

        brought = outside.hand_over(take)
        work.run_due()
        return brought

    return bring


def shelved(variant: Variant, units: int) -> Variant:
    """Goods whose units came by a receipt."""
    Variant.objects.filter(pk=variant.pk).update(on_hand=0)
    stock.receive(variant, units, actor="test")
    return variant


@pytest.fixture
def basket(shop: Seller) -> Variant:
    return shelved(cast.basket(shop), 10)


@pytest.fixture
def coffee(other_shop: Seller) -> Variant:
    return shelved(cast.coffee(other_shop), 50)


@pytest.fixture
def last_basket(shop: Seller) -> Variant:
    return shelved(cast.basket(shop), 1)


def placed(buyer: User, lines: list[tuple[Variant, int]], *, now: datetime) -> Order:
    """An order that waits for its money."""
    quote = quotes.quote(buyer, lines, province_code="330000", now=now)
    return placing.place(
        buyer,
        terms=quotes.terms(quote),
        address=Address.objects.of(buyer)[0],
        orderer="林夏",
        notes={},
        language="zh-hans",
        now=now,
    )


@pytest.fixture
def order(buyer: User, basket: Variant, coffee: Variant, now: datetime) -> Order:
    """A basket from Huye and two bags of coffee from Uwase, not paid."""
    return placed(buyer, [(basket, 1), (coffee, 2)], now=now)


def page_of(order: Order) -> Payment:
    """Its payment, with the page open."""
    payment = charges.begin(order, now=timezone.now())
    charges.open_page(payment)
    payment.refresh_from_db()
    return payment


@pytest.fixture
def paid(order: Order, outside: Sandbox, deliver: Callable[[], int]) -> Order:
    """The same, paid by Alipay."""
    outside.pay(page_of(order).session_id, method="alipay")
    deliver()
    order.refresh_from_db()
    return order


def completed(consignment: Consignment, *, now: datetime) -> Consignment:
    """Accepted, packed, sent, delivered and confirmed."""
    for deed in (progress.accept, progress.mark_packed, progress.mark_handed_over, progress.mark_delivered):
        deed(consignment, actor="test", now=now)
    progress.complete(consignment, actor="test", now=now)
    consignment.refresh_from_db()
    return consignment
