"""What buyers keep: goods they like, shops they follow, and what only their browser remembers."""

import pytest

from catalog import favourites, follows, showing
from catalog.models import Favourite, Follow
from tests import cast

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin"}
PIECE = OURS | {"HX-Request": "true"}


def like(client, variant, keep="yes", headers=OURS):
    return client.post(f"/favourites/{variant.product_id}/", {"keep": keep}, headers=headers)


def test_liking_twice_likes_once_and_letting_go_twice_is_no_error(buyer, basket, now):
    favourites.like(buyer, basket.product, now=now)
    favourites.like(buyer, basket.product, now=now)
    assert Favourite.objects.filter(user=buyer).count() == 1 and favourites.likes(buyer, basket.product)
    favourites.unlike(buyer, basket.product_id)
    favourites.unlike(buyer, basket.product_id)
    assert not favourites.likes(buyer, basket.product)


def test_nobody_keeps_more_than_they_can_find_again(buyer, basket, coffee, now, monkeypatch):
    monkeypatch.setattr(favourites, "MOST", 1)
    monkeypatch.setattr(follows, "MOST", 1)
    favourites.like(buyer, basket.product, now=now)
    follows.follow(buyer, basket.product.seller, now=now)
    with pytest.raises(favourites.TooManyFavourites):
        favourites.like(buyer, coffee.product, now=now)
    with pytest.raises(follows.TooManyFollows):
        follows.follow(buyer, coffee.product.seller, now=now)


def test_the_button_works_as_a_plain_form(client, buyer, basket):
    client.force_login(buyer)
    answer = like(client, basket)
    assert answer.status_code == 302 and answer["Location"] == f"/p/{basket.product.slug}/"
    page = client.get(answer["Location"])
    assert "已收藏" in page.content.decode() and page["Cache-Control"].startswith("private")
    assert client.get(answer["Location"])["Cache-Control"].startswith("public")
    assert like(client, basket, keep="no")["Location"] == "/me/favourites/"
    assert not favourites.likes(buyer, basket.product)


def test_the_button_comes_as_a_piece_that_knows_its_reader(client, buyer, basket):
    url = f"/favourites/{basket.product_id}/"
    unknown = client.get(url, headers=PIECE)
    assert unknown["Cache-Control"].startswith("private") and "data-swap" not in unknown.content.decode()
    client.force_login(buyer)
    assert 'value="yes"' in client.get(url, headers=PIECE).content.decode()
    changed = like(client, basket, headers=PIECE)
    assert changed.status_code == 200 and 'value="no"' in changed.content.decode()
    assert 'value="no"' in client.get(url, headers=PIECE).content.decode()
    assert client.get(url)["Location"] == f"/p/{basket.product.slug}/"


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_strangers_like_survives_the_trip_through_sign_in(client, buyer, basket, language):
    page = f"{language}/p/{basket.product.slug}/"
    answer = client.post(f"{language}/favourites/{basket.product_id}/", {"keep": "yes"}, headers=OURS)
    assert answer["Location"] == f"{language}/sign-in/?next={language}/me/wish/"
    typed = {"how": "password", "handle": buyer.email, "password": "lin-secret", "next": f"{language}/me/wish/"}
    answer = client.post(answer["Location"], typed)
    assert answer["Location"] == f"{language}/me/wish/"
    assert client.get(answer["Location"])["Location"] == page
    assert favourites.likes(buyer, basket.product)
    favourites.unlike(buyer, basket.product_id)
    client.get(f"{language}/me/wish/")
    assert not favourites.likes(buyer, basket.product), "a wish is fulfilled once"


def test_a_stranger_who_lets_go_likes_nothing_by_it(client, buyer, basket):
    assert like(client, basket, keep="no")["Location"] == "/sign-in/?next=/me/favourites/"
    client.force_login(buyer)
    client.get("/me/wish/")
    assert not Favourite.objects.exists()


def test_what_is_not_on_sale_cannot_be_liked_but_let_go(client, buyer, basket, now):
    client.force_login(buyer)
    favourites.like(buyer, basket.product, now=now)
    basket.product.move("paused")
    assert like(client, basket).status_code == 404
    assert client.get(f"/favourites/{basket.product_id}/", headers=PIECE).status_code == 404
    like(client, basket, keep="no")
    assert not Favourite.objects.exists()


def test_another_site_cannot_like_for_somebody(client, buyer, basket):
    client.force_login(buyer)
    assert like(client, basket, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Favourite.objects.exists()


def test_my_favourites_say_what_cannot_be_had(client, buyer, basket, coffee, now):
    last = cast.basket(basket.product.seller, stock=0)
    for variant in (basket, coffee, last):
        showing.refresh(product_id=variant.product_id)
        favourites.like(buyer, variant.product, now=now)
    coffee.product.move("suspended")
    client.force_login(buyer)
    page = client.get("/me/favourites/").content.decode()
    assert page.count('class="item is-off"') == 2 and page.count('class="item"') == 1
    assert "已下架" in page and "无货" in page
    assert f"/p/{basket.product.slug}/" in page and f"/p/{coffee.product.slug}/" not in page
    assert page.count("移除") == 3


def test_my_favourites_come_in_pages_at_a_constant_price(client, buyer, shop, now, django_assert_max_num_queries):
    for n in range(23):
        favourites.like(buyer, cast.basket(shop).product, now=now.replace(minute=n))
    client.force_login(buyer)
    with django_assert_max_num_queries(8):
        first = client.get("/me/favourites/").content.decode()
    assert first.count("移除") == 20 and "?page=2" in first
    assert "移除" in client.get("/me/favourites/?page=2").content.decode()


def test_an_empty_list_leads_on(client, buyer):
    client.force_login(buyer)
    assert "去逛逛" in client.get("/me/favourites/").content.decode()
    assert "去逛逛" in client.get("/me/follows/").content.decode()


def test_a_shop_is_followed_and_left(client, buyer, shop, basket):
    client.force_login(buyer)
    url = f"/follows/{shop.pk}/"
    assert client.post(url, {"keep": "yes"}, headers=OURS)["Location"] == f"/s/{shop.slug}/"
    assert follows.followers(shop) == 1 and follows.follows(buyer, shop)
    assert "阿巴胡扎编织社" in client.get("/me/follows/").content.decode()
    shop.move("suspended")
    page = client.get("/me/follows/").content.decode()
    assert "is-off" in page and f"/s/{shop.slug}/" not in page
    assert client.post(url, {"keep": "no"}, headers=OURS)["Location"] == "/me/follows/"
    assert not Follow.objects.exists()


def test_recently_seen_is_the_same_page_for_everybody_and_keeps_nothing(client, buyer, basket, coffee):
    page = client.get("/seen/")
    assert page["Cache-Control"].startswith("public") and "JavaScript" in page.content.decode()
    coffee.product.move("paused")
    asked = [basket.product_id, coffee.product_id, basket.product_id, "x", "9" * 30, "-1"]
    answer = client.post("/seen/cards/", {"id": asked}, headers=PIECE)
    text = answer.content.decode()
    assert text.count("<li>") == 1 and basket.product.slug in text and coffee.product.slug not in text
    assert not answer.cookies and answer["Cache-Control"].startswith("private")


def test_recently_seen_shows_thirty_at_most(client, shop):
    asked = [cast.basket(shop).product_id for _n in range(32)]
    assert client.post("/seen/cards/", {"id": asked}, headers=PIECE).content.decode().count("<li>") == 30
    assert client.post("/seen/cards/", {}, headers=PIECE).content.strip() == b""
