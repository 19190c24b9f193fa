"""Whether this process is up, and whether it could serve: for load balancers and people on duty."""

from datetime import timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

from kernel import work

LATE = timedelta(minutes=5)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers; asks nobody else."""
    return JsonResponse({"ok": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations, Chinese trigrams, storage and workers are well, else 503 naming what is not.

    A broker that is away makes work late, not lost, so it is told but does not take the site out of service.
    """
    found = {"database": _database(), "storage": _storage()}
    told = {**found, "broker": _broker(), "work": _work() if found["database"] else False}
    return JsonResponse(told, status=200 if all(found.values()) else 503)


def _database() -> bool:
    """Answers, is migrated, and sees Chinese: with LC_CTYPE=C every trigram set of Chinese text is empty."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT similarity('手工篮子', '手工篮') > 0")
            sees_chinese = cursor.fetchone()[0]
        executor = MigrationExecutor(connection)
        return bool(sees_chinese) and not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _storage() -> bool:
    try:
        for name in ("default", "private"):
            storages[name].exists("ready")
    except Exception:  # each storage backend has errors of its own
        return False
    return True


def _broker() -> bool:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=0, timeout=2)
    except Exception:  # whatever the broker's client raises means the same here
        return False
    return True


def _work() -> bool:
    """No due job has waited long: relay and workers are at it."""
    now = timezone.now()
    oldest = work.backlog(now=now)["oldest"]
    return oldest is None or oldest > now - LATE
