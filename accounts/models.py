"""People: how they sign in, where they live, what they agreed to, and what we told them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.crypt import Encrypted


class Language(models.TextChoices):
    """The languages Isoko speaks, by Django's codes."""

    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"
    KINYARWANDA = "rw", "Ikinyarwanda"


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail or phone, whichever they typed (normalised by `accounts.handles`)."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(Q(email__iexact=username) | Q(phone=username))

    def create_superuser(self, email: str, password: str, **fields: object) -> User:
        user = self.model(email=email, is_staff=True, is_superuser=True, language=Language.ENGLISH, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person: buyer, seller's member or staff. Has an e-mail, a phone (E.164), or both."""

    email = models.EmailField(_("e-mail"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=Language.choices, default=Language.CHINESE)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone__isnull=False), name="person_has_email_or_phone"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or f"#{self.pk}"


class SignInCode(models.Model):
    """A one-time code sent to an e-mail or phone. Only its hash is kept; few tries, short life, single use."""

    handle = models.CharField(max_length=254, db_index=True)
    purpose = models.CharField(max_length=16)
    code_hash = models.CharField(max_length=128)
    ip = models.GenericIPAddressField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ip", "created_at"])]


class AddressQuerySet(models.QuerySet["Address"]):
    def of(self, user: User) -> AddressQuerySet:
        """A person's addresses, default first."""
        return self.filter(user=user, archived_at__isnull=True).order_by("-is_default", "-pk")


class Address(models.Model):
    """A consignee in mainland China. Division codes are GB/T 2260; names are stored as the buyer saw them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    recipient = models.CharField(_("recipient"), max_length=60)
    phone = models.CharField(_("mobile"), max_length=16)
    province_code = models.CharField(max_length=6)
    province = models.CharField(max_length=40)
    city = models.CharField(max_length=40)
    district_code = models.CharField(max_length=6)
    district = models.CharField(max_length=40)
    street = models.CharField(_("street address"), max_length=120)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(is_default=True, archived_at__isnull=True),
                name="one_default_address_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.province}{self.city}{self.district}"


class LegalText(models.Model):
    """One version of a text people agree to, in one language. Never edited: a change is a new version."""

    class Kind(models.TextChoices):
        CONSUMER_NOTICE = "consumer_notice", _("Notice to consumers")
        PRIVACY = "privacy", _("Privacy policy")
        TERMS = "terms", _("Terms of use")
        ID_COLLECTION = "id_collection", _("Collecting the ID number")
        CROSS_BORDER = "cross_border", _("Sending personal data abroad")
        SELLER_RULES = "seller_rules", _("Rules for sellers")

    kind = models.CharField(max_length=24, choices=Kind.choices)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=8, choices=Language.choices)
    title = models.CharField(max_length=120)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "version", "language"], name="one_legal_text_per_version_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version} ({self.language})"


class Consent(models.Model):
    """That a person agreed to a text: which words (by hash), when, from where, about what. Append-only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="consents")
    text_sha256 = models.CharField(max_length=64)
    subject = models.CharField(max_length=64, blank=True, db_index=True, help_text="e.g. order:20261122…")
    ip = models.GenericIPAddressField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")


class Identity(models.Model):
    """A buyer's real name and resident ID number, in the vault.

    The number is only here: encrypted and bound to this row (`kernel.crypt`), found by a keyed hash, shown masked,
    read through `accounts.vault.reveal` alone, which writes who, when and why. PIPL Arts 28 to 30, 39.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="identities")
    real_name = models.CharField(max_length=40)
    id_number_cipher = models.BinaryField(null=True)
    id_number = Encrypted("id_number_cipher")
    id_number_blind = models.CharField(max_length=64, db_index=True, blank=True)
    masked = models.CharField(max_length=20)
    collection_consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    cross_border_consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    erase_on = models.DateField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return self.masked


class Message(models.Model):
    """One text to one recipient by one channel: written with the deed it tells of, sent later by a worker, once."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", "SMS"
        INBOX = "inbox", _("In the app")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    to = models.CharField(max_length=254, help_text="E-mail address, E.164 phone, or empty for the inbox")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    kind = models.CharField(max_length=48, help_text="The template's name, e.g. order_paid")
    language = models.CharField(max_length=8, choices=Language.choices)
    subject = models.CharField(max_length=160, blank=True)
    body = models.TextField()
    url = models.CharField(max_length=200, blank=True)
    once = models.CharField(max_length=120, unique=True, help_text="What this tells of, so that nobody is told twice")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["user", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} → {self.channel}"
