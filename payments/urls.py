"""Addresses of paying, of an order's page, of a seller's money, and of the companies that call us."""

from django.urls import path

from . import dashboard as sell
from . import storefront as shop
from . import webhooks

storefront = [
    path("checkout/", shop.checkout, name="checkout"),
    path("orders/<slug:number>/", shop.order, name="order"),
    path("orders/<slug:number>/pay/", shop.pay, name="pay"),
    path("orders/<slug:number>/returned/", shop.returned, name="returned"),
    path("orders/<slug:number>/cancel/", shop.cancel, name="cancel"),
    path("consignments/<int:pk>/call-off/", shop.call_off, name="call_off"),
]
dashboard = [
    path("", sell.today, name="today"),
    path("money/", sell.money, name="money"),
    path("money/pay-out/", sell.pay_out, name="pay_out"),
    path("orders/<int:pk>/decline/", sell.decline, name="decline"),
]
machine = [
    path("webhooks/stripe/", webhooks.stripe, name="stripe_webhook"),
    path("webhooks/momo/", webhooks.momo, name="momo_webhook"),
]
