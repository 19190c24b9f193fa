"""Shops: who sells, who may act for them, which papers prove it, what moderators decided, what people report."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from kernel import pagecache
from kernel.lifecycle import Lifecycle
from kernel.storage import private

if TYPE_CHECKING:
    from accounts.models import User


# What public pages are made of, for the page cache: any of the shops, or one.
SHOPS = "shops"


def shop_page(seller_id: int) -> str:
    """One shop, for the page cache."""
    return f"shop:{seller_id}"


class SellerQuerySet(models.QuerySet["Seller"]):
    def acted_for_by(self, user: User) -> SellerQuerySet:
        """The shops this person may act for."""
        return self.filter(members__user=user)

    def selling(self) -> SellerQuerySet:
        """Shops whose goods buyers may see."""
        return self.filter(status=Seller.Status.APPROVED)


class Seller(Lifecycle):
    """A shop: an artisan, a cooperative or a company in Rwanda."""

    class Kind(models.TextChoices):
        ARTISAN = "artisan", _("Artisan")
        COOPERATIVE = "cooperative", _("Cooperative")
        COMPANY = "company", _("Company")

    class Status(models.TextChoices):
        APPLIED = "applied", _("Applied")
        ONBOARDING = "onboarding", _("Setting up")
        READY_FOR_REVIEW = "ready_for_review", _("Waiting for review")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        APPROVED = "approved", _("Approved")
        SUSPENDED = "suspended", _("Suspended")
        REJECTED = "rejected", _("Rejected")
        TERMINATED = "terminated", _("Closed")

    MOVES = {
        Status.APPLIED: {Status.ONBOARDING, Status.READY_FOR_REVIEW},
        Status.ONBOARDING: {Status.READY_FOR_REVIEW},
        Status.READY_FOR_REVIEW: {Status.APPROVED, Status.CHANGES_REQUESTED, Status.REJECTED},
        Status.CHANGES_REQUESTED: {Status.READY_FOR_REVIEW},
        Status.APPROVED: {Status.SUSPENDED, Status.TERMINATED},
        Status.SUSPENDED: {Status.APPROVED, Status.TERMINATED},
        Status.REJECTED: {Status.ONBOARDING},
    }

    # No public page has ever shown a shop in one of these.
    UNSEEN = frozenset({Status.APPLIED, Status.ONBOARDING, Status.READY_FOR_REVIEW, Status.CHANGES_REQUESTED})

    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.APPLIED)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("shop name"), max_length=60)
    name_zh = models.CharField(_("shop name in Chinese"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    legal_name = models.CharField(_("name on the papers"), max_length=80)
    national_id_masked = models.CharField(max_length=24, blank=True)
    tin = models.CharField(_("TIN"), max_length=9, blank=True)
    district_code = models.CharField(max_length=8)
    province = models.CharField(_("province"), max_length=40)
    district = models.CharField(_("district"), max_length=40)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    place_note = models.CharField(_("cell, village, how to find you"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=16)
    momo_number = models.CharField(_("MoMo number"), max_length=16)
    language = models.CharField(max_length=8, choices=Language.choices, default=Language.KINYARWANDA)
    story = models.TextField(_("story"), max_length=600, blank=True)
    story_zh = models.TextField(_("story in Chinese"), max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    objects = SellerQuerySet.as_manager()

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """As ever; and pages that show the shop, or goods of it, are made anew."""
        super().save(*args, **options)
        if self.status not in self.UNSEEN:
            pagecache.touch(SHOPS, shop_page(self.pk))


class SellerMember(models.Model):
    """A person who may act for a seller."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        AGENT = "agent", _("Agent")

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.OWNER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "user"], name="one_membership_per_person_and_shop")]


class Paper(models.Model):
    """A private file that proves who a seller is: identity card, cooperative certificate, TIN. Never public."""

    class Kind(models.TextChoices):
        ID_CARD = "id_card", _("Identity card")
        COOPERATIVE_CERTIFICATE = "cooperative_certificate", _("Cooperative certificate")
        COMPANY_CERTIFICATE = "company_certificate", _("Company certificate")
        OTHER = "other", _("Other paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    file = models.FileField(storage=private, max_length=200)
    original_name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [models.UniqueConstraint(fields=["seller", "sha256"], name="a_shop_keeps_each_file_once")]


class ModerationCase(Lifecycle):
    """Something staff must decide about a seller or, from higher apps, about a product (`subject`)."""

    class Kind(models.TextChoices):
        SELLER = "seller", _("New seller")
        PRODUCT = "product", _("Listing")

    class Status(models.TextChoices):
        NEW = "new", _("New")
        IN_REVIEW = "in_review", _("In review")
        NEED_INFO = "need_info", _("Needs information")
        DECIDED = "decided", _("Decided")
        APPEALED = "appealed", _("Appealed")
        CLOSED = "closed", _("Closed")

    MOVES = {
        Status.NEW: {Status.IN_REVIEW, Status.NEED_INFO, Status.DECIDED, Status.CLOSED},
        Status.IN_REVIEW: {Status.NEED_INFO, Status.DECIDED, Status.CLOSED},
        Status.NEED_INFO: {Status.IN_REVIEW, Status.DECIDED, Status.CLOSED},
        Status.DECIDED: {Status.APPEALED, Status.CLOSED},
        Status.APPEALED: {Status.IN_REVIEW, Status.DECIDED},
    }

    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.NEW)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="cases")
    subject = models.CharField(max_length=64, db_index=True, help_text="e.g. sellers.seller:12 or catalog.product:7")
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("moderation case")
        verbose_name_plural = _("moderation cases")
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=models.Q(status__in=["new", "in_review", "need_info", "appealed"]),
                name="one_open_case_per_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.seller.name}"


class Decision(models.Model):
    """What a moderator decided and why, as told to the party. A reversal is another decision."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        REJECTED = "rejected", _("Rejected")
        SUSPENDED = "suspended", _("Suspended")
        RESTORED = "restored", _("Restored")

    case = models.ForeignKey(ModerationCase, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reason_code = models.CharField(max_length=40, blank=True)
    statement = models.TextField(_("reason told to the seller"), max_length=600, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["approved", "restored"]) | ~models.Q(statement=""),
                name="a_refusal_has_a_reason",
            )
        ]


class Report(models.Model):
    """What somebody told us is wrong, about goods, a shop or the site; a member of staff answers for it.

    `ip` serves only to stop floods, and is forgotten when the report is settled.
    """

    class Kind(models.TextChoices):
        NOT_AS_DESCRIBED = "not_as_described", _("Not as described")
        FORBIDDEN = "forbidden", _("Forbidden or dangerous goods")
        RIGHTS = "rights", _("It hurts my rights (brand, picture, design)")
        BEHAVIOUR = "behaviour", _("How somebody behaved")
        OTHER = "other", _("Something else")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    subject = models.CharField(
        _("about"), max_length=64, blank=True, db_index=True, help_text="e.g. catalog.product:7; empty: the site"
    )
    seller = models.ForeignKey(Seller, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    text = models.TextField(_("what happened"), max_length=1000)
    contact = models.CharField(_("how to reach you"), max_length=120, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    ip = models.GenericIPAddressField(null=True, blank=True)
    at = models.DateTimeField(_("received"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("what we did"), max_length=600, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(fields=["at"], condition=models.Q(settled_at=None), name="report_waiting"),
            models.Index(fields=["ip", "at"], condition=models.Q(ip__isnull=False), name="report_by_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | ~models.Q(note=""), name="a_report_is_settled_with_a_note"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject or '—'}"
