"""What is sold: categories with their customs classification, products, variants with stock, pictures, prices."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.lifecycle import Lifecycle
from kernel.money import MoneyOf
from sellers.models import Seller


def in_language(thing: models.Model, column: str, language: str | None = None) -> str:
    """A text column of the asked (or active) language, else English, else Chinese."""
    code = {"zh-hans": "zh"}.get(language or get_language() or "en", language or get_language() or "en")
    for suffix in (code, "en", "zh"):
        if value := getattr(thing, f"{column}_{suffix}", ""):
            return str(value)
    return ""


class HsCode(models.Model):
    """A tariff line: what customs calls the goods, and what follows from it. One row per code, from data files.

    `article_class` names the postal-article tax class (行邮税) whose dated rate logistics holds: food, textile, other…
    """

    class Access(models.TextChoices):
        """Whether goods of this line may be sent to a consumer in China (rule gate of the corridor)."""

        OK = "ok", _("May be sent")
        NEEDS_PAPERS = "needs_papers", _("Only with papers")
        UNKNOWN = "unknown", _("Not settled: needs a named approval")
        BLOCKED = "blocked", _("May not be sent")

    code = models.CharField(max_length=10, unique=True)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    article_class = models.CharField(max_length=24)
    vat_rate = models.DecimalField(max_digits=6, decimal_places=4)
    consumption_rate = models.DecimalField(max_digits=6, decimal_places=4)
    tariff_rate = models.DecimalField(max_digits=6, decimal_places=4)
    positive_list = models.CharField(max_length=12)
    access = models.CharField(max_length=16, choices=Access.choices)
    access_note = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        verbose_name = _("HS code")
        verbose_name_plural = _("HS codes")

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"


class Category(models.Model):
    """A shelf of the shop. Its HS code is what a seller's product gets unless staff choose otherwise."""

    slug = models.SlugField(max_length=40, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    hs_code = models.ForeignKey(HsCode, on_delete=models.PROTECT, null=True, blank=True, related_name="categories")
    name_zh = models.CharField(max_length=30)
    name_en = models.CharField(max_length=40)
    name_fr = models.CharField(max_length=40)
    name_rw = models.CharField(max_length=40)
    icon = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self, "name")


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> ProductQuerySet:
        """Published products of approved shops: all that a stranger may know of."""
        return self.filter(status=Product.Status.PUBLISHED, seller__status=Seller.Status.APPROVED)

    def for_seller(self, seller: Seller) -> ProductQuerySet:
        return self.filter(seller=seller).exclude(status=Product.Status.ARCHIVED)

    def newest(self) -> ProductQuerySet:
        return self.order_by("-published_at", "-pk")

    def for_cards(self) -> ProductQuerySet:
        """With all that a card shows, in three queries however many there are, and without the long columns."""
        return (
            self.select_related("seller", "category")
            .prefetch_related("variants", "pictures")
            .defer("search_tokens", "search_pinyin", "seller__story", "seller__story_zh")
            .defer(*(f"description_{tongue}" for tongue in ("zh", "en", "fr", "rw")))
        )


class Product(Lifecycle):
    """What a seller describes. What is bought is one of its variants."""

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
    materials_zh = models.CharField(max_length=120, blank=True)
    materials_en = models.CharField(max_length=120, blank=True)
    customs_description = models.CharField(
        _("description for customs, in English"), max_length=120, blank=True, help_text="Specific, no generic words"
    )
    needs_native_review = models.BooleanField(_("texts need a native reader"), default=True)
    access_approved_by = models.CharField(max_length=80, blank=True)
    access_evidence = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    # Search index, written by catalog.search: segmented Chinese with weights, and pinyin for typing without an IME.
    search_tokens = SearchVectorField(null=True, editable=False)
    search_pinyin = models.TextField(blank=True, editable=False)
    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            GinIndex(fields=["search_tokens"], name="product_search_tokens"),
            models.Index(fields=["category", "-published_at"], name="product_by_category"),
            models.Index(fields=["seller", "status"], name="product_by_seller"),
            models.Index(fields=["-published_at", "-id"], condition=Q(status="published"), name="product_newest_first"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self, "name")

    @property
    def description(self) -> str:
        """The description in the active language."""
        return in_language(self, "description")

    @property
    def materials(self) -> str:
        """What it is made of, in the active language."""
        return in_language(self, "materials")

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
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField(max_length=40, unique=True)
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

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        indexes = [
            models.Index(fields=["price_minor", "id"], name="variant_by_price"),
            models.Index(fields=["-sold", "id"], name="variant_by_sales"),
        ]
        constraints = [
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
        return self.on_hand - self.reserved


class Reservation(Lifecycle):
    """Units of one variant held for one order until paid or out of time."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Held")
        CONVERTED = "converted", _("Sold")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")

    # Money that comes late takes the units again (`stock.take_again`).
    MOVES = {
        Status.ACTIVE: {Status.CONVERTED, Status.RELEASED, Status.EXPIRED},
        Status.RELEASED: {Status.ACTIVE},
        Status.EXPIRED: {Status.ACTIVE},
    }

    status = models.CharField(max_length=32, choices=Status.choices, default=Status.ACTIVE)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()
    holder = models.CharField(max_length=64, db_index=True, help_text="What it is held for, e.g. order:2026…")
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "variant"], name="one_reservation_per_holder_and_variant"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_holds_something"),
        ]


class StockMovement(models.Model):
    """A change of units on hand, with its reason. The counter can be recomputed from these. Append-only."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        ADJUSTMENT = "adjustment", _("Adjustment")
        SALE = "sale", _("Sale")
        RETURN = "return", _("Put back")

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    quantity = models.IntegerField()
    holder = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "variant", "kind"], condition=~Q(holder=""), name="one_movement_per_holder_and_kind"
            )
        ]


class Picture(models.Model):
    """A product's picture: the re-encoded original, then derivatives made by a worker.

    `files` maps a width to the stored WebP's name; `colour` is the average, shown while loading.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField(default=0)
    original = models.FileField(max_length=200)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    files = models.JSONField(default=dict)
    colour = models.CharField(max_length=7, default="#e6d5b8")
    alt_zh = models.CharField(max_length=120, blank=True)
    alt_en = models.CharField(max_length=120, blank=True)
    is_illustration = models.BooleanField(default=False, help_text="Drawn, not photographed: shown as 示意图")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.UniqueConstraint(fields=["product", "sha256"], name="one_picture_per_product_and_content")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def alt(self) -> str:
        """What it shows, in the active language, for who cannot see it."""
        return in_language(self, "alt")

    def url(self, width: int) -> str:
        """The address of the smallest file at least this wide, else of the widest, else of the original."""
        widths = sorted(int(known) for known in self.files)
        fitting = next((known for known in widths if known >= width), widths[-1] if widths else None)
        name = self.files[str(fitting)] if fitting else self.original.name
        return default_storage.url(name)

    @property
    def small(self) -> str:
        """The address for thumbnails in lists."""
        return self.url(160)

    @property
    def srcset(self) -> str:
        """Every file with its width, for a browser to choose from; empty before there are any."""
        widths = sorted(int(known) for known in self.files)
        return ", ".join(f"{default_storage.url(self.files[str(width)])} {width}w" for width in widths)


class ExchangeRate(models.Model):
    """What one unit of `base` costs in `quote` on a day, by whom and which side. Dated, never overwritten."""

    class Side(models.TextChoices):
        BUYING = "buying", _("Buying")
        AVERAGE = "average", _("Average")
        SELLING = "selling", _("Selling")

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.AVERAGE)
    source = models.CharField(max_length=80)
    as_of = models.DateField()
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.CharField(max_length=64, default="import")

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "side", "source", "as_of"], name="one_rate_per_day_and_source"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate:f} {self.quote} ({self.as_of})"


class PriceRule(models.Model):
    """How a buyer's price follows from what the seller wants to receive. Dated; basis points (1/10,000)."""

    valid_from = models.DateTimeField(unique=True)
    commission_bp = models.PositiveIntegerField(help_text="Our part of the buyer's price of goods")
    payment_fee_bp = models.PositiveIntegerField(help_text="The payment company's part")
    rate_buffer_bp = models.PositiveIntegerField(help_text="Guards the exchange rate until the payout")
    step_minor = models.PositiveIntegerField(default=100, help_text="Prices are rounded up to a multiple (fen)")
    source = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d}"
