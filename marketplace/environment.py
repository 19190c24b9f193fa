"""Readers of environment variables that refuse what they do not understand."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable, or the default where it is unset."""
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """`True` or `False`, and nothing else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name}={value!r}: use 'True' or 'False'")
    return value == "True"


def number(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty parts."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret(name: str, *, debug: bool, sample: str) -> str:
    """A secret that must be given in production; under DEBUG a published sample will do."""
    value = os.environ.get(name, "")
    if value:
        return value
    if debug:
        return sample
    raise ImproperlyConfigured(f"{name} must be set: it has no safe default")


def database(url: str) -> dict[str, Any]:
    """Django's database settings from `postgres://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL must begin with postgres://, not {parts.scheme!r}")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
    }


def page_cache(url: str, queues: str) -> dict[str, Any]:
    """Django's cache of finished pages at `url`, else beside the queues in their second database.

    The queues' address may be in the form of Celery's transport: `redis+socket:///path?virtual_host=0`.
    """
    parts = urlsplit(url or queues)
    if parts.scheme == "redis+socket":
        location = f"unix://{parts.path}?db=1"
    elif url:
        location = url
    else:
        location = parts._replace(path="/1").geturl()
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": location,
        # A page can always be made; it is not worth waiting for.
        "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
    }


def folder(name: str, default: Path) -> Path:
    """A folder's path."""
    return Path(os.environ.get(name, str(default)))


def object_storage() -> dict[str, dict[str, Any]]:
    """Django's `default` and `private` storages in an S3-compatible bucket, or nothing without S3_BUCKET.

    Pictures are public under S3_MEDIA_DOMAIN, or else by signed links; papers are never linked, only streamed by views.
    """
    bucket = text("S3_BUCKET")
    if not bucket:
        return {}
    domain = text("S3_MEDIA_DOMAIN")
    shared: dict[str, Any] = {
        "bucket_name": bucket,
        "endpoint_url": text("S3_ENDPOINT") or None,
        "access_key": text("S3_ACCESS_KEY"),
        "secret_key": text("S3_SECRET_KEY"),
        "region_name": text("S3_REGION", "us-east-1"),
        "signature_version": "s3v4",
        "addressing_style": "path",
        "file_overwrite": False,
    }
    pictures = {
        "location": "media",
        "querystring_auth": not domain,
        "custom_domain": domain or None,
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }
    backend = "storages.backends.s3.S3Storage"
    return {
        "default": {"BACKEND": backend, "OPTIONS": {**shared, **pictures}},
        "private": {"BACKEND": backend, "OPTIONS": {**shared, "location": "private"}},
    }
