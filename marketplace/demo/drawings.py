"""The drawings that stand for photographs of the goods. No models here: other processes import this to draw."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

from catalog import illustrations
from catalog.goods import Good

PIXELS = 800
HANDS = 2
CLOSER_LOOK = {"basketry", "imigongo"}


def of_all(goods: Iterable[Good]) -> Iterator[dict[str, bytes]]:
    """The drawings of each good, in order, by view. Two processes draw while the caller writes."""
    with ProcessPoolExecutor(HANDS, mp_context=multiprocessing.get_context("spawn")) as hands:
        yield from hands.map(of, goods)


def of(good: Good) -> dict[str, bytes]:
    """Two drawings of a good, and a third of what is woven or painted. The same good always looks the same."""
    kind = illustrations.kind_for(good.category, good.slug)
    views = illustrations.VIEWS[: 3 if good.category in CLOSER_LOOK else 2]
    return {view: illustrations.draw(kind, good.slug, view, pixels=PIXELS) for view in views}
