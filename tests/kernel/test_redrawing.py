"""Whatever is sent, what comes back is a picture of our own making, or a no; and it costs the web process nothing."""

import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from kernel import drawing, redrawing
from tests import bombs
from tests.sellers import files

FIFTY_MEGABYTES = 50 * 1024 * 1024
LINUX = sys.platform.startswith("linux")


def encoded(image, kind="JPEG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width=640, height=480):
    """Dark at its left end and light at its right, so that one sees how it is turned."""
    return Image.linear_gradient("L").rotate(90).resize((width, height)).convert("RGB")


def redrawn(raw, longest=2000, **limits):
    """What the reader draws, asked without a process around it: that costs more than the drawing."""
    answer = drawing.answer(raw, {"kind": "picture", "longest": longest, "least": 1, "quality": 88, **limits})
    verdict, _newline, content = answer.partition(b"\n")
    assert verdict.startswith(b"drawn"), verdict
    return Image.open(io.BytesIO(content))


def refused(raw, **limits):
    order = {"kind": "picture", "longest": 2000, "least": 1, "quality": 88, **limits}
    return drawing.answer(raw, order).partition(b"\n")[0].decode().removeprefix("no ")


def really_refused(raw):
    with pytest.raises(redrawing.Rejected) as no:
        redrawing.redraw(raw, longest=2000)
    return no.value.why


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_kept_the_right_way_up(orientation, kind):
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = redrawn(encoded(photo(600, 300), kind, exif=exif))
    width, height = turned.size
    assert (width, height) == ((300, 600) if orientation >= 5 else (600, 300))
    corners = [turned.convert("L").getpixel(place) > 128 for place in ((9, 9), (width - 9, 9), (9, height - 9))]
    right, left, top, bottom = [False, True, False], [True, False, True], [True, True, False], [False, False, True]
    assert corners == {1: right, 2: left, 3: left, 4: right, 5: bottom, 6: bottom, 7: top, 8: top}[orientation]


@pytest.mark.parametrize("exif", [b"Exif\0\0" + b"\xff" * 300, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"", b"\0" * 65_000])
def test_a_broken_note_of_the_camera_loses_no_picture(exif):
    assert redrawn(encoded(photo(), exif=exif)).size == (640, 480)


def test_a_maker_note_of_64_kilobytes_is_not_kept():
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x927C] = b"secret" * 10_000
    kept = redrawn(encoded(photo(), exif=exif)).fp.getvalue()
    assert b"secret" not in kept and b"Exif" not in kept


def test_position_comment_xmp_and_the_uncut_thumbnail_are_left_behind():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "S"
    thumbnail = encoded(Image.new("RGB", (160, 120), "red"))
    raw = encoded(photo(), exif=exif, comment=b"home address", xmp=b"<x:xmpmeta>SecretOwner</x:xmpmeta>")
    raw = raw[:2] + b"\xff\xec" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail + raw[2:]
    kept = redrawn(raw).fp.getvalue()
    assert not any(word in kept for word in (b"Secret", b"home", b"Exif", b"xmp", thumbnail))
    plain = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert set(Image.open(io.BytesIO(kept)).info) <= plain


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x05\x06" + b"\0" * 18, b"*/=1;alert(1)//"])
def test_what_is_also_something_else_becomes_a_picture_only(tail):
    for kind in ("JPEG", "PNG", "WEBP"):
        raw = encoded(photo(), kind) + tail
        assert tail not in redrawn(raw).fp.getvalue()


@pytest.mark.parametrize(
    "image",
    [
        *(photo().convert(mode) for mode in ("CMYK", "P", "L", "1", "RGBA", "LA")),
        Image.new("I;16", (300, 300), 40_000),
    ],
    ids=lambda image: image.mode,
)
def test_every_kind_of_colour_becomes_plain(image):
    assert redrawn(encoded(image, "JPEG" if image.mode == "CMYK" else "PNG")).mode == "RGB"


def test_a_sixteen_bit_grey_stays_the_same_grey():
    grey = redrawn(encoded(Image.new("I;16", (300, 300), 256 * 128), "PNG"))
    assert abs(grey.getpixel((9, 9))[0] - 128) <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_seen_through_is_on_white(mode):
    image = Image.new("RGBA", (300, 300), (9, 9, 9, 0)).convert(mode) if mode != "P" else Image.new("P", (300, 300))
    raw = encoded(image, "PNG", **({"transparency": 0} if mode == "P" else {}))
    assert redrawn(raw).getpixel((5, 5)) == (255, 255, 255)


def test_a_colour_profile_is_obeyed_and_a_false_one_ignored():
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, wide.tobytes(), b"not a profile" * 99, srgb[:200]):
        kept = redrawn(encoded(photo(), icc_profile=profile))
        assert kept.mode == "RGB" and "icc_profile" not in kept.info


def test_it_is_made_no_longer_than_asked_in_its_own_proportions():
    assert redrawn(encoded(photo(3000, 1500))).size == (2000, 1000)
    assert redrawn(encoded(photo(5000, 300)), longest=1000).size == (1000, 60)
    assert redrawn(encoded(photo(90, 60))).size == (90, 60)


def test_of_several_frames_the_first_is_taken_without_looking_at_the_others():
    for raw in (bombs.animated_png(10_000), bombs.animated_webp(10_000)):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert redrawing.redraw(raw, longest=2000).width == bombs.SIDE
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


def test_a_photo_with_a_second_one_inside_is_the_first():
    pair = encoded(photo(), "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480), "red")])
    assert redrawn(pair).getpixel((630, 9))[1] > 200


def test_an_iphones_photo_is_read_where_a_decoder_was_added():
    heif = pytest.importorskip("pillow_heif")
    out = io.BytesIO()
    heif.from_pillow(photo(800, 600)).save(out, quality=90)
    assert out.getvalue()[4:8] == b"ftyp"
    assert redrawn(out.getvalue()).size == (800, 600)
    assert redrawn(out.getvalue(), longest=400).getpixel((390, 9))[0] > 200
    assert refused(out.getvalue()[:2000]) == "damaged"
    assert "HEIF" not in Image.OPEN  # nobody else in the house opens one by accident


def test_an_iphones_photo_is_told_apart_where_there_is_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert refused(b"\0\0\0\x18ftypheic\0\0\0\0") == "heic"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "unreadable"),
        (b"\xff", "unreadable"),
        (b"\xff\xd8\xff\xe0", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"RIFF\x04\0\0\0WEBP", "damaged"),
        (encoded(photo(900, 900))[:5000], "damaged"),
        (encoded(photo(900, 900), "PNG")[:900], "damaged"),
        (encoded(photo(900, 900), "WEBP")[:900], "damaged"),
        (files.SVG, "unreadable"),
        (b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>', "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><foreignObject><script/></foreignObject></svg>", "unreadable"),
        (b"%PDF-1.7 PK\x03\x04", "unreadable"),
        (b"SIMPLE  =                    T" + b" " * 50 + b"BITPIX  =                    8", "unreadable"),
        (b"8BPS\0\1" + b"\0" * 40, "unreadable"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "unreadable"),
        *((encoded(photo(256, 256), kind), "unreadable") for kind in ("GIF", "TIFF", "BMP", "ICO", "JPEG2000", "PPM")),
    ],
    ids=[
        *("nothing", "one byte", "jpeg magic", "png magic", "webp magic", "cut jpeg", "cut png", "cut webp", "svg"),
        *("svg entity", "svg foreign", "pdf zip", "fits", "psd", "eps", "gif", "tiff", "bmp", "ico", "jpeg2000", "ppm"),
    ],
)
def test_what_is_no_picture_is_refused_for_its_reason(raw, why):
    assert refused(raw) == why


def test_a_side_can_be_too_short():
    assert refused(encoded(photo(199, 400)), least=200) == "small"


@pytest.mark.parametrize("size", [(9000, 9000), (20_000, 20_000), (5001, 5000), (65_000, 65_000), (2**31 - 1, 1)])
def test_too_many_pixels_are_seen_by_the_header(size):
    assert refused(bombs.header_png(*size)) == "pixels"


@pytest.mark.parametrize("bomb", [bombs.text_bomb_png, bombs.profile_bomb_png])
def test_a_chunk_that_unpacks_to_megabytes_is_refused(bomb):
    assert refused(bomb()) == "damaged"


def test_a_reader_that_needs_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(redrawing, "CPU_SECONDS", 1)
    assert really_refused(bombs.many_scans_jpeg(4900, 400)) == "damaged"
    monkeypatch.setattr(redrawing, "WALL_SECONDS", 0.01)
    assert really_refused(encoded(photo())) == "damaged"


@pytest.mark.skipif(not LINUX, reason="only Linux bounds a process's memory")
def test_a_reader_that_needs_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(redrawing, "MEMORY", FIFTY_MEGABYTES)
    assert really_refused(encoded(Image.new("RGB", (5000, 4900)), "PNG")) == "damaged"


@pytest.mark.skipif(not LINUX, reason="only Linux bounds a process's memory")
def test_the_reader_of_a_bomb_needs_little_memory_itself(monkeypatch):
    monkeypatch.setattr(redrawing, "MEMORY", FIFTY_MEGABYTES)
    assert really_refused(bombs.huge_png(9000, 9000)) == really_refused(bombs.huge_png(20_000, 20_000)) == "pixels"
    assert redrawing.redraw(bombs.animated_png(10_000), longest=2000).width == bombs.SIDE


def test_who_comes_while_others_are_at_it_is_not_kept_for_ever(monkeypatch):
    monkeypatch.setattr(redrawing, "PATIENCE", 0)
    with redrawing._turn:
        assert really_refused(encoded(photo())) == "busy"


def test_the_reader_knows_nothing_of_us(monkeypatch):
    """Not a variable of ours reaches it, and it imports no code of ours that could hold a secret."""
    seen = {}
    monkeypatch.setattr(
        redrawing.subprocess, "run", lambda command, **how: seen.update(how, command=command) or _Done()
    )
    redrawing.redraw(b"x", longest=9)
    assert seen["env"] == {} and "-I" in seen["command"]


# Run in a process of its own: what is the most that it ever held, above what it held before the first file?
WITNESS = """
import json, pathlib, resource, sys
sys.path.insert(0, ".")
import django
django.setup()
from catalog import pictures
from kernel.refusals import Refusal
from sellers import papers

def memory(word):
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(word)) / 1024

answers, before = {}, memory("VmRSS")
for path in sys.argv[1:]:
    raw = pathlib.Path(path).read_bytes()
    for name, read in (("picture", pictures.clean), ("paper", papers._cleaned)):
        try:
            read(raw)
            answer = "taken"
        except Refusal as no:
            answer = no.code
        answers[f"{name} {pathlib.Path(path).name}"] = answer
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"rise": memory("VmHWM") - before, "readers": children, "answers": answers}))
"""


def witnessed(folder: Path, **raws: bytes) -> dict:
    """What a process says that reads these files as pictures and as papers. Memory in MB."""
    paths = []
    for name, raw in raws.items():
        paths.append(folder / name)
        paths[-1].write_bytes(raw)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", WITNESS, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, env=environment, timeout=120, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_no_bomb_raises_memory_by_fifty_megabytes(tmp_path):
    """Not in the process that was sent it."""
    told = witnessed(
        tmp_path,
        wide=bombs.huge_png(9000, 9000),
        wider=bombs.huge_png(20_000, 20_000),
        text=bombs.text_bomb_png(),
        profile=bombs.profile_bomb_png(),
        frames=bombs.animated_webp(10_000),
    )
    assert told["rise"] < 50, told
    assert told["answers"]["picture wide"] == told["answers"]["picture wider"] == "picture_too_many_pixels"
    assert told["answers"]["picture text"] == "damaged_picture" and told["answers"]["paper wide"] == "too_many_pixels"


@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_neither_does_the_heaviest_picture_that_is_allowed(tmp_path):
    heavy = encoded(Image.new("RGBA", (5700, 4300), (1, 2, 3, 4)), "WEBP", lossless=True, method=0)
    told = witnessed(tmp_path, heavy=heavy, plain=bombs.huge_png(5000, 4900))
    assert told["rise"] < 50, told
    assert set(told["answers"].values()) == {"taken"}
    assert told["readers"] < redrawing.MEMORY / 1024 / 1024


class _Done:
    returncode, stdout = 0, b"drawn 1 1\n"
