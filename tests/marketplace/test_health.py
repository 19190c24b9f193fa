"""What load balancers and people on duty ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kernel import work
from kernel.models import Job
from marketplace import health

pytestmark = pytest.mark.django_db


def test_a_process_that_answers_is_up(client):
    assert client.get("/healthz").status_code == 200


def test_it_is_ready_and_says_what_is_well(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["database"] is True
    assert answer.json()["storage"] is True


def test_a_dead_broker_is_told_but_does_not_close_the_shop(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] is False


def test_storage_that_is_away_closes_it(client, monkeypatch):
    monkeypatch.setattr(health, "_storage", lambda: False)
    assert client.get("/readyz").status_code == 503


def test_work_that_waits_too_long_is_told(client):
    task = next(iter(work.TASKS))
    Job.objects.create(
        task=task, kwargs={}, due_at=timezone.now() - timedelta(minutes=10), max_attempts=8, state=Job.State.WAITING
    )
    assert client.get("/readyz").json()["work"] is False
