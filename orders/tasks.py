"""Collects this app's clock tasks."""

from . import progress  # noqa: F401
