"""A real browser, a real server, the workers and the world outside, for tests that drive pages as people do."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Error, sync_playwright

from marketplace.demo import marks, money
from payments import gateway
from sandbox.testing import Sandbox

from .outside import Workers

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium, started once. Playwright runs an event loop in this thread, which Django would refuse to share."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def outside(live_server: Any, settings: Any, transactional_db: None) -> Iterator[Sandbox]:
    """The sandbox, whose webhooks really arrive; payouts settle after a moment."""
    with Sandbox(app_url=live_server.url, delay=0.5) as box:
        point(settings, box, site=live_server.url)
        gateway._client_for.cache_clear()
        yield box


@pytest.fixture
def reference_rows(transactional_db: None, outside: Sandbox) -> None:
    """What the migrations and the `load_…` commands bring; a test before this one may have emptied the tables."""
    importlib.import_module("accounts.migrations.0003_first_rows").make_groups(apps, None)
    for command in ("load_legal", "load_catalog_data", "load_corridors", "load_logistics_data"):
        call_command(command, verbosity=0)
    marks.forget()
    money.seed_rates(now=timezone.now())


@pytest.fixture
def workers(reference_rows: None) -> Iterator[Workers]:
    """The background of the house at work."""
    with Workers() as hands:
        yield hands


@pytest.fixture
def open_browser(chromium: Browser) -> Iterator[Callable[..., Any]]:
    """`open_browser(width=390, …)` gives a person a browser of their own; all are closed in the end."""
    contexts = []

    def opened(*, width: int, height: int = 844, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield opened
    for number, context in enumerate(contexts):
        if folder := os.environ.get("SHOTS"):  # how each of them left the story
            for page in context.pages:
                page.screenshot(path=f"{folder}/end-{number}.png", full_page=True)
        with contextlib.suppress(Error):
            context.close()


def point(settings: Any, box: Sandbox, *, site: str) -> None:
    """Point the product at this sandbox, as environment variables do outside of tests."""
    for name, value in box.environment().items():
        setattr(settings, name, value)
    settings.EMAIL_PORT = box.smtp_port
    settings.STRIPE_WEBHOOK_SECRETS = [box.keys.stripe_webhook]
    settings.SITE_URL = site
    policy = settings.CONTENT_SECURITY_POLICY
    directives = policy["DIRECTIVES"] | {"form-action": [*policy["DIRECTIVES"]["form-action"], box.url]}
    settings.CONTENT_SECURITY_POLICY = policy | {"DIRECTIVES": directives}
