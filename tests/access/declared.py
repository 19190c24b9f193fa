"""Who may do what, by the name of each address: the table that the house is held against.

An answer is a status, `sign-in` or `apply` for being sent there, `→` for another redirect, `ok` for anything but an
error of access or of ours. The ids are Lin's and Mukamana's, so `buyer` and `seller` are the owners, the others not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PUBLIC, PRIVATE, SECRET, FREE = "public", "private", "secret", ""


def answers(stranger: str, buyer: str, other_buyer: str, seller: str, other_seller: str, moderator: str) -> tuple:
    return (stranger, buyer, other_buyer, seller, other_seller, moderator)


def all_get(answer: str) -> tuple:
    return (answer,) * 6


EVERYBODY = all_get("200")
NOT_SO = all_get("405")
SIGNED_IN = answers("sign-in", "200", "200", "200", "200", "200")
SIGNED_IN_POSTS = answers("sign-in", "ok", "ok", "ok", "ok", "ok")
SIGNED_IN_NOT_SO = answers("sign-in", "405", "405", "405", "405", "405")
LINS = answers("sign-in", "200", "404", "404", "404", "404")
LINS_POSTS = answers("sign-in", "ok", "404", "404", "404", "404")
SHOPS = answers("sign-in", "apply", "apply", "200", "200", "apply")
SHOPS_POST = answers("sign-in", "apply", "apply", "ok", "ok", "apply")
MUKAMANAS = answers("sign-in", "apply", "apply", "200", "404", "apply")
MUKAMANAS_POSTS = answers("sign-in", "apply", "apply", "ok", "404", "apply")
CSRF, SAME_ORIGIN, SIGNATURE = "a token", "our own origin", "a signature"


@dataclass(frozen=True)
class Door:
    """An address: what a GET and an empty POST get, who may keep it, what a GET may write, what a POST needs."""

    get: tuple
    post: tuple = NOT_SO
    ids: str = ""
    cache: str = PRIVATE
    writes: frozenset[str] = field(default_factory=frozenset)
    needs: str = CSRF


def door(
    get: tuple, post: tuple = NOT_SO, ids: str = "", cache: str = PRIVATE, writes: str = "", needs: str = CSRF
) -> Door:
    return Door(get, post, ids, cache, frozenset(writes.split()), needs)


DOORS: dict[str, Door] = {
    # Anybody
    "healthz": door(EVERYBODY, cache=FREE),
    "readyz": door(EVERYBODY, cache=FREE),
    "robots": door(EVERYBODY, cache=FREE),
    "worker": door(EVERYBODY, cache=FREE),
    "favicon": door(all_get("→"), cache=FREE),
    "sitemap": door(EVERYBODY, cache=FREE),
    "sitemap_pages": door(EVERYBODY, cache=FREE),
    "sitemap_range": door(EVERYBODY, ids="kind='products' number='0'", cache=FREE),
    "media": door(EVERYBODY, ids="name=picture.original.name", cache=FREE),
    "legal": door(EVERYBODY, all_get("405"), ids="kind='terms'", cache=PUBLIC),
    "legal_index": door(EVERYBODY, cache=PUBLIC),
    "legal_version": door(EVERYBODY, ids="kind='terms' number='1'", cache=PUBLIC),
    "verify_any": door(EVERYBODY, cache=SECRET),
    "verify": door(EVERYBODY, ids="code=document.verify_code", cache=SECRET),
    "catalog:home": door(EVERYBODY, cache=PUBLIC),
    "catalog:categories": door(EVERYBODY, cache=PUBLIC),
    "catalog:category": door(EVERYBODY, ids="slug=basket.product.category.slug", cache=PUBLIC),
    "catalog:category_filters": door(EVERYBODY, ids="slug=basket.product.category.slug", cache=PUBLIC),
    "catalog:search": door(EVERYBODY, cache=PUBLIC, writes="catalog_searchword"),
    "catalog:search_filters": door(EVERYBODY, cache=PUBLIC),
    "catalog:suggest": door(EVERYBODY, cache=PUBLIC),
    "catalog:product": door(EVERYBODY, ids="slug=basket.product.slug", cache=PUBLIC),
    "orders:reviews": door(EVERYBODY, ids="slug=basket.product.slug", cache=PUBLIC),
    "catalog:shop": door(EVERYBODY, ids="slug=shop.slug", cache=PUBLIC),
    "catalog:report": door(EVERYBODY, all_get("ok"), cache=PUBLIC, needs=SAME_ORIGIN),
    "about": door(EVERYBODY, cache=PUBLIC),
    "offline": door(EVERYBODY, cache=PUBLIC),
    "catalog:seen": door(EVERYBODY, cache=PUBLIC),
    "catalog:seen_cards": door(NOT_SO, EVERYBODY, needs=SAME_ORIGIN),
    "catalog:favourite": door(
        all_get("→"), answers("sign-in", "→", "→", "→", "→", "→"), ids="pk=basket.product.pk", needs=SAME_ORIGIN
    ),
    "catalog:follow": door(
        all_get("→"), answers("sign-in", "→", "→", "→", "→", "→"), ids="pk=shop.pk", needs=SAME_ORIGIN
    ),
    "catalog:origin": door(EVERYBODY, ids="code=batch.code", cache=PUBLIC),
    "origin_qr": door(EVERYBODY, ids="code=batch.code", cache=FREE),
    "accounts:settings": door(EVERYBODY, cache=PUBLIC),
    "accounts:regions": door(EVERYBODY, cache=PUBLIC),
    "accounts:sign_in": door(EVERYBODY, all_get("ok"), cache=SECRET),
    "accounts:sign_up": door(EVERYBODY, all_get("ok"), cache=SECRET),
    "accounts:code": door(all_get("sign-in"), all_get("sign-in"), cache=SECRET),
    "accounts:sign_out": door(NOT_SO, all_get("→")),
    "accounts:set_language": door(NOT_SO, all_get("→"), needs=SAME_ORIGIN),
    "logistics:estimate": door(EVERYBODY, ids="pk=basket.pk"),
    "logistics:cart_estimate": door(EVERYBODY),
    "orders:cart": door(EVERYBODY),
    "orders:add_to_cart": door(NOT_SO, all_get("→"), ids="pk=basket.pk", needs=SAME_ORIGIN),
    "orders:set_quantity": door(NOT_SO, answers("404", "ok", "404", "404", "404", "404"), ids="pk=line.pk"),
    "orders:remove_line": door(NOT_SO, answers("404", "→", "404", "404", "404", "404"), ids="pk=line.pk"),
    "demo_switch": door(NOT_SO, all_get("404"), needs=SAME_ORIGIN),
    # Machines
    "stripe_webhook": door(NOT_SO, all_get("400"), needs=SIGNATURE),
    "track17_webhook": door(NOT_SO, all_get("401"), needs=SIGNATURE),
    "momo_webhook": door(NOT_SO, all_get("400"), needs=SIGNATURE),
    # Whoever is signed in
    "accounts:me": door(SIGNED_IN, SIGNED_IN_NOT_SO),
    "accounts:rename": door(SIGNED_IN_NOT_SO, SIGNED_IN_POSTS),
    "accounts:password": door(SIGNED_IN, SIGNED_IN_POSTS, cache=SECRET),
    "accounts:identity": door(SIGNED_IN, SIGNED_IN_NOT_SO, cache=SECRET),
    "accounts:inbox": door(SIGNED_IN, SIGNED_IN_POSTS),
    "catalog:favourites": door(SIGNED_IN, SIGNED_IN_NOT_SO),
    "catalog:follows": door(SIGNED_IN, SIGNED_IN_NOT_SO),
    "catalog:wish": door(answers("sign-in", "→", "→", "→", "→", "→"), SIGNED_IN_NOT_SO),
    "accounts:addresses": door(SIGNED_IN, SIGNED_IN_NOT_SO),
    "accounts:add_address": door(SIGNED_IN, SIGNED_IN_POSTS),
    "orders:orders": door(SIGNED_IN, SIGNED_IN_NOT_SO),
    "payments:checkout": door(
        answers("sign-in", "200", "→", "→", "→", "→"),
        answers("sign-in", "404", "404", "404", "404", "404"),  # an empty form names no address
        cache=SECRET,
        writes="logistics_quote",
    ),
    # Lin's
    "accounts:edit_address": door(LINS, LINS_POSTS, ids="pk=address.pk"),
    "accounts:delete_address": door(SIGNED_IN_NOT_SO, LINS_POSTS, ids="pk=address.pk"),
    "accounts:default_address": door(SIGNED_IN_NOT_SO, LINS_POSTS, ids="pk=address.pk"),
    "orders:complete": door(SIGNED_IN_NOT_SO, LINS_POSTS, ids="pk=delivered.pk"),
    "orders:review": door(LINS, LINS_POSTS, ids="pk=bought.pk"),
    "logistics:answer_hold": door(LINS, LINS_POSTS, ids="pk=hold.pk", cache=SECRET),
    "payments:order": door(LINS, SIGNED_IN_NOT_SO, ids="number=unpaid.number", cache=SECRET),
    "payments:returned": door(LINS, SIGNED_IN_NOT_SO, ids="number=unpaid.number", cache=SECRET),
    "payments:pay": door(SIGNED_IN_NOT_SO, LINS_POSTS, ids="number=unpaid.number"),
    "payments:cancel": door(SIGNED_IN_NOT_SO, LINS_POSTS, ids="number=unpaid.number"),
    "payments:call_off": door(SIGNED_IN_NOT_SO, LINS_POSTS, ids="pk=to_accept.pk"),
    # Shops
    "sell:help": door(EVERYBODY),
    "sell:apply": door(
        answers("200", "200", "200", "→", "→", "200"), answers("200", "ok", "ok", "→", "→", "ok"), cache=SECRET
    ),
    "sell:status": door(SHOPS, answers("sign-in", "apply", "apply", "405", "405", "apply")),
    "sell:today": door(SHOPS),
    "sell:money": door(SHOPS),
    "sell:pay_out": door(NOT_SO, SHOPS_POST),
    "sell:products": door(SHOPS),
    "sell:add_product": door(SHOPS),
    "sell:describe_product": door(SHOPS, SHOPS_POST, ids="kind='peace-basket'"),
    "sell:makers": door(SHOPS),
    "sell:add_maker": door(SHOPS, SHOPS_POST),
    "sell:consignments": door(SHOPS),
    "sell:reviews": door(SHOPS),
    # Mukamana's
    "sell:paper": door(
        MUKAMANAS,
        answers("sign-in", "apply", "apply", "405", "405", "apply"),
        ids="pk=paper.pk",
        writes="kernel_auditrecord",
    ),
    "sell:product": door(MUKAMANAS, ids="pk=draft.pk"),
    "sell:change_kind": door(MUKAMANAS, ids="pk=draft.pk"),
    "sell:preview": door(MUKAMANAS, ids="pk=draft.pk"),
    "sell:batches": door(MUKAMANAS, MUKAMANAS_POSTS, ids="pk=draft.pk"),
    "sell:edit_product": door(MUKAMANAS, MUKAMANAS_POSTS, ids="pk=draft.pk"),
    "sell:product_pictures": door(MUKAMANAS, MUKAMANAS_POSTS, ids="pk=draft.pk"),
    "sell:delete_picture": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=draft.pk picture=picture.pk"),
    "sell:move_picture": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=draft.pk picture=picture.pk"),
    "sell:submit_product": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=draft.pk"),
    "sell:set_stock": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=draft.pk"),
    "sell:pause_product": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=basket.product.pk"),
    "sell:resume_product": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=basket.product.pk"),
    "sell:put_away_product": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=basket.product.pk"),
    "sell:consignment": door(MUKAMANAS, ids="pk=packed.pk"),
    "sell:print_papers": door(MUKAMANAS, ids="pk=packed.pk"),
    "sell:answer_review": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=review.pk"),
    "sell:accept": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=to_accept.pk"),
    "sell:decline": door(MUKAMANAS, MUKAMANAS_POSTS, ids="pk=to_accept.pk"),
    "sell:pack": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=accepted.pk"),
    "sell:hand_over": door(NOT_SO, MUKAMANAS_POSTS, ids="pk=packed.pk"),
    "sell:document": door(answers("sign-in", "404", "404", "200", "404", "404"), ids="pk=document.pk", cache=SECRET),
}
