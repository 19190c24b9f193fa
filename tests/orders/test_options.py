"""What was chosen stands on every line: in the cart, at the checkout, in the order, and on the seller's bench."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import Address
from catalog.models import Variant
from logistics import quotes
from orders import carts, progress
from orders.models import CartLine, OrderLine

from .conftest import NOW, shelved

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}
RED = [{"attribute": "colour", "value": "red"}, {"attribute": "height", "value": 24}]
NATURAL = [{"attribute": "colour", "value": "natural"}, {"attribute": "height", "value": 30}]


def give(variant, options):
    variant.options, variant.option_key = options, "/".join(f"{one['attribute']}:{one['value']}" for one in options)
    variant.save()
    return variant


@pytest.fixture
def red(basket):
    return give(basket, RED)


@pytest.fixture
def natural(red):
    """The same basket, higher and in its natural colour."""
    sizes = {name: getattr(red, name) for name in ("weight_g", "length_mm", "width_mm", "height_mm")}
    other = Variant(product=red.product, sku="SKU-NATURAL", receive_rwf_minor=30000, price_minor=18000, **sizes)
    return shelved(give(other, NATURAL), 5)


def test_the_form_chooses_among_the_variants_whatever_its_address_says(client, red, natural):
    answer = client.post(f"/cart/add/{red.pk}/", {"quantity": 2, "o-colour": "natural", "o-height": "30"}, headers=OURS)
    assert answer.status_code == 302
    line = CartLine.objects.get()
    assert (line.variant, line.quantity) == (natural, 2)


def test_a_combination_that_is_not_there_puts_nothing_in_the_cart(client, red, natural):
    product_page = f"/p/{red.product.slug}/"
    answer = client.post(
        f"/cart/add/{red.pk}/",
        {"quantity": 1, "o-colour": "red", "o-height": "30"},
        headers={**OURS, "Referer": f"http://testserver{product_page}"},
    )
    assert answer.status_code == 303 and answer["Location"] == product_page
    assert not CartLine.objects.exists()


def test_what_is_sold_out_is_not_put_in_the_cart(client, red, natural):
    Variant.objects.filter(pk=natural.pk).update(on_hand=0)
    answer = client.post(f"/cart/add/{red.pk}/", {"quantity": 1, "o-colour": "natural", "o-height": "30"}, headers=OURS)
    assert answer.status_code == 303 and not CartLine.objects.exists()


def test_a_plain_address_still_adds_its_own_variant(client, red, natural):
    client.post(f"/cart/add/{natural.pk}/", {"quantity": 1}, headers=OURS)
    assert CartLine.objects.get().variant == natural


def test_lines_of_the_cart_and_the_checkout_say_what_was_chosen(client, lin, red, natural):
    client.force_login(lin)
    for variant in (red, natural):
        carts.add(carts.of(lin), variant, quantity=1)
    for path in ("/cart/", reverse("payments:checkout")):
        page = client.get(path).content.decode()
        assert "红色 · 24厘米" in page and "原色 · 30厘米" in page


def test_the_order_keeps_the_words_of_its_day(client, lin, mukamana, red, order_of):
    order = order_of(lin, [(red, 1)])
    give(red, NATURAL)
    line = OrderLine.objects.get()
    assert {tongue: line.options[0][tongue] for tongue in ("zh", "en", "fr", "rw")} == {
        "zh": "红色",
        "en": "Red",
        "fr": "Rouge",
        "rw": "Umutuku",
    }
    client.force_login(lin)
    for path in (reverse("payments:order", args=[order.number]), "/orders/"):
        assert "红色 · 24厘米" in client.get(path).content.decode()


def test_who_packs_reads_what_was_chosen_in_their_language(client, lin, mukamana, red, order_of):
    order = order_of(lin, [(red, 1)])
    progress.mark_paid(order, actor="stripe", now=NOW)
    part = order.consignments.get()
    client.force_login(mukamana)
    for path in ("/sell/orders/", reverse("sell:consignment", args=[part.pk])):
        assert "Umutuku · cm 24" in client.get(path).content.decode()
    progress.accept(part, actor="test", now=NOW)
    page = client.get(reverse("sell:consignment", args=[part.pk])).content.decode()
    assert page.count("Umutuku · cm 24") == 2


def test_lines_without_options_show_no_empty_chip(client, lin, basket, order_of):
    order = order_of(lin, [(basket, 1)])
    assert OrderLine.objects.get().options == []
    client.force_login(lin)
    assert 'class="tag"></span>' not in client.get(reverse("payments:order", args=[order.number])).content.decode()


def test_what_was_chosen_never_changes(lin, red, order_of):
    order_of(lin, [(red, 1)])
    with pytest.raises(DatabaseError), transaction.atomic():
        OrderLine.objects.update(options=[])


def test_a_quote_names_the_options_too(lin, red):
    quote = quotes.quote(lin, [(red, 1)], province_code=Address.objects.of(lin)[0].province_code, now=NOW)
    assert quotes.breakdown(quote).parcels[0].lines[0].option_text == "红色 · 24厘米"
