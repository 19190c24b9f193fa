import time
from typing import Any

import pytest
from django.db import models, transaction
from django.utils import translation

from kernel.lifecycle import IllegalMove
from kernel.models import Step
from tests.races import together

from .models import Lamp


def test_a_move_saves_the_status_and_leaves_a_step(lamp: Lamp) -> None:
    assert lamp.move("lit", actor="user:1", why="dusk") is True
    lamp.refresh_from_db()
    assert lamp.status == "lit"
    step = lamp.steps.get()
    assert (step.was, step.now, step.actor, step.why) == ("new", "lit", "user:1", "dusk")


def test_arriving_twice_moves_once(lamp: Lamp) -> None:
    assert [lamp.move("lit"), lamp.move(Lamp.Status.LIT)] == [True, False]
    assert lamp.steps.count() == 1


def test_an_illegal_move_is_refused_and_changes_nothing(lamp: Lamp) -> None:
    with pytest.raises(IllegalMove) as refused:
        lamp.move("out")
    lamp.refresh_from_db()
    assert lamp.status == "new"
    assert not lamp.steps.exists()
    assert refused.value.status == 409
    with translation.override("en"):
        assert "brand new" in str(refused.value)


def test_the_database_judges_not_the_copy_in_memory(lamp: Lamp) -> None:
    stale = Lamp.objects.get(pk=lamp.pk)
    lamp.move("broken")
    with pytest.raises(IllegalMove):
        stale.move("lit")
    assert stale.status == "broken"


def test_a_move_saves_no_other_column(lamp: Lamp) -> None:
    stale = Lamp.objects.get(pk=lamp.pk)
    Lamp.objects.filter(pk=lamp.pk).update(price_minor=500)
    stale.price_minor = 1
    stale.move("lit")
    lamp.refresh_from_db()
    assert lamp.price_minor == 500


def test_a_step_vanishes_with_the_transaction_that_made_it(lamp: Lamp) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        lamp.move("lit")
        raise RuntimeError
    assert not Step.objects.exists()
    assert Lamp.objects.get(pk=lamp.pk).status == "new"


def _race(lamp: Lamp) -> tuple[list[Any], int]:
    moved = together(8, lambda _index: Lamp.objects.get(pk=lamp.pk).move("lit"))
    return moved, lamp.steps.count()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_moves(lamp: Lamp) -> None:
    moved, steps = _race(lamp)
    assert sorted(map(str, moved)) == ["False"] * 7 + ["True"]
    assert steps == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_oversteps(lamp: Lamp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the race above is a real one, and it is the lock that wins it."""
    save = Lamp.save

    def late(self: Lamp, **kwargs: Any) -> None:
        time.sleep(0.2)
        save(self, **kwargs)

    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_options: self)
    monkeypatch.setattr(Lamp, "save", late)
    _moved, steps = _race(lamp)
    assert steps > 1
