"""Addresses of the shop window, and of a seller's products."""

from django.urls import path

from . import storefront as buying
from .dashboard import batches, describing, making, photos, previewing, products

storefront = [
    path("", buying.home, name="home"),
    path("c/", buying.categories, name="categories"),
    path("c/<slug:slug>/", buying.category, name="category"),
    path("c/<slug:slug>/filters/", buying.category_filters, name="category_filters"),
    path("search/", buying.find, name="search"),
    path("search/filters/", buying.search_filters, name="search_filters"),
    path("search/suggest/", buying.suggest, name="suggest"),
    path("p/<slug:slug>/", buying.product, name="product"),
    path("s/<slug:slug>/", buying.shop, name="shop"),
    path("report/", buying.report, name="report"),
    path("seen/", buying.seen, name="seen"),
    path("seen/cards/", buying.seen_cards, name="seen_cards"),
    path("favourites/<int:pk>/", buying.favourite, name="favourite"),
    path("follows/<int:pk>/", buying.follow, name="follow"),
    path("me/favourites/", buying.favourites_list, name="favourites"),
    path("me/follows/", buying.follows_list, name="follows"),
    path("me/wish/", buying.wish, name="wish"),
    path("origin/<slug:code>/", buying.origin, name="origin"),
]
dashboard = [
    path("products/", products.products, name="products"),
    path("products/add/", describing.add_product, name="add_product"),
    path("products/add/<slug:kind>/", describing.describe_product, name="describe_product"),
    path("products/<int:pk>/", products.product, name="product"),
    path("products/<int:pk>/about/", describing.edit_product, name="edit_product"),
    path("products/<int:pk>/kind/", describing.change_kind, name="change_kind"),
    path("products/<int:pk>/photos/", photos.product_pictures, name="product_pictures"),
    path("products/<int:pk>/photos/<uuid:picture>/delete/", photos.delete_picture, name="delete_picture"),
    path("products/<int:pk>/photos/<uuid:picture>/up/", photos.move_picture, name="move_picture"),
    path("products/<int:pk>/preview/", previewing.preview, name="preview"),
    path("products/<int:pk>/batches/", batches.batches, name="batches"),
    path("products/<int:pk>/send/", products.submit_product, name="submit_product"),
    path("products/<int:pk>/stock/", products.set_stock, name="set_stock"),
    path("products/<int:pk>/pause/", products.pause_product, name="pause_product"),
    path("products/<int:pk>/sell-again/", products.resume_product, name="resume_product"),
    path("products/<int:pk>/put-away/", products.put_away_product, name="put_away_product"),
    path("makers/", making.makers_of_shop, name="makers"),
    path("makers/add/", making.add_maker, name="add_maker"),
]
machine = [path("origin/<slug:code>.png", buying.origin_qr, name="origin_qr")]
