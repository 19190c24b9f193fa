"""What every test may ask for: a moment, the workers, and the cast (see tests/cast.py for who they are)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from pytest_django.plugin import blocking_manager_key

from accounts.models import User
from catalog.models import Variant
from kernel import work
from sellers.models import Seller

from . import cast


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A transactional test ends by emptying every table: put back what migrations had put in, for those after it."""
    result = yield
    marker = item.get_closest_marker("django_db")
    needs = set(getattr(item, "fixturenames", ()))
    emptied = bool(marker and marker.kwargs.get("transaction")) or bool(needs & {"transactional_db", "live_server"})
    if emptied and nextitem is not None:
        with item.config.stash[blocking_manager_key].unblock():
            cast.first_rows()
    return result


@pytest.fixture
def now() -> datetime:
    """A Wednesday at noon in Kigali, six in the evening in Beijing."""
    return datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


@pytest.fixture
def run_jobs(db: None) -> Callable[..., int]:
    """Run every due job in this process, as the workers would; `run_jobs(now=...)` runs what is due by then."""
    return work.run_due


@pytest.fixture
def reference(db: None) -> None:
    """Tariff lines, shelves, a price rule and a fresh exchange rate."""
    cast.reference()


@pytest.fixture
def buyer(db: None) -> User:
    """Lin, who buys in Hangzhou."""
    return cast.lin()


@pytest.fixture
def other_buyer(db: None) -> User:
    """Somebody else who buys."""
    return cast.lin()


@pytest.fixture
def artisan(db: None) -> User:
    """Mukamana, who weaves in Huye and owns `shop`."""
    return cast.person("Mukamana", language="rw", phone="+250788123456")


@pytest.fixture
def stranger(db: None) -> User:
    """Keza, who may act for nobody."""
    return cast.person("Keza", language="en")


@pytest.fixture
def moderator(db: None) -> User:
    """Mugisha, who decides about shops and listings."""
    return cast.moderator()


@pytest.fixture
def translator(db: None) -> User:
    """Wenya, who looks after texts."""
    return cast.translator()


@pytest.fixture
def shop(artisan: User, reference: None) -> Seller:
    """Mukamana's approved shop."""
    return cast.shop(artisan)


@pytest.fixture
def other_shop(reference: None) -> Seller:
    """Uwase's shop, which is none of Mukamana's business."""
    return cast.shop(cast.person("Uwase", language="rw"), name="Uwase Coffee")


@pytest.fixture
def basket(shop: Seller) -> Variant:
    """Ten baskets of Mukamana's."""
    return cast.basket(shop)


@pytest.fixture
def last_basket(shop: Seller) -> Variant:
    """The only one left."""
    return cast.basket(shop, stock=1)


@pytest.fixture
def coffee(other_shop: Seller) -> Variant:
    """Fifty bags of Uwase's coffee."""
    return cast.coffee(other_shop)
