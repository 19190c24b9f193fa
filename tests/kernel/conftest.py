"""Tables for the models of these tests, and a lamp to move."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from kernel.models import Job

from .models import Drawer, Lamp


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: Any) -> None:
    """The tables of Lamp and Drawer, made anew once a run."""
    with django_db_blocker.unblock():
        there = connection.introspection.table_names()
        with connection.schema_editor() as editor:
            for model in (Lamp, Drawer):
                if model._meta.db_table in there:
                    editor.delete_model(model)
                editor.create_model(model)


@pytest.fixture
def lamp(tables: None, request: pytest.FixtureRequest) -> Iterator[Lamp]:
    """A new lamp; gone afterwards even when the test committed it."""
    request.getfixturevalue("transactional_db" if request.node.get_closest_marker("race") else "db")
    lamp = Lamp.objects.create(status=Lamp.Status.NEW)
    yield lamp
    Lamp.objects.filter(pk=lamp.pk).delete()


@pytest.fixture
def drawer(tables: None, db: None) -> Drawer:
    """A drawer that keeps an identity number."""
    drawer = Drawer()
    drawer.first = "11010519491231002X"
    drawer.save()
    return drawer


def states() -> list[str]:
    """The state of every job, oldest first."""
    return list(Job.objects.order_by("id").values_list("state", flat=True))
