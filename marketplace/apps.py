from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.module_loading import autodiscover_modules


class AdminConfig(DjangoAdminConfig):
    """Django's admin under our own site class, which names the house and orders its work."""

    default_site = "marketplace.administration.IsokoAdminSite"


class MarketplaceConfig(AppConfig):
    name = "marketplace"

    def ready(self) -> None:
        """Import every app's `tasks`, so that each process knows all tasks, clock tasks and sealed chains."""
        autodiscover_modules("tasks")
