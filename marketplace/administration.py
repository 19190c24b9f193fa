"""The staff's Django admin: one site, named after the house."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class IsokoAdminSite(AdminSite):
    """Django admin for moderators, finance, logistics and translators."""

    site_header = "Isoko"
    site_title = "Isoko"
    index_title = _("Work of the day")
