"""What is in an order: its lines as they were, the boxes that the quote promised, and the import tax on each."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, Value

from catalog import choosing
from catalog.models import Product, Variant, in_language
from kernel.money import MoneyOf

from .orders import Consignment


class OrderLine(models.Model):
    """A variant as it was when ordered: names, options, price, what the seller receives, customs facts."""

    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="order_lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="order_lines")
    sku = models.CharField(max_length=40)
    options: models.JSONField[Any] = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), blank=True, help_text="As chosen, labels included"
    )
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    name_fr = models.CharField(max_length=100, blank=True)
    name_rw = models.CharField(max_length=100, blank=True)
    customs_description = models.CharField(max_length=120)
    hs_code = models.CharField(max_length=10)
    article_class = models.CharField(max_length=24)
    origin = models.CharField(max_length=2, default="RW")
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    unit_price = MoneyOf("unit_price_minor", "CNY")
    unit_receive_rwf_minor = models.BigIntegerField()
    unit_weight_g = models.PositiveIntegerField()
    picture = models.FileField(max_length=200, blank=True, help_text="A small file of the cover at the time")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consignment", "variant"], name="one_order_line_per_variant"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="order_line_has_quantity"),
        ]

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self, "name")

    @property
    def option_text(self) -> str:
        """What was chosen, in the active language: 红色 · 30厘米."""
        return choosing.said(self.options)

    @property
    def amount_minor(self) -> int:
        return self.unit_price_minor * self.quantity

    amount = MoneyOf("amount_minor", "CNY")


class PlannedParcel(models.Model):
    """A box the quote promised: its route, service, freight and tax. Logistics turns it into a real parcel."""

    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="planned_parcels")
    position = models.PositiveSmallIntegerField()
    route = models.CharField(max_length=32)
    service = models.CharField(max_length=32)
    weight_g = models.PositiveIntegerField()
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    goods = MoneyOf("goods_minor", "CNY")
    freight = MoneyOf("freight_minor", "CNY")
    tax = MoneyOf("tax_minor", "CNY")
    days_min = models.PositiveSmallIntegerField()
    days_max = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consignment", "position"], name="parcels_are_numbered_once")]


class TaxLine(models.Model):
    """The import tax on some units of one order line inside one planned parcel, as quoted."""

    planned_parcel = models.ForeignKey(PlannedParcel, on_delete=models.PROTECT, related_name="tax_lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="tax_lines")
    quantity = models.PositiveIntegerField()
    value_minor = models.BigIntegerField()
    rate = models.DecimalField(max_digits=6, decimal_places=4)
    computed_minor = models.BigIntegerField(help_text="Before the exemption")
    due_minor = models.BigIntegerField(help_text="After the exemption")
    value = MoneyOf("value_minor", "CNY")
    due = MoneyOf("due_minor", "CNY")
