"""Whatever is sent as a picture, only a picture of our own making is kept."""

import io
import random
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, PngImagePlugin

from catalog import pictures
from catalog.models import Picture

pytestmark = pytest.mark.django_db


def encoded(image, kind="JPEG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width=640, height=480, seed=1):
    dice = random.Random(seed)
    small = Image.new("RGB", (8, 6))
    small.putdata([tuple(dice.randrange(256) for _ in range(3)) for _ in range(48)])
    return small.resize((width, height))


def png_header(width, height):
    """A picture that is all size and no content: nine kilobytes on the wire, gigabytes in memory."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 9000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def stored(picture):
    return default_storage.open(picture.original.name).read()


def test_a_photo_is_kept_without_its_past(basket):
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (1.0, 57.0, 0.0)
    sent = encoded(photo(), exif=exif, comment=b"home address")
    picture = pictures.add(basket.product, sent)
    kept = stored(picture)
    assert kept != sent
    assert b"Secret" not in kept and b"home" not in kept and b"Exif" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert picture.original.name.startswith("pictures/")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_kept_the_right_way_up(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = pictures.clean(encoded(photo(600, 300), exif=exif))
    assert turned.size == ((300, 600) if orientation >= 5 else (600, 300))


def test_a_long_picture_is_shortened(basket):
    picture = pictures.add(basket.product, encoded(photo(3000, 1500)))
    assert (picture.width, picture.height) == (2000, 1000)


@pytest.mark.parametrize(
    "image",
    [
        photo().convert("CMYK"),
        photo().convert("P"),
        photo().convert("L"),
        photo().convert("1"),
        photo().convert("RGBA"),
        photo().convert("LA"),
        Image.new("I;16", (300, 300), 40_000),
    ],
    ids=lambda image: image.mode,
)
def test_every_kind_of_colour_becomes_plain(image):
    kind = "JPEG" if image.mode == "CMYK" else "PNG"
    assert pictures.clean(encoded(image, kind)).mode == "RGB"


def test_a_sixteen_bit_grey_stays_the_same_grey():
    clean = pictures.clean(encoded(Image.new("I;16", (300, 300), 256 * 128), "PNG"))
    assert abs(clean.getpixel((9, 9))[0] - 128) <= 1


def test_what_is_seen_through_is_on_white():
    assert pictures.clean(encoded(Image.new("RGBA", (300, 300), (9, 9, 9, 0)), "PNG")).getpixel((5, 5)) == (255,) * 3


def test_a_colour_profile_is_obeyed_and_a_false_one_ignored():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert pictures.clean(encoded(photo(), icc_profile=profile)).info.get("icc_profile") is None
    assert pictures.clean(encoded(photo(), icc_profile=b"not a profile" * 99)).mode == "RGB"


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (b"", pictures.BadPicture),
        (b"\xff", pictures.BadPicture),
        (b"\xff\xd8\xff\xe0", pictures.BadPicture),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", pictures.BadPicture),
        (b"%PDF-1.7 PK\x03\x04", pictures.BadPicture),
        (encoded(photo(), "GIF"), pictures.BadPicture),
        (encoded(photo(), "TIFF"), pictures.BadPicture),
        (encoded(photo(), "BMP"), pictures.BadPicture),
        (encoded(photo(), "ICO"), pictures.BadPicture),
        (encoded(photo(900, 900))[:5000], pictures.DamagedPicture),
        (encoded(photo(199, 400)), pictures.TooSmall),
        (png_header(9000, 9000), pictures.TooManyPixels),
        (png_header(20000, 20000), pictures.TooManyPixels),
        (b"\xff\xd8" + b"0" * (12 * 1024 * 1024), pictures.TooManyBytes),
    ],
)
def test_what_is_no_picture_is_refused(sent, refusal, basket):
    with pytest.raises(refusal) as no:
        pictures.add(basket.product, io.BytesIO(sent))
    assert no.value.status == 422
    assert not Picture.objects.exists()


def test_a_text_that_unpacks_to_megabytes_is_refused():
    text = PngImagePlugin.PngInfo()
    text.add_text("k", "x" * 40_000_000, zip=True)
    with pytest.raises(pictures.BadPicture):
        pictures.clean(encoded(photo(), "PNG", pnginfo=text))


def test_a_script_behind_a_picture_is_not_kept(basket):
    picture = pictures.add(basket.product, encoded(photo()) + b"<script>alert(1)</script>")
    assert b"script" not in stored(picture)


def test_the_same_picture_twice_is_one(basket):
    assert pictures.add(basket.product, encoded(photo())) == pictures.add(basket.product, encoded(photo()))


def test_eight_are_enough(basket):
    for seed in range(8):
        pictures.add(basket.product, encoded(photo(seed=seed)))
    with pytest.raises(pictures.TooManyPictures):
        pictures.add(basket.product, encoded(photo(seed=99)))


def test_a_worker_makes_the_small_ones(basket, run_jobs):
    picture = pictures.add(basket.product, encoded(Image.new("RGB", (1200, 900), (200, 10, 10))))
    assert picture.url(360).endswith(".jpg") and picture.srcset == ""
    run_jobs()
    picture.refresh_from_db()
    assert sorted(map(int, picture.files)) == [160, 240, 360, 480, 720, 1080]
    assert picture.status == Picture.Status.READY and picture.colour[:2] in {"#c", "#d"}
    with default_storage.open(picture.files["360"]) as file, Image.open(file) as small:
        assert (small.format, small.size) == ("WEBP", (360, 270))
    assert picture.url(320) == picture.url(360) != picture.url(361)
    before = dict(picture.files)
    Picture.objects.update(status=Picture.Status.WAITING)
    pictures.derive(picture_id=picture.pk)
    picture.refresh_from_db()
    assert picture.files == before


def test_a_narrow_picture_is_not_blown_up(basket, run_jobs):
    picture = pictures.add(basket.product, encoded(photo(300, 300)))
    run_jobs()
    picture.refresh_from_db()
    assert sorted(map(int, picture.files)) == [160, 240, 300]


def test_a_worker_forgives_what_is_gone(basket):
    picture = pictures.add(basket.product, encoded(photo(seed=7)))
    default_storage.delete(picture.original.name)
    pictures.derive(picture_id=picture.pk)
    picture.refresh_from_db()
    assert picture.status == Picture.Status.FAILED
    pictures.remove(picture)
    pictures.derive(picture_id=picture.pk or "00000000-0000-0000-0000-000000000000")


def test_the_first_is_the_cover_and_can_be_changed(basket):
    first, second = (pictures.add(basket.product, encoded(photo(seed=seed))) for seed in (1, 2))
    assert basket.product.cover == first
    pictures.move_up(second)
    assert basket.product.cover == second
    pictures.move_up(second)
    assert basket.product.cover == second
