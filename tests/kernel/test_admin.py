import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from kernel import audit
from kernel.models import AuditRecord, Job


@pytest.fixture
def boss(client: Client, db: None) -> Client:
    """A member of staff with every right, signed in."""
    client.force_login(get_user_model().objects.create(email="boss@example.com", is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("table", ["job", "step", "auditrecord", "chainlink"])
def test_staff_see_the_floor_and_change_nothing(boss: Client, table: str) -> None:
    audit.record("user:1", "look")
    assert boss.get(f"/admin/kernel/{table}/").status_code == 200
    assert boss.get(f"/admin/kernel/{table}/add/").status_code == 403


def test_staff_replay_a_parked_job_and_leave_their_name(boss: Client) -> None:
    job = Job.objects.create(task="any.task", state="parked", last_error="RuntimeError: no")
    boss.post("/admin/kernel/job/", {"action": "replay", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)
    assert AuditRecord.objects.get().detail == {"task": "any.task", "last_error": "RuntimeError: no"}
