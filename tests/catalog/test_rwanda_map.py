"""Our map of Rwanda: every district has its place on it, on land, and the file stays light."""

import re

import pytest
from django.conf import settings

from catalog import places, rwanda_map

MAP = settings.BASE_DIR / "static" / "img" / "rwanda.svg"


def outline(which):
    """The corners of one closed path of the map. Its curves bend between the middles of the sides."""
    shapes = re.findall(r"M[^z]*z", MAP.read_text())
    (x, y), *curves = _pairs(shapes[which])
    corners = []
    for bend, end in zip(curves[::2], curves[1::2], strict=True):
        corners.append((x + bend[0], y + bend[1]))
        x, y = x + end[0], y + end[1]
    return corners


def _pairs(shape):
    found = [int(number) for number in re.findall(r"-?\d+", shape)]
    return list(zip(found[::2], found[1::2], strict=True))


def inside(x, y, corners):
    within = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
    return within


def test_the_map_is_light_and_fits_its_frame():
    assert len(MAP.read_bytes()) <= 3000
    assert f'viewBox="0 0 {rwanda_map.WIDTH} {rwanda_map.HEIGHT}"' in MAP.read_text()
    corners = outline(0)
    assert 60 <= len(corners) <= 90
    assert all(0 < x < rwanda_map.WIDTH and 0 < y < rwanda_map.HEIGHT for x, y in corners)


@pytest.mark.parametrize("district", sorted(places.in_chinese()))
def test_every_district_lies_in_the_country_and_not_in_lake_kivu(district):
    spot = rwanda_map.spot(district)
    assert inside(spot.x, spot.y, outline(0))
    assert not inside(spot.x, spot.y, outline(1))


def test_no_two_districts_share_a_spot():
    spots = [rwanda_map.spot(name) for name in places.in_chinese()]
    assert len(set(spots)) == len(spots) == 30


def test_a_name_that_is_no_district_has_no_spot():
    assert rwanda_map.spot("Hangzhou") is None


def test_names_in_the_east_are_written_to_the_left_and_the_capital_once():
    assert rwanda_map.spot("Kirehe").reads_left and not rwanda_map.spot("Rusizi").reads_left
    assert rwanda_map.spot("Gasabo").by_kigali and not rwanda_map.spot("Huye").by_kigali
