from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Django's admin under our own site class, which names the house and orders its work."""

    default_site = "marketplace.administration.IsokoAdminSite"


class MarketplaceConfig(AppConfig):
    name = "marketplace"
