"""Placing an order, as a ratio to a bare floor measured in the same run.

The floor is one transaction of plain SQL that inserts an order and a line and takes the stock.

    ./run bench placing
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import psycopg
from django.db import connection
from django.utils import timezone

from accounts.models import Address, User
from catalog.models import Product, Variant
from logistics import quotes
from orders import placing

from . import _setting

PRODUCTS = 480


def orders(variants: list[Variant]) -> None:
    """Placing on distinct items, and again and again on one."""
    buyer = User.objects.create(email="bench@example.com", name="Bench")
    address = Address.objects.create(
        user=buyer,
        recipient="张三",
        phone="+8613812341234",
        province_code="330000",
        province="浙江省",
        city="杭州市",
        district_code="330106",
        district="西湖区",
        street="文三路138号",
    )
    for name, goods in (("placing, distinct items", variants), ("placing, one hot item", variants[:1])):
        _setting.compare(name, placer(buyer, address, goods), bare_placer(len(goods)), times=20)


def placer(buyer: User, address: Address, variants: list[Variant]) -> Callable[[], object]:
    """`orders.placing.place` with a quote that was made beforehand, as checkout does."""
    ready = []
    for variant in itertools.islice(itertools.cycle(variants), 100):
        quote = quotes.quote(buyer, [(variant, 1)], province_code="330000", now=timezone.now())
        terms = quotes.terms(quote)
        ready.append(terms)
        # The next quote of the same thing must be another one: a used quote is not offered again.
        quote.delete()
    waiting = iter(ready)

    def place() -> object:
        return placing.place(
            buyer,
            terms=next(waiting),
            address=address,
            orderer="林夏",
            notes={},
            language="zh-hans",
            now=timezone.now(),
        )

    return place


def bare_placer(goods: int) -> Callable[[], object]:
    """The least an honest order costs here: insert, insert, conditional update, commit."""
    line = psycopg.connect(**_plain_parameters())
    line.execute("CREATE TABLE IF NOT EXISTS bench_stock (id int PRIMARY KEY, units int CHECK (units >= 0))")
    line.execute("CREATE TABLE IF NOT EXISTS bench_order (id bigserial PRIMARY KEY, buyer int, total bigint)")
    line.execute(
        "CREATE TABLE IF NOT EXISTS bench_line (id bigserial PRIMARY KEY, order_id bigint, item int, units int)"
    )
    line.execute(
        "INSERT INTO bench_stock SELECT n, 1000000 FROM generate_series(1, %s) n ON CONFLICT (id) DO NOTHING", [goods]
    )
    line.commit()
    items = itertools.cycle(range(1, goods + 1))

    def place() -> object:
        item = next(items)
        order = line.execute("INSERT INTO bench_order (buyer, total) VALUES (1, 6000) RETURNING id").fetchone()
        line.execute(
            "INSERT INTO bench_line (order_id, item, units) VALUES (%s, %s, 1)", [order[0] if order else 0, item]
        )
        taken = line.execute("UPDATE bench_stock SET units = units - 1 WHERE id = %s AND units >= 1", [item])
        line.commit()
        return taken.rowcount

    return place


def _plain_parameters() -> dict[str, str]:
    found = connection.get_connection_params()
    return {name: found[name] for name in ("host", "port", "user", "password", "dbname") if found.get(name)}


if __name__ == "__main__":
    stocked = _setting.house(PRODUCTS)
    print(f"{Product.objects.count()} products; medians of 5 rounds, ours and floor in turn")
    orders(stocked)
