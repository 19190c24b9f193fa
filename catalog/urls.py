"""Addresses of the shop window, and of a seller's products."""

from django.urls import path

from . import dashboard as selling
from . import storefront as buying

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
    path("products/", selling.products, name="products"),
    path("products/add/", selling.add_product, name="add_product"),
    path("products/<int:pk>/", selling.edit_product, name="edit_product"),
    path("products/<int:pk>/photos/", selling.product_pictures, name="product_pictures"),
    path("products/<int:pk>/photos/<uuid:picture>/delete/", selling.delete_picture, name="delete_picture"),
    path("products/<int:pk>/photos/<uuid:picture>/up/", selling.move_picture, name="move_picture"),
    path("products/<int:pk>/send/", selling.submit_product, name="submit_product"),
    path("products/<int:pk>/stock/", selling.set_stock, name="set_stock"),
    path("products/<int:pk>/pause/", selling.pause_product, name="pause_product"),
    path("products/<int:pk>/sell-again/", selling.resume_product, name="resume_product"),
    path("products/<int:pk>/put-away/", selling.put_away_product, name="put_away_product"),
]
machine = [path("origin/<slug:code>.png", buying.origin_qr, name="origin_qr")]
