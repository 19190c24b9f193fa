"""A buyer with a quoted cart, a shop with goods, and the rules of the corridor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import call_command

from accounts.models import Address, User
from catalog import stock
from catalog.models import Variant
from logistics import quotes
from orders import placing, progress
from orders.models import Order, OrderLine
from sellers.models import Seller
from tests import cast

NOW = cast.NOW


@pytest.fixture
def reference(db) -> None:
    """HS codes, price rule, rate, and the corridor's rules."""
    cast.reference()
    call_command("load_corridors", verbosity=0)


@pytest.fixture
def lin(reference) -> User:
    return cast.lin()


@pytest.fixture
def mukamana(reference) -> User:
    return cast.person("Mukamana", language="rw", phone="+250788000001")


@pytest.fixture
def shop(mukamana) -> Seller:
    return cast.shop(mukamana)


@pytest.fixture
def other_shop(reference) -> Seller:
    return cast.shop(cast.person("Uwase", language="rw"), name="Huye Coffee")


def shelved(variant: Variant, units: int) -> Variant:
    """Goods whose units came by a receipt, so that the books of the shelf are right from the start."""
    Variant.objects.filter(pk=variant.pk).update(on_hand=0)
    stock.receive(variant, units, actor="test")
    return variant


@pytest.fixture
def basket(shop) -> Variant:
    return shelved(cast.basket(shop), 10)


@pytest.fixture
def coffee(other_shop) -> Variant:
    return shelved(cast.coffee(other_shop), 50)


@pytest.fixture
def order_of() -> Callable[..., Order]:
    """Quote and place: `order_of(lin, [(basket, 2)])`."""

    def place(buyer: User, lines: list[tuple[Variant, int]], *, now=NOW) -> Order:
        quote = quotes.quote(buyer, lines, province_code="330000", now=now)
        return placing.place(
            buyer,
            terms=quotes.terms(quote),
            address=Address.objects.of(buyer)[0],
            orderer="张三",
            notes={},
            language="zh-hans",
            now=now,
        )

    return place


def received(order: Order, *, now=NOW) -> list[OrderLine]:
    """An order paid, sent, delivered and confirmed, all at once: its lines, the first ordered first."""
    progress.mark_paid(order, actor="stripe", now=now)
    for part in order.consignments.all():
        for deed in (progress.accept, progress.mark_packed, progress.mark_handed_over, progress.mark_delivered):
            deed(part, actor="test", now=now)
        progress.complete(part, actor="test", now=now)
    return list(OrderLine.objects.filter(consignment__order=order).order_by("pk"))
