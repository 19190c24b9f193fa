"""Addresses of estimates, parcels, papers and customs holds."""

from django.urls import path

from . import dashboard as selling
from . import estimate, webhooks
from . import storefront as buying

storefront = [
    path("estimate/cart/", estimate.cart_estimate, name="cart_estimate"),
    path("estimate/<int:pk>/", estimate.estimate, name="estimate"),
    path("customs/<int:pk>/", buying.answer_hold, name="answer_hold"),
]
dashboard = [
    path("orders/<int:pk>/", selling.consignment, name="consignment"),
    path("orders/<int:pk>/pack/", selling.pack, name="pack"),
    path("orders/<int:pk>/hand-over/", selling.hand_over, name="hand_over"),
    path("orders/<int:pk>/print/", selling.print_papers, name="print_papers"),
    path("documents/<uuid:pk>/", selling.document, name="document"),
]
machine = [
    path("verify/", buying.verify_any, name="verify_any"),
    path("verify/<slug:code>/", buying.verify, name="verify"),
    path("webhooks/17track/", webhooks.track17_notice, name="track17_webhook"),
]
