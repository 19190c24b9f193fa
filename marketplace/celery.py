"""The Celery app of workers and scheduler: `celery -A marketplace worker`, `celery -A marketplace beat`.

Only the relay publishes jobs; requests write rows. The schedule is whatever `work.every` has registered.
"""

import os
from typing import Any

import django
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from kernel import work  # noqa: E402

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")


def _ticker(name: str) -> Any:
    """A Celery task that calls one clock task; it needs no arguments."""

    def tick() -> None:
        work.tick(name)

    return app.task(name=name, ignore_result=True)(tick)


for clock in work.CLOCKS.values():
    _ticker(clock.name)

app.conf.beat_schedule = {
    # A tick that nobody took before the next one is dropped: the next does the same.
    clock.name: {"task": clock.name, "schedule": clock.seconds, "options": {"expires": clock.seconds}}
    for clock in work.CLOCKS.values()
}
