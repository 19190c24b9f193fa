import time
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.utils import timezone

from kernel import audit, idempotency
from kernel.idempotency import Answer, BadKey, InFlight, KeyReused, once
from kernel.models import AuditRecord, IdempotencyKey
from kernel.refusals import Refusal
from tests.races import together


def effect() -> tuple[int, dict[str, Any]]:
    """Something that must not happen twice; the audit trail counts it."""
    audit.record("test", "effect")
    return 201, {"order": 7}


def ask(**changed: Any) -> Answer:
    return once(**{"actor": "user:1", "key": "k", "fingerprint": "f", "do": effect, **changed})


def effects() -> int:
    return AuditRecord.objects.filter(deed="effect").count()


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer_and_no_second_effect() -> None:
    assert ask() == Answer(201, {"order": 7}, repeated=False)
    assert ask() == Answer(201, {"order": 7}, repeated=True)
    assert effects() == 1


@pytest.mark.django_db
def test_another_request_under_the_same_key_is_refused() -> None:
    ask()
    with pytest.raises(KeyReused) as refused:
        ask(fingerprint="other")
    assert refused.value.status == 422
    assert effects() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "nul\x00", "键"])
def test_a_key_that_cannot_be_kept_is_refused(key: str) -> None:
    with pytest.raises(BadKey):
        ask(key=key)
    assert effects() == 0


@pytest.mark.django_db
def test_keys_belong_to_their_actor() -> None:
    ask()
    assert not ask(actor="user:2").repeated
    assert effects() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_an_answer_that_says_try_again_is_forgotten_with_its_effect(status: int) -> None:
    def fail() -> tuple[int, dict[str, Any]]:
        effect()
        return status, {}

    assert ask(do=fail).status == status
    assert (effects(), IdempotencyKey.objects.count()) == (0, 0)
    assert ask().status == 201


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 400, 404, 422])
def test_every_other_answer_is_kept(status: int) -> None:
    assert not ask(do=lambda: (status, {})).repeated
    assert ask() == Answer(status, {}, repeated=True)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [Refusal(), ValueError(), KeyboardInterrupt()])
def test_a_failure_is_forgotten_with_its_effect(error: BaseException) -> None:
    def fail() -> tuple[int, dict[str, Any]]:
        effect()
        raise error

    with pytest.raises(type(error)):
        ask(do=fail)
    assert effects() == 0
    assert ask().status == 201


def _crashed(*, lease_until: datetime) -> None:
    holder = "00000000-0000-0000-0000-000000000001"
    IdempotencyKey.objects.create(
        actor="user:1", key="k", fingerprint=sha256(b"f").hexdigest(), holder=holder, lease_until=lease_until
    )


@pytest.mark.django_db
def test_a_crashed_attempt_blocks_only_until_its_lease_ends() -> None:
    _crashed(lease_until=timezone.now() + timedelta(seconds=60))
    with pytest.raises(InFlight) as refused:
        ask()
    assert refused.value.status == 409
    IdempotencyKey.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert not ask().repeated
    assert effects() == 1


@pytest.mark.django_db
def test_a_crashed_attempt_still_refuses_another_request() -> None:
    _crashed(lease_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(KeyReused):
        ask(fingerprint="other")


@pytest.mark.django_db
def test_an_attempt_that_lost_its_lease_takes_no_effect() -> None:
    def slow() -> tuple[int, dict[str, Any]]:
        IdempotencyKey.objects.update(holder="00000000-0000-0000-0000-000000000002")  # as another attempt would
        return effect()

    with pytest.raises(InFlight):
        ask(do=slow)
    assert effects() == 0


@pytest.mark.django_db
def test_keys_are_kept_thirty_days(now: datetime) -> None:
    ask()
    idempotency.forget_old(now=timezone.now() + timedelta(days=29))
    assert ask().repeated
    idempotency.forget_old(now=timezone.now() + timedelta(days=31))
    assert not IdempotencyKey.objects.exists()


def _slow_effect() -> tuple[int, dict[str, Any]]:
    time.sleep(0.1)
    return effect()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_one_takes_effect() -> None:
    answers = together(50, lambda _index: ask(do=_slow_effect))
    assert effects() == 1
    told = [answer for answer in answers if isinstance(answer, Answer)]
    assert [answer.repeated for answer in told].count(False) == 1
    assert {(answer.status, answer.body["order"]) for answer in told} == {(201, 7)}
    assert all(isinstance(answer, InFlight) for answer in answers if answer not in told)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_key_the_same_fifty_overstep(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: look first, then write, with nothing in the database to forbid a second row."""

    def look_then_do(index: int) -> None:
        if not AuditRecord.objects.filter(deed="effect").exists():
            _slow_effect()

    together(50, look_then_do)
    assert effects() > 1
