"""Two small models of no trade, to try the floor with. Their tables exist only in the test database."""

import uuid

from django.db import models

from kernel.crypt import Encrypted
from kernel.lifecycle import Lifecycle
from kernel.money import MoneyOf


class Lamp(Lifecycle):
    """Goes from new to lit to out; may be broken from new or lit."""

    class Status(models.TextChoices):
        NEW = "new", "brand new"
        LIT = "lit", "shining"
        OUT = "out", "gone out"
        BROKEN = "broken", "broken"

    MOVES = {
        Status.NEW: {Status.LIT, Status.BROKEN},
        Status.LIT: {Status.OUT, Status.BROKEN},
    }
    price_minor = models.BigIntegerField(default=0)
    worth_minor = models.BigIntegerField(null=True)
    worth_currency = models.CharField(max_length=3, default="RWF")

    price = MoneyOf("price_minor", "CNY")
    worth = MoneyOf("worth_minor", "worth_currency")

    class Meta:
        app_label = "test_kernel"


class Drawer(models.Model):
    """Keeps two secrets."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    first_cipher = models.BinaryField(null=True)
    second_cipher = models.BinaryField(null=True)

    first = Encrypted("first_cipher")
    second = Encrypted("second_cipher")

    class Meta:
        app_label = "test_kernel"
