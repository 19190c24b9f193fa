"""The people of a shop whose hands make its goods, as buyers read of them on the page of a thing's origin."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.refusals import Refusal
from sellers.models import Seller

from .models import Maker


class KnownAlready(Refusal):
    """The shop has a maker of this name."""

    code = "maker_known"
    message = _("You have written this name down already.")


@dataclass(frozen=True)
class Said:
    """What a shop says about a maker: `craft` is a term of the vocabulary, `people` how many they are."""

    name: str
    craft: str
    district: str
    sector: str
    people: int
    since_year: int | None


def add(seller: Seller, said: Said, *, actor: str) -> Maker:
    """Write a maker of the shop down. Raises KnownAlready."""
    name = " ".join(said.name.split())
    try:
        with transaction.atomic():
            maker = Maker.objects.create(seller=seller, **{**said.__dict__, "name": name})
            audit.record(actor, "maker_added", maker)
    except IntegrityError:
        raise KnownAlready from None
    return maker
