"""Whatever is sent as a picture, only pictures of our own making are kept, and every row names files that exist.

What hostile files may do is listed below; each has its test.

    1, 2  more pixels than bytes       kernel/test_redrawing: too_many_pixels, no_bomb_raises_memory
    3     ten thousand frames          kernel/test_redrawing: of_several_frames
    4     text that unpacks to 200 MB  kernel/test_redrawing: a_chunk_that_unpacks
    5, 7  other formats, SVG           kernel/test_redrawing: what_is_no_picture
    6     page, script, archive too    kernel/test_redrawing: what_is_also_something_else; marketplace/test_media
    8, 9  places, owners, orientation  kernel/test_redrawing: position_comment_xmp, the_right_way_up, a_broken_note
    10    every kind of colour         kernel/test_redrawing: every_kind_of_colour, a_colour_profile, a_chunk
    11    damaged, empty, only a head  kernel/test_redrawing: what_is_no_picture
    12    26 MB, lies about length     marketplace/test_bodies; running/test_bodies
    13    names of files               here: a_name; sellers/test_papers: a_name
    14    types that are claimed       here: the_content_decides; sellers/test_papers: the_content_decides
    15    1,000 files, one too many    here: a_thousand_files, eight_are_enough; sellers/test_papers: the_seventh_paper
    16    PDFs that do things          sellers/test_papers: of_a_pdf_only_its_look, a_bad_file
    17    archives                     sellers/test_papers: a_bad_file; here: what_is_no_picture
    18    EICAR                        sellers/test_papers: what_a_scanner_would_find
    19    twice at once                here: sent_twice_at_once; sellers/test_races
    20    somebody else's paper        sellers/test_papers: another_shops_paper, staff_of_other_groups
    21    what broke off on the way    catalog/test_strays; kernel/test_storage
"""

import io
import random

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from catalog import listing, pictures
from catalog.models import Picture, Product
from tests import bombs
from tests.races import together

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


def stored(name):
    with default_storage.open(name) as file:
        return file.read()


def send(client, product, *files, **fields):
    return client.post(f"/sell/products/{product.pk}/photos/", {"photos": list(files), **fields})


def upload(content, name="basket.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, content, content_type)


def test_a_photo_is_kept_as_we_drew_it(basket):
    sent = encoded(photo(), comment=b"home address") + b"<script>alert(1)</script>"
    picture = pictures.add(basket.product, sent)
    kept = stored(picture.original.name)
    assert picture.original.name == f"pictures/{picture.sha256[:2]}/{picture.sha256[:32]}.jpg"
    assert Image.open(io.BytesIO(kept)).size == (picture.width, picture.height) == (640, 480)
    assert b"home" not in kept and b"script" not in kept


def test_a_long_picture_is_shortened(basket):
    picture = pictures.add(basket.product, encoded(photo(3000, 1500)))
    assert (picture.width, picture.height) == (2000, 1000)


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (b"", pictures.BadPicture),
        (b"PK\x03\x04" + b"\0" * 99, pictures.BadPicture),
        (b"\xff\xd8\xff\xe0", pictures.DamagedPicture),
        (encoded(photo(199, 400)), pictures.TooSmall),
        (bombs.header_png(9000, 9000), pictures.TooManyPixels),
        (b"\xff\xd8" + b"0" * pictures.MOST_BYTES, pictures.TooManyBytes),
    ],
    ids=["nothing", "archive", "only a head", "small", "pixels", "bytes"],
)
def test_what_is_no_picture_is_refused_for_its_reason_and_leaves_nothing(sent, refusal, basket):
    with pytest.raises(pictures.BadPicture) as no:
        pictures.add(basket.product, io.BytesIO(sent))
    assert type(no.value) is refusal
    assert no.value.status == (413 if refusal is pictures.TooManyBytes else 422)
    assert not Picture.objects.exists()


def test_each_reason_is_said_in_plain_words_and_the_good_photos_of_the_form_are_kept(client, artisan, basket):
    client.force_login(artisan)
    page = send(
        client,
        basket.product,
        upload(encoded(photo(seed=1)), "good.jpg"),
        upload(bombs.header_png(9000, 9000), "wide.png"),
        upload(b"<svg onload=alert(1)>", "drawing<b>.svg", "image/svg+xml"),
        upload(encoded(photo(seed=2)), "fine.jpg"),
        upload(encoded(photo())[:3000], "cut.jpg"),
    )
    assert page.status_code == 422
    text = page.content.decode()
    with translation.override(artisan.language):
        for name, refusal in (("wide.png", pictures.TooManyPixels), ("cut.jpg", pictures.DamagedPicture)):
            assert f"{name}: {refusal()}" in text
    assert "drawing&lt;b&gt;.svg" in text and "<b>.svg" not in text
    assert basket.product.pictures.count() == 2


@pytest.mark.parametrize(
    "name",
    [
        *("../../settings.py", "..\\..\\boot.ini", "%2e%2e/x", "a\x00b.jpg", "a\nb.jpg", "\u202egpj.exe", "x" * 300),
        *("CON", ".htaccess", "😀.jpg", "x.php.jpg", '"><script>alert(1)</script>.jpg'),
    ],
)
def test_a_name_never_becomes_a_path_nor_markup(client, artisan, basket, name):
    client.force_login(artisan)
    send(client, basket.product, upload(encoded(photo()), name))
    for picture in Picture.objects.all():
        assert picture.original.name.startswith("pictures/") and len(picture.original.name) == 48
    answer = send(client, basket.product, upload(b"no picture", name))
    assert answer.status_code in {400, 422}
    assert b"<script>alert" not in answer.content and "\u202e".encode() not in answer.content


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/octet-stream", ""])
def test_the_content_decides_and_not_what_the_browser_says(client, artisan, basket, content_type):
    client.force_login(artisan)
    assert send(client, basket.product, upload(encoded(photo(), "PNG"), "x.svg", content_type)).status_code == 302
    assert send(client, basket.product, upload(b"<html>", "x.jpg", "image/jpeg")).status_code == 422


def test_a_thousand_files_in_one_form_are_not_looked_at(client, artisan, basket):
    client.force_login(artisan)
    many = [upload(b"x", f"{n}.jpg") for n in range(1000)]
    assert send(client, basket.product, *many).status_code == 400
    assert send(client, basket.product, *many[:9]).status_code == 422
    assert not Picture.objects.exists()


def test_eight_are_enough(basket):
    for seed in range(8):
        pictures.add(basket.product, encoded(photo(seed=seed)))
    with pytest.raises(pictures.TooManyPictures):
        pictures.add(basket.product, encoded(photo(seed=99)))
    assert basket.product.pictures.count() == 8


def test_the_same_picture_twice_is_one_and_two_products_share_its_files(basket, coffee, run_jobs):
    first = pictures.add(basket.product, encoded(photo()))
    assert pictures.add(basket.product, encoded(photo())) == first
    other = pictures.add(coffee.product, encoded(photo()))
    run_jobs()
    first.refresh_from_db()
    other.refresh_from_db()
    assert first != other
    assert (first.original, first.files, first.avif_files) == (other.original, other.files, other.avif_files)


def test_a_product_that_was_put_away_or_deleted_meanwhile_takes_none(basket):
    there, gone = basket.product, Product(pk=10**9)
    listing.put_away(there, actor="user:1")
    for product in (there, gone):
        with pytest.raises(pictures.ProductIsAway):
            pictures.add(product, encoded(photo()))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_one_picture_and_one_file(basket):
    sent = encoded(photo(seed=77))
    answers = together(4, lambda n: pictures.add(basket.product, sent).pk)
    assert len(set(answers)) == 1, answers
    picture = Picture.objects.get()
    folder, _slash, name = picture.original.name.rpartition("/")
    assert [other for other in default_storage.listdir(folder)[1] if other.startswith(name[:32])] == [name]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_pass_the_limit(basket):
    sent = [encoded(photo(seed=seed)) for seed in range(10)]
    answers = together(10, lambda n: pictures.add(basket.product, sent[n]), patience=60)
    assert sum(isinstance(answer, pictures.TooManyPictures) for answer in answers) == 2, answers
    assert basket.product.pictures.count() == 8
    assert sorted(basket.product.pictures.values_list("position", flat=True)) == list(range(8))


def test_a_worker_makes_the_small_ones_then_lists_show_them(basket, run_jobs):
    picture = pictures.add(basket.product, encoded(Image.new("RGB", (1200, 900), (200, 10, 10))))
    assert picture.url(360) == picture.share_url and picture.url(360).endswith(".jpg") and picture.srcset == ""
    run_jobs()
    picture.refresh_from_db()
    assert sorted(map(int, picture.files)) == [160, 240, 360, 480, 720, 1080]
    assert picture.status == Picture.Status.READY and picture.colour[:2] in {"#c", "#d"}
    small = Image.open(io.BytesIO(stored(picture.files["360"])))
    assert (small.format, small.size, small.info.get("exif")) == ("WEBP", (360, 270), None)
    assert picture.url(320) == picture.url(360) != picture.url(361)
    basket.product.refresh_from_db()
    assert basket.product.cover_files["webp"] == picture.files


def test_making_them_again_changes_nothing(basket):
    picture = pictures.add(basket.product, encoded(photo()))
    pictures.derive(picture_id=picture.pk)
    before = Picture.objects.values().get()
    Picture.objects.update(status=Picture.Status.WAITING)
    pictures.derive(picture_id=picture.pk)
    assert Picture.objects.values().get() == before


@pytest.mark.parametrize("size", [(1200, 900), (300, 400), (2000, 500)])
def test_a_square_jpeg_is_made_for_share_cards(basket, size):
    picture = pictures.add(basket.product, encoded(photo(*size)))
    pictures.derive(picture_id=picture.pk)
    picture.refresh_from_db()
    card = Image.open(io.BytesIO(stored(picture.share.name)))
    assert card.format == "JPEG" and card.width == card.height and 600 <= card.width <= 800
    assert picture.share_url.endswith("-share.jpg") and "share" not in picture.files


def test_a_narrow_picture_is_not_blown_up(basket):
    picture = pictures.add(basket.product, encoded(photo(300, 300)))
    pictures.derive(picture_id=picture.pk)
    picture.refresh_from_db()
    assert sorted(map(int, picture.files)) == [160, 240, 300]
    assert picture.url(1080) == picture.url(300)


def test_a_worker_forgives_what_is_gone(basket):
    picture = pictures.add(basket.product, encoded(photo(seed=7)))
    default_storage.delete(picture.original.name)
    pictures.derive(picture_id=picture.pk)
    picture.refresh_from_db()
    assert picture.status == Picture.Status.FAILED
    pictures.remove(picture)
    pictures.derive(picture_id="00000000-0000-0000-0000-000000000000")


def test_the_first_is_the_cover_and_can_be_changed(basket, run_jobs):
    first, second = (pictures.add(basket.product, encoded(photo(seed=seed))) for seed in (1, 2))
    assert basket.product.cover == first
    pictures.move_up(second)
    assert basket.product.cover == second
    pictures.move_up(second)
    assert basket.product.cover == second
    run_jobs()
    basket.product.refresh_from_db()
    assert basket.product.cover_files["original"] == second.original.name
    pictures.remove(second)
    run_jobs()
    basket.product.refresh_from_db()
    assert basket.product.cover_files["original"] == first.original.name
