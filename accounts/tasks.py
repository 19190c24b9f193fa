"""Collects this app's tasks and clocks."""

from . import messages, signin, vault  # noqa: F401
