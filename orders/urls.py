"""Addresses of carts, orders and reviews."""

from django.urls import path

from . import dashboard as selling
from . import storefront as buying

storefront = [
    path("cart/", buying.cart, name="cart"),
    path("cart/add/<int:pk>/", buying.add_to_cart, name="add_to_cart"),
    path("cart/lines/<int:pk>/", buying.set_quantity, name="set_quantity"),
    path("cart/lines/<int:pk>/remove/", buying.remove_line, name="remove_line"),
    path("orders/", buying.orders, name="orders"),
    path("orders/parts/<int:pk>/received/", buying.complete, name="complete"),
    path("orders/lines/<int:pk>/review/", buying.review, name="review"),
    path("p/<slug:slug>/reviews/", buying.product_reviews, name="reviews"),
]
dashboard = [
    path("orders/", selling.consignments, name="consignments"),
    path("orders/<int:pk>/accept/", selling.accept, name="accept"),
    path("reviews/", selling.reviews_of_shop, name="reviews"),
    path("reviews/<int:pk>/answer/", selling.answer_review, name="answer_review"),
]
machine: list = []
