"""What workers and the scheduler find in this app."""

from . import inbox, paperwork, tracking  # noqa: F401
