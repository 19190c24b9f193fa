"""Rows that every app leans on: steps, jobs, audit records, chain links and idempotency keys."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Step(models.Model):
    """One move of one thing through its lifecycle. Append-only; the database refuses anything else."""

    thing = models.CharField(_("thing"), max_length=64)
    thing_id = models.CharField(_("number of the thing"), max_length=64)
    was = models.CharField(_("status before"), max_length=32)
    now = models.CharField(_("status after"), max_length=32)
    actor = models.CharField(_("who"), max_length=100)
    why = models.TextField(_("why"), blank=True)
    at = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        indexes = [models.Index(fields=["thing", "thing_id", "id"], name="kernel_step_by_thing")]

    def __str__(self) -> str:
        return f"{self.thing} {self.thing_id}: {self.was} → {self.now}"


class AuditRecord(models.Model):
    """One deed that somebody may have to answer for. Append-only; the database refuses anything else."""

    actor = models.CharField(_("who"), max_length=100)
    deed = models.CharField(_("deed"), max_length=100)
    thing = models.CharField(_("thing"), max_length=64, blank=True)
    thing_id = models.CharField(_("number of the thing"), max_length=64, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        verbose_name = _("audit record")
        verbose_name_plural = _("audit records")
        indexes = [
            models.Index(fields=["thing", "thing_id", "id"], name="kernel_audit_by_thing"),
            models.Index(fields=["actor", "id"], name="kernel_audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.deed} {self.thing} {self.thing_id}".strip()


class ChainLink(models.Model):
    """The seal of one row: its hash, chained to the seal before it. Append-only; the database refuses anything else."""

    chain = models.CharField(_("chain"), max_length=32)
    position = models.BigIntegerField(_("position"))
    row_id = models.BigIntegerField(_("number of the row"))
    row_hash = models.CharField(_("hash of the row"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)
    at = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="one_link_per_position"),
            models.UniqueConstraint(fields=["chain", "row_id"], name="a_row_is_sealed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.position}"


class Job(models.Model):
    """Work that must happen: written with the change that calls for it, done by a worker, kept until done.

    `once` names work that need not wait twice; `again` says that it was asked for anew while it was on its way.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent to a worker")
        DONE = "done", _("done")
        PARKED = "parked", _("parked")

    task = models.CharField(_("task"), max_length=120)
    kwargs = models.JSONField(_("arguments"), default=dict)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveIntegerField(_("most attempts"), default=8)
    last_error = models.TextField(_("last error"), blank=True)
    once = models.CharField(_("once"), max_length=120, null=True, blank=True)
    again = models.BooleanField(_("asked for again"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    done_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "once"], condition=~models.Q(state="done"), name="one_unfinished_job_per_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "done", "parked"]), name="job_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="waiting"), name="kernel_job_waiting"),
            models.Index(fields=["sent_at"], condition=models.Q(state="sent"), name="kernel_job_sent"),
            models.Index(fields=["id"], condition=models.Q(state="parked"), name="kernel_job_parked"),
            models.Index(fields=["done_at"], condition=models.Q(state="done"), name="kernel_job_done"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"


class IdempotencyKey(models.Model):
    """A caller's promise that two requests are one: the first answer is kept and given again.

    `lease_until` lets a crashed attempt be taken over; `holder` tells attempts apart, so that a late one cannot win.
    """

    actor = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    holder = models.UUIDField()
    lease_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_answer_per_actor_and_key")]

    def __str__(self) -> str:
        return f"{self.actor} {self.key}"
