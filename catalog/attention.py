"""Which texts need a person's eyes, and why: the translators' queue."""

from __future__ import annotations

from django.db.models import Case, F, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .models import Product, ProductText

Field, Provenance = ProductText.Field, ProductText.Provenance
# Of what nobody can buy or has sent for review, nobody need read the texts yet.
LIVE = (Product.Status.SUBMITTED, Product.Status.PUBLISHED, Product.Status.PAUSED)
# Where sentences that were composed for a new type of goods are read once: buyers' language, and the one whose grammar
# is least sure.
READ_ONCE = ("zh", "rw")


class Reason(TextChoices):
    """Why a text is in the queue."""

    MISSING = "missing", _("No Chinese yet")
    MACHINE = "machine", _("Translated by a machine, read by nobody")
    STALE = "stale", _("The facts or the seller's words changed")
    NEW_TYPE = "new_type", _("First composed text of a type")


def waiting() -> QuerySet[ProductText]:
    """The texts that need eyes, with their `reason`, and `since` when; the oldest first."""
    reason = Case(
        When(waits_since=None, then=Value(Reason.NEW_TYPE)),
        When(body="", then=Value(Reason.MISSING)),
        When(is_stale=True, then=Value(Reason.STALE)),
        default=Value(Reason.MACHINE),
    )
    wanted = ProductText.objects.filter(Q(waits_since__isnull=False) | _first_of_new_types())
    live = wanted.filter(product__status__in=LIVE)
    return live.annotate(reason=reason, since=Coalesce("waits_since", "written_at")).order_by("since", "pk")


def _first_of_new_types() -> Q:
    """Title and summary of the oldest product of each type of which nobody has read a composed text in a language."""
    firsts = Product.objects.filter(status__in=LIVE).exclude(product_type="").order_by("product_type", "pk")
    first_of = dict(firsts.distinct("product_type").values_list("product_type", "pk"))
    read = ProductText.objects.filter(provenance=Provenance.COMPOSED, read_at__isnull=False, language__in=READ_ONCE)
    known = set(read.values_list("language", F("product__product_type")).distinct())
    wanted = Q(pk__in=[])
    for language in READ_ONCE:
        new = [pk for slug, pk in first_of.items() if (language, slug) not in known]
        wanted |= Q(
            product__in=new,
            language=language,
            field__in=(Field.TITLE, Field.SUMMARY),
            provenance=Provenance.COMPOSED,
            read_at=None,
        )
    return wanted
