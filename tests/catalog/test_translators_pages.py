"""The translators' queue and the page of one text: what is shown, what each button does, and who may come in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog import advertising, composing, desk, differences, texts, translating
from catalog.models import Picture, Product, ProductText
from kernel.models import AuditRecord, Job

from . import plain

pytestmark = pytest.mark.django_db

QUEUE = "/admin/catalog/producttext/"
OWN = "Abagore b'i Huye baboha uduseke mu budodo bwa sisal."


@pytest.fixture(autouse=True)
def plain_words(monkeypatch) -> None:
    monkeypatch.setattr(composing, "compose", plain.compose)
    monkeypatch.setattr(composing, "alt", plain.alt)


@pytest.fixture
def thing(basket, artisan) -> Product:
    """A basket on sale, of sisal, described in Kinyarwanda only, whose type nobody has read a text of."""
    product = basket.product
    for language in ("zh", "en", "fr", "rw"):
        setattr(product, f"name_{language}", "")
        setattr(product, f"description_{language}", "")
    product.product_type, product.facts = "peace-basket", {"material": ["sisal"]}
    product.save()
    texts.say(product, name="", description=OWN, actor="user:1")
    return product


@pytest.fixture
def wenya(translator) -> Client:
    client = Client()
    client.force_login(translator, backend="accounts.backends.HandleBackend")
    return client


def url(product: Product, field: str = "title", language: str = "zh") -> str:
    return f"{QUEUE}{product.pk}/{field}/{language}/"


def row(product: Product, field: str = "title", language: str = "zh") -> ProductText:
    return product.texts.get(field=field, language=language)


def send(client: Client, address: str, button: str, body: str = "", seen: str | None = None):
    """Press a button on the page as it stands now, or as it stood when `seen`."""
    seen = client.get(address).context["desk"].seen if seen is None else seen
    return client.post(address, {button: "1", "body": body, "seen": seen})


def queue(client: Client, **asked: str) -> list[tuple[str, str, str]]:
    shown = client.get(QUEUE, asked).context["cl"].result_list
    return [(text.field, text.language, text.reason) for text in shown]


def of_sweetgrass(product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(facts={"material": ["sweetgrass"]})
    texts.refresh(product)


# The queue -----------------------------------------------------------------------------------------------------------


def test_the_queue_holds_what_needs_eyes_and_says_why(thing, wenya, translator):
    texts.edit(thing, "title", "fr", "Panier de la paix", translator)
    of_sweetgrass(thing)
    assert sorted(queue(wenya)) == [
        ("description", "zh", "missing"),
        ("summary", "rw", "new_type"),
        ("summary", "zh", "new_type"),
        ("title", "fr", "stale"),
        ("title", "rw", "new_type"),
        ("title", "zh", "new_type"),
    ]
    assert queue(wenya, why="stale") == [("title", "fr", "stale")]
    assert len(queue(wenya, language="rw")) == 2


def test_a_type_that_somebody_read_is_not_new_any_more(thing, wenya, translator):
    texts.accept(row(thing), translator)
    assert ("title", "rw", "new_type") in queue(wenya)
    assert not [text for text in queue(wenya, why="new_type") if text[1] == "zh"]


def test_the_oldest_comes_first_with_its_age(thing, wenya, translator):
    texts.edit(thing, "title", "en", "Peace basket", translator)
    of_sweetgrass(thing)
    ProductText.objects.filter(field="title", language="en").update(waits_since=timezone.now() - timedelta(days=3))
    assert queue(wenya)[0] == ("title", "en", "stale")
    assert re.search(r"3\s*日", wenya.get(QUEUE).content.decode())


@pytest.mark.parametrize("status", ["draft", "changes_requested", "suspended", "archived"])
def test_nobody_reads_what_no_buyer_can_see_yet(thing, wenya, status):
    Product.objects.filter(pk=thing.pk).update(status=status)
    assert queue(wenya) == []


def test_the_queue_costs_few_queries_however_long_it_is(thing, wenya, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        wenya.get(QUEUE)


# One text ------------------------------------------------------------------------------------------------------------


def test_a_text_stands_beside_all_that_it_is_made_from(thing, wenya, translator):
    texts.edit(thing, "title", "zh", "胡耶的篮子", translator)
    of_sweetgrass(thing)
    page = wenya.get(url(thing)).content.decode()
    for shown in (
        OWN.replace("'", "&#x27;"),
        "胡耶的篮子</textarea>",
        "和平篮 香蒲草",
        "<del>胡耶的</del><ins>和平</ins>篮",
        'accesskey="s"',
        'lang="rw"',
    ):
        assert shown in page
    assert "<script" not in page.split('id="content-main"')[1].split("</main>")[0]


def test_to_look_changes_nothing(thing, wenya):
    before = list(ProductText.objects.order_by("pk").values())
    Job.objects.all().delete()
    assert wenya.get(url(thing, "description")).status_code == 200
    assert list(ProductText.objects.order_by("pk").values()) == before
    assert not Job.objects.exists()


def test_saving_makes_it_a_persons_and_shows_what_changed(thing, wenya, translator):
    answer = send(wenya, url(thing), "_save", "和平篮 手工剑麻")
    assert answer.status_code == 302
    assert (row(thing).body, row(thing).provenance, row(thing).written_by) == ("和平篮 手工剑麻", "human", translator)
    page = wenya.get(url(thing)).content.decode()
    assert "和平篮 <ins>手工</ins>剑麻" in page
    record = AuditRecord.objects.latest("pk")
    assert (record.actor, record.deed, record.detail["was"]) == (f"user:{translator.pk}", "text_edited", "和平篮 剑麻")


def test_emptying_or_taking_what_stands_ready_undoes(thing, wenya, translator):
    for button, body in (("_save", ""), ("_take", "ignored")):
        texts.edit(thing, "title", "zh", "胡耶的篮子", translator)
        assert send(wenya, url(thing), button, body).status_code == 302
        assert (row(thing).body, row(thing).provenance) == ("和平篮 剑麻", "composed")
    assert row(thing).read_by == translator


def test_still_right_and_saving_the_same_words_both_say_so(thing, wenya, translator):
    texts.edit(thing, "title", "zh", "胡耶的篮子", translator)
    for button in ("_accept", "_save"):
        of_sweetgrass(thing)
        Product.objects.filter(pk=thing.pk).update(district={"_accept": "Huye", "_save": "Nyanza"}[button])
        texts.refresh(thing)
        assert row(thing).is_stale
        assert send(wenya, url(thing), button, "胡耶的篮子").status_code == 302
        assert not row(thing).is_stale and row(thing).read_by == translator


def test_a_bad_line_is_named_and_nothing_that_was_typed_is_lost(thing, wenya):
    answer = send(wenya, url(thing, "label"), "_save", "材质\t剑麻\n无值的一行")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "材质\t剑麻\n无值的一行</textarea>" in page
    assert "2" in str(answer.context["refusal"])
    assert row(thing, "label").provenance == "composed"


def test_who_saves_second_is_told_and_their_words_are_still_there(thing, wenya, translator):
    seen = wenya.get(url(thing)).context["desk"].seen
    send(wenya, url(thing), "_save", "先写的名字", seen=seen)
    answer = send(wenya, url(thing), "_save", "后写的名字", seen=seen)
    assert answer.status_code == 409
    assert row(thing).body == "先写的名字"
    page = answer.content.decode()
    assert "后写的名字</textarea>" in page and "<del>先</del><ins>后</ins>" in page
    again = wenya.post(url(thing), {"_save": "1", "body": "后写的名字", "seen": answer.context["desk"].seen})
    assert again.status_code == 302 and row(thing).body == "后写的名字"


def test_words_that_advertising_may_not_use_are_shown_with_their_rule(thing, wenya):
    send(wenya, url(thing), "_save", "最好的和平篮")
    page = wenya.get(url(thing)).content.decode()
    [found] = advertising.check("最好的和平篮", "zh")
    assert f">{found.word}</b>" in page and str(found.kind) == "absolute"


def test_the_sellers_own_words_are_the_sellers(thing, wenya):
    page = wenya.get(url(thing, "description", "rw"))
    assert page.status_code == 200 and "<textarea" not in page.content.decode()
    assert wenya.post(url(thing, "description", "rw"), {"body": "Ibindi", "seen": ""}).status_code == 403
    assert row(thing, "description", "rw").body == OWN


def test_the_provider_can_be_asked_where_there_is_one(thing, wenya, settings):
    assert "_ask" not in wenya.get(url(thing, "description")).content.decode()
    answer = wenya.post(url(thing, "description"), {"_ask": "1"})
    assert isinstance(answer.context["refusal"], translating.NoProvider)
    settings.TRANSLATION_PROVIDER = "tests.catalog.test_translating.Echo"
    assert "_ask" in wenya.get(url(thing, "description")).content.decode()
    assert wenya.post(url(thing, "description"), {"_ask": "1"}).status_code == 302
    assert Job.objects.filter(task="catalog.translating.translate").count() == 1


def test_an_alt_text_shows_its_picture(thing, wenya):
    picture = Picture.objects.create(product=thing, original="a.jpg", sha256="a" * 64, width=600, height=600)
    texts.refresh(thing)
    address = f"{QUEUE}{thing.pk}/alt/zh/{picture.pk}/"
    assert picture.small in wenya.get(address).content.decode()
    send(wenya, address, "_save", "窗边的篮子")
    picture.refresh_from_db()
    assert picture.alt_zh == "窗边的篮子"


@pytest.mark.parametrize("wrong", ["title/de", "price/zh", "alt/zh", "title/zh/00000000-0000-0000-0000-000000000000"])
def test_there_is_no_page_for_a_text_that_cannot_be(thing, wenya, wrong):
    assert wenya.get(f"{QUEUE}{thing.pk}/{wrong}/").status_code == 404


def test_the_way_leads_on_to_the_next_text(thing, wenya):
    following = wenya.get(url(thing)).context["next"]
    assert following and following != url(thing)
    assert wenya.get(following).status_code == 200


def test_whoever_may_not_come_in_does_not(thing, artisan, buyer, stranger):
    for person in (artisan, buyer, stranger):
        client = Client()
        client.force_login(person, backend="accounts.backends.HandleBackend")
        for address in (QUEUE, url(thing)):
            assert client.get(address).status_code == 302
            assert client.post(address, {"body": "坏"}).status_code == 302
    assert row(thing).provenance == "composed"


def test_translators_may_do_this_and_nothing_else(thing, wenya, translator):
    assert translator.get_all_permissions() == {"catalog.view_producttext", "catalog.change_producttext"}
    for page in ("catalog/product/", f"catalog/product/{thing.pk}/change/", "sellers/seller/", "accounts/user/"):
        assert wenya.get(f"/admin/{page}").status_code == 403
    assert wenya.post(f"/admin/catalog/product/{thing.pk}/change/", {"_publish": "1"}).status_code == 403


def test_moderators_may_too_and_see_where_texts_stand_from_the_product(thing, moderator):
    client = Client()
    client.force_login(moderator, backend="accounts.backends.HandleBackend")
    page = client.get(f"/admin/catalog/product/{thing.pk}/change/").content.decode()
    assert url(thing) in page and url(thing, "description") in page
    texts.edit(thing, "summary", "zh", "最好的和平篮。", moderator)
    page = client.get(f"/admin/catalog/product/{thing.pk}/change/").content.decode()
    assert "最" in page.split("field-in_the_way")[1].split("field-category")[0]
    assert send(client, url(thing), "_save", "胡耶的篮子").status_code == 302


# Differences ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("红色篮子", "绿色篮子", [("gone", "红"), ("new", "绿"), ("same", "色篮子")]),
        ("a red basket", "a green basket", [("same", "a "), ("gone", "red"), ("new", "green"), ("same", " basket")]),
        ("", "新", [("new", "新")]),
        ("旧", "", [("gone", "旧")]),
        ("same", "same", [("same", "same")]),
    ],
)
def test_what_changed_is_told_by_words_and_by_letters_in_chinese(old, new, changes):
    assert [(piece.how, piece.text) for piece in differences.between(old, new)] == changes


def test_both_texts_can_be_read_from_their_differences_even_long_ones():
    old, new = "剑麻\n" * 900, "剑麻\n" * 500 + "蒲草\n" * 400
    pieces = differences.between(old, new)
    assert "".join(piece.text for piece in pieces if piece.how != "new") == old
    assert "".join(piece.text for piece in pieces if piece.how != "gone") == new


def test_deeds_are_told_with_the_names_of_who_did_them(thing, translator):
    texts.edit(thing, "title", "zh", "胡耶的篮子", translator)
    [deed] = desk.deeds(thing, ("title", "zh", None))
    assert (deed.who, "胡耶的" in "".join(piece.text for piece in deed.changes)) == ("Wenya", True)
