import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from kernel import locks, relay, work
from kernel.models import Job
from kernel.relay import Relay
from tests.races import together

from .conftest import states

ran: list[int] = []


@work.task
def blink(*, thing_id: int) -> None:
    ran.append(thing_id)


class Killed(BaseException):
    """As if the process had died here."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    monkeypatch.setattr(relay, "PAUSE_SECONDS", 0)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A broker that only remembers what was published."""
    published: list[int] = []
    monkeypatch.setattr(Relay, "publish", lambda self, job_id: published.append(job_id))
    return published


@pytest.mark.django_db
def test_due_work_is_sent_once_and_the_rest_waits(sent: list[int]) -> None:
    work.later(blink, thing_id=1)
    work.later(blink, due=timezone.now() + timedelta(hours=1), thing_id=2)
    assert [Relay().once(), Relay().once()] == [1, 0]
    assert sent == [Job.objects.earliest("id").pk]
    assert states() == ["sent", "waiting"]


@pytest.mark.django_db
def test_a_long_backlog_waits_in_the_database(sent: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_SENT", 3)
    for thing_id in range(5):
        work.later(blink, thing_id=thing_id)
    assert [Relay().once(), Relay().once()] == [3, 0]
    work.run(sent[0])
    assert Relay().once() == 1


@pytest.mark.django_db
def test_a_relay_killed_between_commit_and_publish_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(self: Relay, job_id: int) -> None:
        raise Killed

    work.later(blink, thing_id=1)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Relay, "publish", die)
        Relay().once()
    assert states() == ["sent"]
    later = timezone.now() + work.LOST_AFTER + timedelta(seconds=1)
    assert work.sweep(now=later) == 1
    assert work.run_due(now=later) == 1
    assert ran == [1]


@pytest.mark.django_db
def test_the_sweep_leaves_fresh_and_finished_jobs_alone() -> None:
    now = timezone.now()
    Job.objects.create(task="x", state="sent", sent_at=now - timedelta(seconds=100))
    Job.objects.create(task="x", state="done", sent_at=now - timedelta(hours=1))
    assert work.sweep(now=now) == 0


@pytest.mark.django_db
def test_the_sweep_parks_what_used_up_its_attempts() -> None:
    now = timezone.now()
    Job.objects.create(task="x", state="sent", sent_at=now - timedelta(hours=1), attempts=8)
    work.sweep(now=now)
    assert states() == ["parked"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_sweep_leaves_a_job_that_a_live_worker_holds() -> None:
    now = timezone.now()
    job = Job.objects.create(task="x", state="sent", sent_at=now - timedelta(hours=1), attempts=8)

    def act(index: int) -> Any:
        if index:
            time.sleep(0.2)
            return work.sweep(now=now)
        with locks.held(f"job:{job.pk}"):
            time.sleep(0.5)
        return None

    assert together(2, act) == [None, 0]
    assert states() == ["sent"]
    assert work.sweep(now=now) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_relays_send_each_job_once(sent: list[int]) -> None:
    for thing_id in range(250):
        work.later(blink, thing_id=thing_id)
    relays = [Relay() for _index in range(8)]

    def empty(index: int) -> None:
        while relays[index].once():
            pass

    assert together(8, empty) == [None] * 8
    assert sorted(sent) == sorted(Job.objects.values_list("id", flat=True))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_a_waiting_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "POLL_SECONDS", 20)
    this = Relay()
    heard: list[float] = []

    def publish(_relay: Relay, job_id: int) -> None:
        heard.append(time.monotonic())
        this.stop.set()

    monkeypatch.setattr(Relay, "publish", publish)

    def act(index: int) -> float:
        if index:
            this.forever()
            return 0
        time.sleep(0.5)
        work.later(blink, thing_id=1)
        return time.monotonic()

    asked = together(2, act)[0]
    assert heard
    assert heard[0] - asked < 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_a_broker_work_waits_and_the_asker_never_notices() -> None:
    with override_settings(CELERY_BROKER_URL="redis://127.0.0.1:1/0"):
        began = time.monotonic()
        work.later(blink, thing_id=1)
        assert time.monotonic() - began < 1
        assert Relay().once() == 0
    assert states() == ["waiting"]
    assert work.run_due() == 1


@pytest.fixture
def black_hole() -> Iterator[str]:
    """A broker that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_silent_broker_is_given_up_within_seconds(black_hole: str) -> None:
    work.later(blink, thing_id=1)
    with override_settings(CELERY_BROKER_URL=black_hole):
        began = time.monotonic()
        assert Relay().once() == 0
        assert time.monotonic() - began < 12
    assert states() == ["waiting"]
