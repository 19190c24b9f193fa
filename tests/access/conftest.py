"""The house that is walked: built once for a module, left by each test as it was found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import house
from tests.house import House


@pytest.fixture
def _django_db_helper() -> None:
    """Instead of pytest-django's transaction around each test, which would close the one that the house stands in."""


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[House]:
    with django_db_blocker.unblock(), house.standing() as stands:
        yield stands


@pytest.fixture
def lived_in(built: House) -> Iterator[House]:
    with house.visit(built) as visited:
        yield visited
