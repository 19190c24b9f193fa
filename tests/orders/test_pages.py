"""The cart and the lists, as browsers meet them: strangers, hostile numbers, other people's rows."""

import pytest
from django.core import signing
from django.urls import reverse

from catalog.models import Variant
from orders import carts, progress
from orders.models import Cart, CartLine
from tests import cast

from .conftest import NOW

pytestmark = pytest.mark.django_db
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def add(client, variant, quantity="1", **extra):
    return client.post(reverse("orders:add_to_cart", args=[variant.pk]), {"quantity": quantity}, **{**OURS, **extra})


@pytest.fixture
def at_home(client, lin):
    client.force_login(lin)
    return client


def test_a_stranger_fills_a_cart_and_finds_it_again(client, basket):
    assert client.get(reverse("orders:cart")).status_code == 200
    assert Cart.objects.count() == 0
    response = add(client, basket, "2")
    assert (response.status_code, response["Location"]) == (302, "/cart/")
    assert response.cookies["cart"]["httponly"]
    page = client.get("/cart/").content.decode()
    assert "和平篮" in page
    assert 'value="2"' in page
    assert "no-cache" in client.get("/cart/")["Cache-Control"]


def test_the_strangers_cart_joins_ones_own_at_sign_in(client, lin, basket, coffee):
    carts.add(carts.of(lin), basket, quantity=3)
    add(client, basket, "2")
    add(client, coffee, "1")
    client.force_login(lin)
    response = client.get("/cart/")
    assert response.cookies["cart"].value == ""
    lines = CartLine.objects.filter(cart__user=lin).order_by("variant_id")
    assert sorted(line.quantity for line in lines) == [1, 5]
    assert Cart.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\0", "9" * 5000])
def test_a_forged_cookie_finds_nothing(client, basket, token):
    add(client, basket)
    client.cookies["cart"] = token
    assert "和平篮" not in client.get("/cart/").content.decode()


def test_nobody_opens_a_persons_cart_by_its_number(client, lin, basket):
    line = carts.add(carts.of(lin), basket, quantity=1)
    client.cookies["cart"] = signing.dumps(str(line.cart_id), salt="orders.carts")
    assert "和平篮" not in client.get("/cart/").content.decode()


@pytest.mark.parametrize(
    "typed", ["0", "-1", "1000000", "0.5", "1.0", "abc", "", "1e1", "１", "0x1", " ", "9" * 400, "\0"]
)
def test_a_strange_quantity_gets_a_message_and_changes_nothing(at_home, basket, typed):
    response = add(at_home, basket, typed)
    assert response.status_code == 422
    assert "1" in response.content.decode()
    assert not CartLine.objects.exists()
    line = carts.add(carts.of(response.wsgi_request.user), basket, quantity=2)
    response = at_home.post(reverse("orders:set_quantity", args=[line.pk]), {"quantity": typed})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    line.refresh_from_db()
    assert line.quantity == 2


def test_more_than_99_of_one_is_refused_however_it_is_reached(at_home, basket):
    add(at_home, basket, "60")
    assert add(at_home, basket, "40").status_code == 422
    assert CartLine.objects.get().quantity == 60


def test_a_cart_holds_fifty_lines(lin, basket, shop):
    cart = carts.of(lin)
    others = [cast.basket(shop) for _ in range(50)]
    for variant in others:
        cart = carts.add(cart, variant, quantity=1).cart
    with pytest.raises(carts.limits.TooManyLines):
        carts.add(cart, basket, quantity=1)


def test_the_form_must_come_from_our_own_page(client, basket):
    strange = client.post(
        reverse("orders:add_to_cart", args=[basket.pk]), {"quantity": "1"}, HTTP_SEC_FETCH_SITE="cross-site"
    )
    assert strange.status_code == 403
    assert client.get(reverse("orders:add_to_cart", args=[basket.pk])).status_code == 405


def test_a_line_is_changed_and_removed_with_and_without_script(at_home, lin, basket):
    line = carts.add(carts.of(lin), basket, quantity=1)
    url = reverse("orders:set_quantity", args=[line.pk])
    assert at_home.post(url, {"quantity": "3"}).status_code == 302
    fragment = at_home.post(url, {"quantity": "4"}, headers={"HX-Request": "true"}).content.decode()
    assert 'value="4"' in fragment
    assert "<html" not in fragment
    assert at_home.post(reverse("orders:remove_line", args=[line.pk])).status_code == 302
    assert not CartLine.objects.exists()


def test_anothers_line_does_not_exist(at_home, basket):
    theirs = carts.add(carts.of(cast.lin()), basket, quantity=1)
    for name, data in (("set_quantity", {"quantity": "5"}), ("set_quantity", {"quantity": "0"}), ("remove_line", {})):
        assert at_home.post(reverse(f"orders:{name}", args=[theirs.pk]), data).status_code == 404
    theirs.refresh_from_db()
    assert theirs.quantity == 1


def test_the_cart_says_what_changed(at_home, lin, basket, coffee, shop):
    for variant, units in ((basket, 5), (coffee, 1)):
        carts.add(carts.of(lin), variant, quantity=units)
    Variant.objects.filter(pk=basket.pk).update(on_hand=2, price_minor=basket.price_minor - 500)
    coffee.product.move("paused", actor="test")
    short, gone = sorted(carts.check(carts.of(lin)), key=lambda state: state.problem, reverse=True)
    assert (short.problem, short.left, short.cheaper_by.minor) == ("short", 2, 500)
    assert gone.problem == "gone"
    assert carts.wanted(carts.of(lin)) == []
    assert at_home.get("/en/cart/").content.decode().count("Only 2 left") == 1


def test_a_cart_page_asks_few_questions_however_long_it_is(at_home, lin, shop, django_assert_max_num_queries):
    cart = carts.of(lin)
    for _number in range(12):
        cart = carts.add(cart, cast.basket(shop), quantity=1).cart
    with django_assert_max_num_queries(8):
        at_home.get("/cart/")


def test_the_cart_shows_its_parcels(at_home, lin, basket, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    carts.add(carts.of(lin), basket, quantity=9)
    page = at_home.get("/estimate/cart/", headers={"HX-Request": "true"}).content.decode()
    assert page.count("<progress") == 3
    assert 'max="100000"' in page


def test_orders_stand_under_their_tabs(at_home, lin, basket, coffee, order_of):
    order_of(lin, [(coffee, 1)])
    paid = order_of(lin, [(basket, 1)])
    progress.mark_paid(paid, actor="stripe", now=NOW)
    order_of(cast.lin(), [(coffee, 1)])
    everything = at_home.get("/orders/")
    assert [tab.count for tab in everything.context["tabs"]] == [2, 1, 1, 0, 0, 0]
    assert [order for order, _parts in at_home.get("/orders/?tab=to-send").context["orders"]] == [paid]
    assert at_home.get("/orders/?tab=%00&page=999999").status_code == 200


def test_a_stranger_is_asked_to_sign_in(client, reference):
    assert client.get("/orders/").status_code == 302


def test_a_shop_accepts_and_learns_who_bought(client, lin, basket, mukamana, order_of):
    order = order_of(lin, [(basket, 2)])
    client.force_login(mukamana)
    assert "261123" not in client.get("/sell/orders/").content.decode()
    progress.mark_paid(order, actor="stripe", now=NOW)
    page = client.get("/sell/orders/").content.decode()
    assert order.number in page
    assert "张*" in page
    assert "张三" not in page
    assert "杭州" not in page
    part = order.consignments.get()
    progress.accept(part, actor="test", now=NOW)
    page = client.get("/sell/orders/?tab=to-pack").content.decode()
    assert "张三" in page
    assert "文三路" not in page


def test_another_shops_order_does_not_exist(client, lin, basket, other_shop, order_of):
    order = order_of(lin, [(basket, 1)])
    progress.mark_paid(order, actor="stripe", now=NOW)
    part = order.consignments.get()
    client.force_login(other_shop.members.get().user)
    assert client.post(reverse("sell:accept", args=[part.pk])).status_code == 404
    assert order.number not in client.get("/sell/orders/").content.decode()
    client.force_login(cast.lin())
    assert client.post(reverse("orders:complete", args=[part.pk])).status_code == 404


def test_a_shop_does_not_see_an_unpaid_order(client, lin, basket, mukamana, order_of):
    part = order_of(lin, [(basket, 1)]).consignments.get()
    client.force_login(mukamana)
    assert client.post(reverse("sell:accept", args=[part.pk])).status_code == 404


def test_staff_read_orders_and_change_nothing(client, lin, basket, order_of):
    order = order_of(lin, [(basket, 1)])
    progress.mark_paid(order, actor="stripe", now=NOW)
    staff = cast.person("Root", is_staff=True, is_superuser=True, language="en")
    client.force_login(staff)
    for url in (
        reverse("admin:orders_order_changelist"),
        reverse("admin:orders_order_change", args=[order.pk]),
        reverse("admin:orders_consignment_changelist"),
        reverse("admin:orders_consignment_change", args=[order.consignments.get().pk]),
    ):
        assert client.get(url).status_code == 200
    assert (
        "awaiting_payment → paid" in client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    )
    assert client.post(reverse("admin:orders_order_change", args=[order.pk]), {"status": "closed"}).status_code == 403
