import time
import uuid
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from kernel import locks, work
from kernel.models import AuditRecord, Job
from tests.races import together

from .conftest import states

ran: list[Any] = []


@pytest.fixture(autouse=True)
def _forget() -> None:
    ran.clear()


@work.task
def note(*, thing_id: int | str) -> None:
    ran.append(thing_id)


@work.task(max_attempts=3)
def stumble(*, thing_id: int) -> None:
    ran.append(thing_id)
    raise RuntimeError("no person called 11010519491231002X")


@work.task
def ask_again(*, thing_id: int) -> None:
    """Asked for once more while it runs, the first time."""
    ran.append(thing_id)
    if len(ran) == 1:
        work.later(ask_again, once="only", thing_id=thing_id)


@pytest.mark.django_db
class TestAsking:
    def test_what_is_asked_for_runs(self) -> None:
        work.later(note, thing_id=7)
        assert work.run_due() == 1
        assert (ran, states()) == ([7], ["done"])

    def test_a_rolled_back_transaction_leaves_no_work(self) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            work.later(note, thing_id=7)
            raise RuntimeError
        assert not Job.objects.exists()

    def test_work_waits_until_it_is_due(self, now: datetime) -> None:
        due = timezone.now() + timedelta(hours=48)
        work.later(note, due=due, thing_id=7)
        assert work.run_due() == 0
        assert work.run_due(now=due) == 1

    def test_a_uuid_travels_as_its_text(self) -> None:
        key = uuid.uuid4()
        work.later(note, thing_id=key)
        work.run_due()
        assert ran == [str(key)]

    @pytest.mark.parametrize("bad", [1.5, b"x", ["1"], {"a": 1}, object()])
    def test_only_ids_may_travel(self, bad: object) -> None:
        with pytest.raises(TypeError):
            work.later(note, thing_id=bad)
        assert not Job.objects.exists()

    @pytest.mark.parametrize("bad", ["x" * 65, "张三", "a b", "bea@example.com", "x\n"])
    def test_no_text_about_a_person_may_travel(self, bad: str) -> None:
        with pytest.raises(ValueError, match="plain characters"):
            work.later(note, thing_id=bad)
        assert not Job.objects.exists()

    def test_a_wrong_argument_is_refused_where_it_is_asked(self) -> None:
        with pytest.raises(TypeError):
            work.later(note, other_id=1)
        with pytest.raises(TypeError, match="not a task"):
            work.later(print, thing_id=1)

    def test_a_task_takes_keyword_ids_only(self) -> None:
        with pytest.raises(TypeError, match="keyword-only"):
            work.task(lambda thing_id: None)


@pytest.mark.django_db
class TestOnce:
    def test_asking_twice_makes_one_job_at_the_earlier_time(self) -> None:
        now = timezone.now()
        work.later(note, once="a", due=now + timedelta(hours=2), thing_id=1)
        work.later(note, once="a", due=now + timedelta(hours=1), thing_id=1)
        work.later(note, once="b", due=now + timedelta(hours=1), thing_id=2)
        assert Job.objects.filter(once="a").get().due_at == now + timedelta(hours=1)
        assert Job.objects.count() == 2

    def test_what_is_finished_may_be_asked_for_again(self) -> None:
        for _round in range(2):
            work.later(note, once="a", thing_id=1)
            work.run_due()
        assert ran == [1, 1]

    def test_asked_for_while_it_runs_it_runs_once_more(self) -> None:
        work.later(ask_again, once="only", thing_id=1)
        work.run_due()
        assert (ran, states()) == ([1, 1], ["done"])

    def test_a_parked_job_does_not_pile_up(self) -> None:
        work.later(note, once="a", thing_id=1)
        Job.objects.update(state="parked")
        work.later(note, once="a", thing_id=1)
        assert states() == ["parked"]


@pytest.mark.django_db
class TestFailing:
    def test_a_failure_waits_longer_each_time_and_is_parked_at_last(self) -> None:
        work.later(stumble, thing_id=1)
        now, waits = timezone.now(), []
        for _attempt in range(3):
            assert work.run_due(now, raise_errors=False) == 1
            job = Job.objects.get()
            waits.append((job.due_at - now).total_seconds())
            now = job.due_at
        assert waits == [10, 20, 40]
        assert (job.state, job.attempts) == ("parked", 3)
        assert work.run_due(now + timedelta(days=1)) == 0

    def test_no_wait_is_longer_than_an_hour(self) -> None:
        work.later(stumble, thing_id=1)
        now = timezone.now()
        Job.objects.update(max_attempts=99, attempts=40)
        work.run_due(now, raise_errors=False)
        assert Job.objects.get().due_at == now + timedelta(hours=1)

    def test_an_error_keeps_no_identity_number(self) -> None:
        work.later(stumble, thing_id=1)
        with pytest.raises(RuntimeError):
            work.run_due()
        assert Job.objects.get().last_error == "RuntimeError: no person called …"

    def test_a_job_of_an_unknown_name_is_kept(self) -> None:
        Job.objects.create(task="of.a.newer.release")
        with pytest.raises(LookupError):
            work.run_due()
        assert states() == ["waiting"]

    def test_a_job_that_killed_every_worker_is_not_run_again(self) -> None:
        Job.objects.create(task=note.__module__ + ".note", kwargs={"thing_id": 1}, state="sent", attempts=8)
        assert work.run(Job.objects.get().pk) is False
        assert (ran, states()) == ([], ["parked"])

    def test_staff_may_replay_a_parked_job(self, client: Any) -> None:
        boss = get_user_model()(pk=1, is_staff=True, is_superuser=True, is_active=True)
        job = Job.objects.create(task=f"{note.__module__}.note", kwargs={"thing_id": 5}, state="parked", attempts=8)
        request = type("Request", (), {"user": boss, "_messages": type("M", (), {"add": lambda *a: None})()})()
        page = admin.site.get_model_admin(Job)
        page.replay(request, Job.objects.all())
        page.replay(request, Job.objects.all())
        assert AuditRecord.objects.get().deed == "job.replay"
        work.run_due()
        assert ran == [5]
        assert Job.objects.get(pk=job.pk).state == "done"


@pytest.mark.django_db
class TestRunning:
    def test_a_message_that_arrives_twice_takes_effect_once(self) -> None:
        work.later(note, thing_id=7)
        job_id = Job.objects.get().pk
        assert [work.run(job_id), work.run(job_id)] == [True, False]
        assert ran == [7]

    def test_a_message_for_no_job_does_nothing(self) -> None:
        assert work.run(999_999) is False

    def test_the_backlog_is_counted(self, now: datetime) -> None:
        Job.objects.create(task="x", state="waiting", due_at=now - timedelta(minutes=3))
        Job.objects.create(task="x", state="waiting", due_at=now + timedelta(minutes=3))
        Job.objects.create(task="x", state="parked")
        assert work.backlog(now=now) == {"due": 1, "sent": 0, "parked": 1, "oldest": now - timedelta(minutes=3)}

    def test_old_finished_jobs_are_forgotten_and_no_others(self, now: datetime) -> None:
        for state, age in (("done", 8), ("done", 6), ("parked", 99)):
            Job.objects.create(task="x", state=state, done_at=now - timedelta(days=age))
        work.forget_done(now=now)
        assert states() == ["done", "parked"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_eight_workers_with_the_same_message_run_it_once(self) -> None:
        work.later(note, thing_id=7)
        job_id = Job.objects.get().pk
        assert sorted(together(8, lambda _index: work.run(job_id))) == [False] * 7 + [True]
        assert ran == [7]

    def test_without_the_lock_the_same_message_runs_often(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The control for the race above."""
        monkeypatch.setattr(locks, "held", lambda _name: nullcontext(True))
        Job.objects.create(task=f"{__name__}.slow_note", kwargs={"thing_id": 7})
        job_id = Job.objects.get().pk
        together(8, lambda _index: work.run(job_id))
        assert len(ran) > 1

    def test_a_task_runs_outside_any_transaction(self) -> None:
        work.later(where, thing_id=1)
        work.run_due()
        assert ran == [False]

    def test_what_commits_while_its_job_is_on_the_way_is_seen(self) -> None:
        """A second asker who has not committed yet holds the job back from finishing unseen."""
        work.later(note, once="a", thing_id=1)
        job_id = Job.objects.get().pk

        def act(index: int) -> Any:
            if index:
                time.sleep(0.15)
                return work.run(job_id)
            with transaction.atomic():
                work.later(note, once="a", thing_id=1)
                time.sleep(0.5)
                ran.append("committed")
            return None

        together(2, act)
        assert ran == ["committed", 1]

    def test_a_clock_task_never_runs_beside_itself(self) -> None:
        assert sorted(together(4, lambda _index: work.tick(f"{__name__}.slow_tick"))) == [False, False, False, True]
        assert ran == ["tick"]


@work.task
def where(*, thing_id: int) -> None:
    ran.append(connection.in_atomic_block)


@work.task
def slow_note(*, thing_id: int) -> None:
    ran.append(thing_id)
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.2)")


@work.every(seconds=60)
def slow_tick(*, now: datetime) -> None:
    ran.append("tick")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.4)")
