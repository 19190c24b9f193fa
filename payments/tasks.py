"""Where Celery finds this app's tasks and clock tasks: beside the work they do."""

from . import charges, earnings, inbox, ledger, payouts, refunds

__all__ = ["charges", "earnings", "inbox", "ledger", "payouts", "refunds"]
