"""Pages that are kept ready, after something they show has changed: the next reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from catalog import listing, moderation, pictures, prices, search, showing, stock
from catalog.models import ExchangeRate, Variant
from kernel import pagecache, work
from kernel.money import Money
from sellers.models import Seller
from tests import cast
from tests.catalog.test_pictures import encoded, photo

pytestmark = pytest.mark.django_db

SELLER = "user:seller"
PRODUCT = "/p/{slug}/"
LISTS = ["/", "/c/basketry/", "/search/?q=篮", "/s/{shop}/"]
PAGES = [*LISTS, PRODUCT, "/c/", "/search/filters/?q=篮"]
SOLD_OUT = "无货"


@pytest.fixture(autouse=True)
def _pages_are_kept(settings: Any) -> Iterator[None]:
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@dataclass
class Window:
    """The shop window as anonymous readers see it, whose pages all lie ready."""

    basket: Variant
    commit: Any
    clock: Any

    def html(self, path: str) -> str:
        """A page as the next reader gets it."""
        return Client().get(self._address(path)).content.decode()

    def is_kept(self, path: str) -> bool:
        """Whether it comes from the cache."""
        with CaptureQueriesContext(connection) as queries:
            self.html(path)
        return not queries

    def after(self, deed: Callable[[], object]) -> Window:
        """A moment after something was done, its work in the background included. A change and a page of the same
        moment count as the page being older, so time passes first."""
        self.clock.shift(pagecache.MARGIN + 1)
        with self.commit(execute=True), transaction.atomic():
            deed()
        with self.commit(execute=True):
            work.run_due()
        return self

    def shows(self, path: str) -> bool:
        """Whether the basket stands on this list."""
        return f"/p/{self.basket.product.slug}/" in self.html(path)

    def status(self, path: str) -> int:
        """What the web server answers."""
        return Client().get(self._address(path)).status_code

    def _address(self, path: str) -> str:
        return path.format(slug=self.basket.product.slug, shop=self.basket.product.seller.slug)


@pytest.fixture
def window(basket: Variant, run_jobs: Callable[..., int], django_capture_on_commit_callbacks: Any) -> Iterator[Window]:
    with time_machine.travel(cast.NOW + timedelta(days=1), tick=False) as clock:
        run_jobs()
        search.index(product_id=basket.product_id)
        seen = Window(basket, django_capture_on_commit_callbacks, clock)
        for path in PAGES:
            assert seen.status(path) == 200
            assert seen.is_kept(path), path
        assert all(seen.shows(path) for path in LISTS)
        yield seen


def test_a_new_price_is_on_every_page(window: Window, basket: Variant) -> None:
    def ask_for_twice_as_much() -> None:
        basket.receive = Money(48000, "RWF")
        basket.save(update_fields=["receive_rwf_minor"])
        prices.reprice(basket, now=timezone.now())

    window.after(ask_for_twice_as_much)
    basket.refresh_from_db()
    yuan = basket.price_minor // 100
    assert all(str(yuan) in window.html(path) for path in [*LISTS, PRODUCT])


def test_a_franc_that_rises_moves_prices_and_pages_follow(window: Window, basket: Variant) -> None:
    was = basket.price_minor

    def rise() -> None:
        today = prices.rate("CNY", "RWF", on=timezone.now().date())
        ExchangeRate.objects.filter(pk=today.pk).update(rate=today.rate / 2)
        prices.renew(now=timezone.now())

    window.after(rise)
    basket.refresh_from_db()
    assert basket.price_minor > was * 3 // 2
    assert all(str(basket.price_minor // 100) in window.html(path) for path in [*LISTS, PRODUCT])


def test_the_last_one_sold_is_told_at_once_on_its_page_and_soon_on_lists(window: Window, basket: Variant) -> None:
    assert SOLD_OUT not in window.html(PRODUCT)
    window.after(lambda: stock.set_on_hand(basket, 0, actor=SELLER))
    assert SOLD_OUT in window.html(PRODUCT)
    window.after(lambda: showing.follow_stock(now=timezone.now()))
    assert all(SOLD_OUT in window.html(path) for path in LISTS)


def test_what_is_paused_leaves_every_page_and_comes_back(window: Window, basket: Variant) -> None:
    window.after(lambda: listing.pause(basket.product, actor=SELLER))
    assert window.status(PRODUCT) == 404
    assert not any(window.shows(path) for path in LISTS)
    window.after(lambda: listing.resume(basket.product, actor=SELLER, now=timezone.now()))
    assert window.status(PRODUCT) == 200
    assert all(window.shows(path) for path in LISTS)


def test_what_a_moderator_suspends_leaves_every_page(window: Window, basket: Variant, moderator: User) -> None:
    window.after(
        lambda: moderation.suspend(
            basket.product, reason_code="OTHER", statement="Not ours.", by=moderator, now=timezone.now()
        )
    )
    assert window.status(PRODUCT) == 404
    assert not any(window.shows(path) for path in LISTS)


def test_the_goods_of_a_suspended_shop_leave_every_page(window: Window, shop: Seller) -> None:
    window.after(lambda: shop.move(Seller.Status.SUSPENDED, actor="user:moderator"))
    assert window.status(PRODUCT) == window.status("/s/{shop}/") == 404
    assert not any(window.shows(path) for path in ["/", "/c/basketry/", "/search/?q=篮"])


def test_a_shops_new_name_is_on_its_page_and_on_its_goods(window: Window, shop: Seller) -> None:
    shop.name_zh = "彩虹编织社"
    window.after(shop.save)
    assert "彩虹编织社" in window.html("/s/{shop}/")
    assert "彩虹编织社" in window.html(PRODUCT)


def test_a_new_picture_is_on_every_page(window: Window, basket: Variant) -> None:
    window.after(lambda: pictures.add(basket.product, encoded(photo())))
    assert all("/media/pictures/" in window.html(path) for path in [*LISTS, PRODUCT])


def test_other_pages_stay_ready(window: Window, basket: Variant) -> None:
    window.after(lambda: stock.set_on_hand(basket, 9, actor=SELLER))
    assert not window.is_kept(PRODUCT)
    assert all(window.is_kept(path) for path in LISTS)
