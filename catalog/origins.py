"""Where a thing comes from: its place, its maker, and the batch it was made with, under a code that is on its tag.

A batch is opened by its shop and says only what the shop wrote down. The code is random, so that a tag proves that the
thing is one of ours and tells nobody how many there are.
"""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.formatting import KIGALI
from kernel.refusals import Refusal

from . import crafts, facts, pages, places, rwanda_map, vocabulary
from .models import Batch, Maker, Product
from .rwanda_map import Spot

# Without 0, 1, I, L, O and U, which people misread. Fourteen of thirty letters are 68 bits.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 14
MOST_LETTERS, MOST_UNITS = 30, 100_000
# Pixels a side of the code's picture, at least: cameras and chat programs read that from a screen.
QR_SIDE = 300
# Words of products in these states were read by staff as they stand; of the others only what was chosen from lists is
# shown.
READ = (Product.Status.PUBLISHED, Product.Status.PAUSED, Product.Status.ARCHIVED)


class BadBatch(Refusal):
    """A batch that cannot be: no number, no units, made in the future, or past its date when it was made."""

    code = "bad_batch"
    status = 422
    message = _("A batch has a number, at least one unit, a day that is not in the future, and keeps after that day.")


class BatchExists(Refusal):
    """The product has a batch of this number."""

    code = "batch_exists"
    message = _("There is a batch with the number %(number)s already.")


@dataclass(frozen=True)
class Passport:
    """What is known of where a product comes from, in the active language; unknown things are empty.

    `district` is the name to read and `spot` its place on the map; `batch` is the one in question.
    """

    district: str
    spot: Spot | None
    maker: Maker | None
    craft: str
    materials: str
    work_days: str
    batch: Batch | None

    @property
    def by_whom(self) -> str:
        """The maker's name."""
        return self.maker.name if self.maker else ""


@transaction.atomic
def open_batch(
    product: Product,
    *,
    number: str,
    made_on: date,
    units: int,
    actor: str,
    best_before: date | None = None,
    today: date | None = None,
) -> Batch:
    """Write down that units were made together, and give them their code. `today` is Kigali's unless it is given.

    Raises BadBatch or BatchExists.
    """
    number = " ".join(number.replace("\0", "").split())
    today = today or timezone.now().astimezone(KIGALI).date()
    fits = 0 < len(number) <= MOST_LETTERS and 0 < units <= MOST_UNITS and made_on <= today
    if not fits or (best_before is not None and best_before <= made_on):
        raise BadBatch()
    try:
        with transaction.atomic():
            batch = Batch.objects.create(
                product=product, code=_code(), number=number, made_on=made_on, units=units, best_before=best_before
            )
    except IntegrityError:
        raise BatchExists(number=number) from None
    audit.record(actor, "batch_opened", batch, number=number, units=units)
    pages.touch(product.pk)
    return batch


def newest_batch(product: Product) -> Batch | None:
    """The batch that was made last."""
    return product.batches.order_by("-made_on", "-pk").first()


def passport(product: Product, batch: Batch | None = None) -> Passport:
    """Where a product comes from, and with which batch if one is given. No query where its shop and maker are read."""
    said = known(product)
    district = product.district or product.seller.district
    return Passport(
        district=places.named(district),
        spot=rwanda_map.spot(district),
        maker=product.maker,
        craft=crafts.name(product.maker.craft) if product.maker else "",
        materials=_capital(places.listed(term.name for term in said["material"].terms)) if "material" in said else "",
        work_days="–".join(dict.fromkeys(f"{days:f}" for days in said["work_days"].numbers))
        if "work_days" in said
        else "",
        batch=batch,
    )


def known(product: Product) -> dict[str, facts.Fact]:
    """The facts of a product; none where its type is unknown."""
    described = vocabulary.types().get(product.product_type)
    return facts.read(described, product.facts) if described else {}


def find(code: str) -> Batch | None:
    """The batch of a code, as somebody typed it, of a product that was on sale at some time; None for any other.

    What was taken off sale is found too: somebody has it at home.
    """
    tidy = tidied(code)
    if len(tidy) != LENGTH:
        return None
    batches = Batch.objects.select_related("product__seller", "product__category", "product__maker")
    return batches.filter(code=tidy, product__published_at__isnull=False).first()


def was_read(product: Product) -> bool:
    """Whether staff have read the words of a product as they stand now."""
    return product.status in READ


def spaced(code: str) -> str:
    """A code as tags print it: in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def tidied(code: str) -> str:
    """A code with nothing in it but its letters, however it was typed."""
    return "".join(letter for letter in code[:60].upper() if letter in LETTERS)


def address(batch: Batch) -> str:
    """The absolute address of a batch's origin page, as its tag carries it: in the shop's first language."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL.rstrip("/") + reverse("catalog:origin", args=[batch.code])


def qr_png(batch: Batch) -> bytes:
    """The origin page's address as a picture to scan, at least `QR_SIDE` pixels a side."""
    code = segno.make(address(batch), error="m", micro=False)
    modules, _height = code.symbol_size(scale=1, border=4)
    out = io.BytesIO()
    code.save(out, kind="png", border=4, scale=-(-QR_SIDE // int(modules)))
    return out.getvalue()


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))


def _capital(words: str) -> str:
    """Words that stand alone begin with a capital."""
    return words[:1].upper() + words[1:]
