"""How a picture stands in a page: every width to choose from, its own proportions, its colour before it comes."""

import re
from pathlib import Path

import pytest
from django.conf import settings as house
from django.template import Context, Template

from catalog import avif, framing, pictures
from catalog.models import Picture

from .test_pictures import encoded, photo

FILES = {"160": "pictures/ab/a-160.webp", "1080": "pictures/ab/a-1080.webp", "360": "pictures/ab/a-360.webp"}


def tag(picture, arguments=""):
    template = Template("{% load pictures %}{% picture pic " + arguments + " %}")
    return template.render(Context({"pic": picture}))


def a_picture(**facts):
    given = {"original": "pictures/ab/a.jpg", "width": 1200, "height": 900, "files": FILES, "colour": "#d6c7b3"}
    return Picture(**{**given, "alt_zh": "一只<篮子>", **facts})


def test_every_file_stands_in_order_of_width():
    expected = (
        "/media/pictures/ab/a-160.webp 160w, /media/pictures/ab/a-360.webp 360w, /media/pictures/ab/a-1080.webp 1080w"
    )
    assert framing.srcset(FILES) == expected
    assert framing.srcset(FILES, most=720) == expected.rpartition(",")[0]
    assert framing.srcset(FILES, least=200, most=720) == "/media/pictures/ab/a-360.webp 360w"
    assert framing.srcset({}) == framing.nearest({}, 360) == ""
    assert [framing.nearest(FILES, width) for width in (1, 160, 161, 2000)] == [
        FILES[w] for w in ("160", "160", "360", "1080")
    ]


def test_a_store_under_another_name_gives_its_addresses(settings):
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"base_url": "https://img.example/"}}
    settings.STORAGES = {**settings.STORAGES, "default": place}
    assert framing.address("pictures/ab/a.jpg") == "https://img.example/pictures/ab/a.jpg"
    assert framing.srcset(FILES).startswith("https://img.example/pictures/ab/a-160.webp 160w")


def test_the_first_is_fetched_at_once_and_the_others_when_they_come_near():
    first, other = tag(a_picture(), "first=True"), tag(a_picture())
    assert 'fetchpriority="high"' in first and "lazy" not in first
    assert 'loading="lazy" decoding="async"' in other and "fetchpriority" not in other
    for html in (first, other):
        assert 'width="1200" height="900"' in html and 'sizes="46vw"' in html and "style=" not in html
        assert 'alt="一只&lt;篮子&gt;"' in html


def test_avif_is_offered_before_webp_as_soon_as_there_is_some():
    assert "image/avif" not in tag(a_picture())
    html = tag(a_picture(avif_files={"360": "pictures/ab/a-360.s8.avif"}))
    assert html.index(
        '<source type="image/avif" srcset="/media/pictures/ab/a-360.s8.avif 360w" sizes="46vw">'
    ) < html.index("<img")
    assert 'srcset="/media/pictures/ab/a-160.webp 160w' in html


def test_who_asked_their_browser_to_spend_less_gets_one_small_file():
    html = tag(a_picture(avif_files={"360": "pictures/ab/a-360.s8.avif"}))
    lean = '<source media="(prefers-reduced-data:reduce)" srcset="/media/pictures/ab/a-360.webp">'
    assert lean in html and html.index(lean) < html.index("image/avif")


def test_before_there_are_small_files_the_original_stands_there():
    html = tag(a_picture(files={}))
    assert 'src="/media/pictures/ab/a.jpg"' in html and "srcset" not in html
    assert tag(None) == ""


def test_a_drawing_says_that_it_is_one():
    assert "示意图" in tag(a_picture(is_illustration=True)) and "示意图" not in tag(a_picture())


def test_the_colours_that_show_first_are_those_of_the_style_sheet():
    sheet = (Path(house.BASE_DIR) / "static/css/isoko.css").read_text()
    assert re.findall(r"\.(tint-\d+)\{background:(#\w+)\}", sheet) == [
        (f"tint-{number}", colour) for number, colour in enumerate(framing.TINTS)
    ]
    assert [framing.tint(colour) for colour in framing.TINTS] == [f"tint-{n}" for n in range(len(framing.TINTS))]
    assert framing.tint("#d6c7b3") == "tint-4" and 'class="tint-4"' in tag(a_picture())


@pytest.mark.django_db
def test_the_colour_is_the_pictures_own(basket):
    from PIL import Image

    picture = pictures.add(basket.product, encoded(Image.new("RGB", (300, 300), "#6b4a36")))
    pictures.derive(picture_id=picture.pk)
    picture.refresh_from_db()
    assert picture.tint == f"tint-{framing.TINTS.index('#6b4a36')}"


@pytest.mark.django_db
def test_a_pictures_own_addresses(basket, run_jobs):
    picture = pictures.add(basket.product, encoded(photo(500, 400)))
    run_jobs()
    avif.add(picture_id=picture.pk)
    picture.refresh_from_db()
    assert picture.avif_srcset.count(".avif") == picture.srcset.count(".webp") == 5
    assert picture.small.endswith("-160.webp") and picture.share_url.endswith("-share.jpg")
