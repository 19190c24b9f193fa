"""What staff see of the floor: jobs that they may replay, and records that nobody may change."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import audit, work
from .actors import actor_of
from .models import AuditRecord, ChainLink, Job, Step
from .staff import ReadOnlyAdmin


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Work on its way. Parked jobs failed every attempt, and wait here for a person."""

    list_display = ["id", "task", "kwargs", "state", "attempts", "due_at", "last_error"]
    list_filter = ["state", "task"]
    search_fields = ["=id", "task"]
    ordering = ["-id"]
    actions = ["replay"]
    show_full_result_count = False

    @admin.action(description=_("Try again"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Give parked jobs a fresh set of attempts, and write down who did."""
        replayed = 0
        for job in queryset.order_by("id"):
            if work.replay(job, now=timezone.now()):
                audit.record(actor_of(request.user), "job.replay", job, task=job.task, last_error=job.last_error)
                replayed += 1
        messages.info(request, gettext("Jobs that will be tried again: %(count)s.") % {"count": replayed})

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("kernel.change_job")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        counts = work.backlog(now=timezone.now())
        title = gettext("Jobs: %(due)s due, %(sent)s sent, %(parked)s parked") % counts
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


@admin.register(Step)
class StepAdmin(ReadOnlyAdmin):
    """Every move of every thing."""

    list_display = ["at", "thing", "thing_id", "was", "now", "actor", "why"]
    list_filter = ["thing"]
    search_fields = ["=thing_id", "=actor"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnlyAdmin):
    """Every deed that somebody may have to answer for."""

    list_display = ["at", "actor", "deed", "thing", "thing_id", "detail"]
    list_filter = ["deed"]
    search_fields = ["=thing_id", "=actor", "=deed"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(ChainLink)
class ChainLinkAdmin(ReadOnlyAdmin):
    """The seals over steps, audit records and the ledger."""

    list_display = ["chain", "position", "row_id", "hash", "at"]
    list_filter = ["chain"]
    ordering = ["-id"]
    show_full_result_count = False
