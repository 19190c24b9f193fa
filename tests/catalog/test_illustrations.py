"""The drawn stand-ins for photographs."""

import io

import pytest
from PIL import Image

from catalog import illustrations


def test_a_slug_decides_before_its_category() -> None:
    assert illustrations.kind_for("coffee", "coffee-gakenke-honey-250") == "coffee"
    assert illustrations.kind_for("tea", "tea-green-nyamasheke-100") == "tea_green"
    assert illustrations.kind_for("basketry", "papyrus-mat-90x180") == "mat"
    assert illustrations.kind_for("art", "imigongo-coasters-4") == "coasters"
    assert illustrations.kind_for("music", "a-new-thing") == "inanga"
    assert illustrations.kind_for("unheard-of", "a-new-thing") in illustrations.KINDS


def test_every_rule_leads_to_a_drawing() -> None:
    assert {*illustrations.BY_SLUG.values(), *illustrations.BY_CATEGORY.values()} <= set(illustrations.KINDS)


@pytest.mark.parametrize("kind", sorted(illustrations.KINDS))
def test_every_kind_draws(kind: str) -> None:
    picture = Image.open(io.BytesIO(illustrations.draw(kind, "seed", pixels=120)))
    assert (picture.format, picture.size) == ("JPEG", (120, 120))


def test_one_seed_is_one_thing() -> None:
    first = illustrations.draw("agaseke", "a", pixels=120)
    assert first == illustrations.draw("agaseke", "a", pixels=120)
    assert first != illustrations.draw("agaseke", "b", pixels=120)
    assert first != illustrations.draw("agaseke", "a", "detail", pixels=120)


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(KeyError):
        illustrations.draw("agaseke", "a", "sideways")
