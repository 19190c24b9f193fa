import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kernel import audit, sealing
from kernel.models import AuditRecord, ChainLink, Step
from tests.races import together


def deeds(count: int) -> None:
    for number in range(count):
        audit.record(f"user:{number}", "look", number=number, at=timezone.now())


def tamper(sql: str, *parameters: Any) -> None:
    """Change what may not change, as somebody with every right in the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def sealed(db: None) -> list[int]:
    """Five sealed records, by their numbers."""
    deeds(5)
    sealing.seal("audit", now=timezone.now())
    return list(AuditRecord.objects.order_by("id").values_list("id", flat=True))


class TestAppendOnly:
    @pytest.mark.django_db
    @pytest.mark.parametrize("model", [AuditRecord, Step, ChainLink])
    def test_the_database_refuses_change_and_deletion(self, model: Any, sealed: list[int]) -> None:
        Step.objects.create(thing="lamp", thing_id="1", was="new", now="lit", actor="timer")
        row = model.objects.latest("id")
        for change in (lambda: model.objects.update(at=timezone.now()), row.delete, row.save):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()
        assert model.objects.filter(pk=row.pk).exists()

    @pytest.mark.django_db
    def test_a_record_names_its_thing_and_stands_with_its_transaction(self) -> None:
        step = Step.objects.create(thing="lamp", thing_id="1", was="new", now="lit", actor="timer")
        record = audit.record("user:1", "look", step, reason="asked")
        assert (record.thing, record.thing_id, record.detail) == ("kernel.step", str(step.pk), {"reason": "asked"})
        with pytest.raises(RuntimeError), transaction.atomic():
            audit.record("user:1", "undone")
            raise RuntimeError
        assert not AuditRecord.objects.filter(deed="undone").exists()


class TestChain:
    def test_an_untouched_chain_is_sound(self, sealed: list[int]) -> None:
        assert sealing.verify("audit", head=sealing.last("audit")) == []
        assert list(ChainLink.objects.order_by("position").values_list("row_id", flat=True)) == sealed

    def test_sealing_again_adds_nothing_and_new_rows_join_the_end(self, sealed: list[int]) -> None:
        assert sealing.seal("audit", now=timezone.now()) == 0
        deeds(2)
        assert sealing.seal("audit", now=timezone.now()) == 2
        assert sealing.last("audit")[0] == 7
        assert sealing.verify("audit") == []

    def test_long_chains_are_sealed_and_verified_in_batches(self, sealed: list[int], monkeypatch: Any) -> None:
        monkeypatch.setattr(sealing, "_AT_ONCE", 3)
        deeds(8)
        sealing.seal_all(now=timezone.now())
        assert sealing.last("audit")[0] == 13
        assert sealing.verify("audit") == []

    def test_an_edit_shows(self, sealed: list[int]) -> None:
        tamper("UPDATE kernel_auditrecord SET actor = 'user:99' WHERE id = %s", sealed[2])
        assert sealing.verify("audit") == [f"audit: row {sealed[2]} was changed after it was sealed"]

    def test_a_moved_time_shows(self, sealed: list[int]) -> None:
        tamper("UPDATE kernel_auditrecord SET at = at - interval '1 second' WHERE id = %s", sealed[2])
        assert sealing.verify("audit") == [f"audit: row {sealed[2]} was changed after it was sealed"]

    def test_a_deletion_shows(self, sealed: list[int]) -> None:
        tamper("DELETE FROM kernel_auditrecord WHERE id = %s", sealed[2])
        assert sealing.verify("audit") == [f"audit: row {sealed[2]} was deleted"]

    def test_a_row_deleted_with_its_seal_shows(self, sealed: list[int]) -> None:
        tamper("DELETE FROM kernel_auditrecord WHERE id = %s", sealed[2])
        tamper("DELETE FROM kernel_chainlink WHERE row_id = %s AND chain = 'audit'", sealed[2])
        assert sealing.verify("audit") == [
            "audit: positions 3 to 3 are missing",
            "audit: position 4 does not follow the one before it",
        ]

    def test_swapped_rows_show(self, sealed: list[int]) -> None:
        tamper("UPDATE kernel_auditrecord SET id = -1 WHERE id = %s", sealed[1])
        tamper("UPDATE kernel_auditrecord SET id = %s WHERE id = %s", sealed[1], sealed[3])
        tamper("UPDATE kernel_auditrecord SET id = %s WHERE id = -1", sealed[3])
        assert len(sealing.verify("audit")) == 2

    def test_swapped_seals_show(self, sealed: list[int]) -> None:
        tamper("UPDATE kernel_chainlink SET position = -1 WHERE position = 2")
        tamper("UPDATE kernel_chainlink SET position = 2 WHERE position = 3")
        tamper("UPDATE kernel_chainlink SET position = 3 WHERE position = -1")
        assert any("does not follow" in problem for problem in sealing.verify("audit"))

    def test_a_chain_cut_short_shows_against_a_kept_head(self, sealed: list[int]) -> None:
        head = sealing.last("audit")
        tamper("DELETE FROM kernel_auditrecord WHERE id = %s", sealed[-1])
        tamper("DELETE FROM kernel_chainlink WHERE position = 5")
        assert sealing.verify("audit") == []
        assert sealing.verify("audit", head=head) == ["audit: the chain ends at 4, but stood at 5 before"]

    def test_a_chain_written_anew_shows_against_a_kept_head(self, sealed: list[int]) -> None:
        head = sealing.last("audit")
        tamper("UPDATE kernel_auditrecord SET actor = 'user:99' WHERE id = %s", sealed[0])
        tamper("DELETE FROM kernel_chainlink")
        sealing.seal("audit", now=timezone.now())
        assert sealing.verify("audit") == []
        assert sealing.verify("audit", head=head) == ["audit: position 5 is not what the kept head says"]

    def test_a_row_slipped_in_behind_the_chain_shows(self, sealed: list[int]) -> None:
        tamper("UPDATE kernel_chainlink SET at = at - interval '1 day'")
        tamper("UPDATE kernel_auditrecord SET id = id + 100")
        tamper("UPDATE kernel_chainlink SET row_id = row_id + 100")
        tamper("INSERT INTO kernel_auditrecord VALUES (%s, 'user:1', 'late', '', '', '{}', now())", sealed[0])
        assert sealing.seal("audit", now=timezone.now()) == 0
        assert f"audit: row {sealed[0]} was never sealed" in " ".join(sealing.verify("audit"))

    def test_the_command_prints_heads_and_fails_on_tampering(self, sealed: list[int]) -> None:
        out, errors = StringIO(), StringIO()
        call_command("verify_chains", stdout=out)
        line = next(line for line in out.getvalue().splitlines() if line.startswith("audit:"))
        call_command("verify_chains", head=[line], stdout=StringIO())
        tamper("UPDATE kernel_auditrecord SET deed = 'other' WHERE id = %s", sealed[0])
        with pytest.raises(CommandError, match="problems") as failed:
            call_command("verify_chains", stdout=out, stderr=errors)
        assert failed.value.returncode == 1
        assert "was changed" in errors.getvalue()
        with pytest.raises(CommandError, match="not CHAIN"):
            call_command("verify_chains", head=["nonsense"], stdout=out)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_a_lower_number_that_commits_late_is_sealed_late_and_not_lost(self) -> None:
        def act(index: int) -> Any:
            if index == 0:
                with transaction.atomic():
                    slow = audit.record("slow", "look")
                    time.sleep(0.8)
                return slow.pk
            time.sleep(0.2)
            quick = audit.record("quick", "look").pk
            return quick if sealing.seal("audit", now=timezone.now()) == 1 else None

        slow, quick = together(2, act)
        assert slow < quick
        sealing.seal("audit", now=timezone.now())
        order = list(ChainLink.objects.order_by("position").values_list("row_id", flat=True))
        assert order == [quick, slow]
        assert sealing.verify("audit") == []

    def test_two_sealers_make_one_chain(self) -> None:
        deeds(40)
        together(6, lambda _index: sealing.seal("audit", now=timezone.now() + timedelta(0)))
        assert sealing.last("audit")[0] == 40
        assert sealing.verify("audit") == []
