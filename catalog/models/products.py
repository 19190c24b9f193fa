"""Products, and the variants of them that are bought."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.lifecycle import Lifecycle
from kernel.money import MoneyOf
from sellers.models import Seller

from .. import pages
from .languages import in_language
from .makers import Maker
from .pictures import Picture
from .shelves import Category, HsCode
from .standing import standing

# What `catalog.cards` shows.
CARD_COLUMNS = (
    *("slug", "name_zh", "name_en", "name_fr", "name_rw", "lead_days", "price_from_minor", "price_to_minor"),
    *("units_sold", "in_stock", "cover_files", "rating_sum", "rating_count"),
)


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> ProductQuerySet:
        """Published products of approved shops: all that a stranger may know of."""
        return self.filter(status=Product.Status.PUBLISHED, seller__status=Seller.Status.APPROVED)

    def for_seller(self, seller: Seller) -> ProductQuerySet:
        return self.filter(seller=seller).exclude(status=Product.Status.ARCHIVED)

    def newest(self) -> ProductQuerySet:
        return self.order_by("-published_at", "-pk")

    def for_cards(self) -> ProductQuerySet:
        """With all that a card shows, in one query however many there are, and nothing else."""
        return self.annotate(
            icon=F("category__icon"), made_in=Coalesce(NullIf(F("district"), Value("")), F("seller__district"))
        ).only(*CARD_COLUMNS)


class Product(Lifecycle):
    """What a seller describes. What is bought is one of its variants.

    `facts` are typed values under the attribute's name, as `catalog.facts` reads and checks them against the vocabulary
    of the product's type: `{"material": ["sisal"], "altitude": [1700, 2000], "process": "washed"}`. The four names are
    the newest titles of `ProductText`, kept here because lists show them.

    The columns under "What lists show" repeat what variants and pictures say; `catalog.showing` alone writes them, so
    that a list is one query and a sort is a walk along an index.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for review")
        CHANGES_REQUESTED = "changes_requested", _("Needs a fix")
        PUBLISHED = "published", _("Published")
        PAUSED = "paused", _("Paused")
        SUSPENDED = "suspended", _("Stopped")
        ARCHIVED = "archived", _("Archived")

    MOVES = {
        Status.DRAFT: {Status.SUBMITTED, Status.ARCHIVED},
        Status.SUBMITTED: {Status.PUBLISHED, Status.CHANGES_REQUESTED, Status.DRAFT, Status.ARCHIVED},
        Status.CHANGES_REQUESTED: {Status.SUBMITTED, Status.ARCHIVED},
        Status.PUBLISHED: {Status.PAUSED, Status.SUSPENDED, Status.ARCHIVED, Status.SUBMITTED},
        Status.PAUSED: {Status.PUBLISHED, Status.SUSPENDED, Status.ARCHIVED, Status.SUBMITTED},
        Status.SUSPENDED: {Status.PUBLISHED, Status.ARCHIVED},
    }

    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.DRAFT)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    hs_code = models.ForeignKey(HsCode, on_delete=models.PROTECT, null=True, blank=True, related_name="products")
    product_type = models.CharField(_("type"), max_length=40, blank=True, help_text="A type of the vocabulary")
    facts = models.JSONField(default=dict, blank=True)
    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, null=True, blank=True, related_name="products")
    district = models.CharField(
        _("made in"), max_length=40, blank=True, help_text="English name of a district; empty: where the shop is"
    )
    lead_days = models.PositiveSmallIntegerField(
        _("days to make it"), default=0, help_text="Made to order; 0 where it lies ready"
    )
    slug = models.SlugField(max_length=80, unique=True)
    written_in = models.CharField(max_length=8, default="rw", help_text="The language the seller wrote in")
    name_zh = models.CharField(_("name in Chinese"), max_length=60, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=100, blank=True)
    name_rw = models.CharField(_("name in Kinyarwanda"), max_length=100, blank=True)
    description_zh = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    description_fr = models.TextField(blank=True)
    description_rw = models.TextField(blank=True)
    customs_description = models.CharField(
        _("description for customs, in English"), max_length=120, blank=True, help_text="Specific, no generic words"
    )
    access_approved_by = models.CharField(max_length=80, blank=True)
    access_evidence = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    # What lists show.
    price_from_minor = models.BigIntegerField(default=0, editable=False)
    price_from = MoneyOf("price_from_minor", "CNY")
    price_to_minor = models.BigIntegerField(default=0, editable=False)
    units_sold = models.PositiveIntegerField(default=0, editable=False)
    in_stock = models.BooleanField(default=False, editable=False)
    cover_files: models.JSONField[Any] = models.JSONField(default=dict, editable=False)
    # What a filter asks for, as `attribute:term`: `material:sisal`, `district:huye`.
    marks = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    rating_sum = models.PositiveIntegerField(default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    standing = models.GeneratedField(expression=standing(), output_field=models.FloatField(), db_persist=True)
    # Search index, written by catalog.search: segmented Chinese with weights, and pinyin for typing without an IME.
    search_tokens = SearchVectorField(null=True, editable=False)
    search_pinyin = models.TextField(blank=True, editable=False)
    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            GinIndex(fields=["search_tokens"], name="product_search_tokens"),
            GinIndex(fields=["marks"], name="product_marks"),
            models.Index(fields=["category", "-published_at", "-id"], name="product_by_category"),
            models.Index(fields=["id"], condition=Q(in_stock=False), name="product_out_of_stock"),
            models.Index(fields=["category", "-standing"], condition=Q(status="published"), name="product_by_standing"),
            models.Index(fields=["product_type", "-standing"], condition=Q(status="published"), name="product_by_type"),
            models.Index(fields=["price_from_minor", "id"], condition=Q(status="published"), name="product_by_price"),
            models.Index(fields=["-units_sold", "id"], condition=Q(status="published"), name="product_by_sales"),
            models.Index(fields=["seller", "status"], name="product_by_seller"),
            models.Index(fields=["-published_at", "-id"], condition=Q(status="published"), name="product_newest_first"),
        ]

    def __str__(self) -> str:
        return self.name

    def move(self, to: str, *, actor: str = "system", why: str = "") -> bool:
        """As every lifecycle; and pages follow at once, since a status puts goods on sale or takes them off."""
        moved = super().move(to, actor=actor, why=why)
        if moved:
            pages.touch_lists(self.pk)
        return moved

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self, "name")

    @property
    def description(self) -> str:
        """The description in the active language."""
        return in_language(self, "description")

    @property
    def ordered_pictures(self) -> list[Picture]:
        """The pictures as the seller ordered them; uses what was prefetched."""
        return sorted(self.pictures.all(), key=lambda picture: (picture.position, picture.created_at))

    @property
    def cover(self) -> Picture | None:
        """The first picture."""
        return next(iter(self.ordered_pictures), None)


class Variant(models.Model):
    """What is bought: one SKU with its price, packed weight and size, and stock.

    The seller says what they want to receive (`receive_rwf_minor`, francs). What the buyer pays in yuan follows from it
    by `catalog.prices` and is stored in `price_minor` (fen) so that lists sort and pages cost no sums.

    `options` are at most two choices that tell it from its siblings, in the order of the type's axes:
    `[{"attribute": "colour", "value": "red"}, {"attribute": "width", "value": 30}]`; `option_key` says it in a word.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField(max_length=40, unique=True)
    options = models.JSONField(default=list, blank=True)
    option_key = models.CharField(max_length=120, blank=True, editable=False)
    receive_rwf_minor = models.BigIntegerField(_("you receive (RWF)"))
    receive = MoneyOf("receive_rwf_minor", "RWF")
    price_minor = models.BigIntegerField(default=0)
    price = MoneyOf("price_minor", "CNY")
    weight_g = models.PositiveIntegerField(_("packed weight (g)"))
    length_mm = models.PositiveIntegerField(_("length (mm)"))
    width_mm = models.PositiveIntegerField(_("width (mm)"))
    height_mm = models.PositiveIntegerField(_("height (mm)"))
    on_hand = models.IntegerField(_("in stock"), default=0)
    reserved = models.IntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="No longer sold, kept for orders"
    )

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        indexes = [
            models.Index(fields=["price_minor", "id"], name="variant_by_price"),
            models.Index(fields=["-sold", "id"], name="variant_by_sales"),
            models.Index(fields=["product"], condition=Q(on_hand__lte=F("reserved")), name="variant_sold_out"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "option_key"], condition=~Q(option_key=""), name="one_variant_per_choice"
            ),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="on_hand_never_negative"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="reserved_never_negative"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="reserved_never_exceeds_on_hand"),
            models.CheckConstraint(condition=Q(receive_rwf_minor__gt=0), name="seller_receives_something"),
            models.CheckConstraint(condition=Q(weight_g__gt=0), name="packed_weight_is_positive"),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def available(self) -> int:
        """Units a buyer may still put in an order."""
        return 0 if self.retired_at else self.on_hand - self.reserved
