"""Every address of the house.

Buyers' pages are Chinese at `/` and other languages under their code; sellers' pages are all under `/sell/` in the
namespace `sell` and speak the seller's own language; machines and paper checkers come in unprefixed.
"""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from accounts import urls as accounts
from catalog import urls as catalog
from logistics import urls as logistics
from orders import urls as orders
from payments import urls as payments
from sellers import urls as sellers

from . import about, errors, health, legal, media, offline, sitemap
from .demo import switching

APPS = {
    "accounts": accounts,
    "sellers": sellers,
    "catalog": catalog,
    "orders": orders,
    "logistics": logistics,
    "payments": payments,
}

machine = [entry for app in APPS.values() for entry in app.machine]
dashboard = [entry for app in APPS.values() for entry in app.dashboard]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("sell/", include((dashboard, "sell"))),
    path("robots.txt", sitemap.robots, name="robots"),
    path("favicon.ico", sitemap.Favicon.as_view(), name="favicon"),
    path("worker.js", offline.worker, name="worker"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-pages.xml", sitemap.pages, name="sitemap_pages"),
    path("sitemap-<slug:kind>-<int:number>.xml", sitemap.numbered, name="sitemap_range"),
    path("media/<path:name>", media.serve, name="media"),
    *machine,
]
if settings.DEMO:
    urlpatterns.append(path("demo/switch/", switching.switch, name="demo_switch"))
urlpatterns += i18n_patterns(
    *[path("", include((app.storefront, name))) for name, app in APPS.items()],
    path("about/", about.about, name="about"),
    path("offline/", offline.page, name="offline"),
    path("legal/", legal.index, name="legal_index"),
    path("legal/<slug:kind>/", legal.page, name="legal"),
    path("legal/<slug:kind>/<int:number>/", legal.page, name="legal_version"),
    prefix_default_language=False,
)
handler400, handler403 = errors.bad_request, errors.permission_denied
handler404, handler500 = errors.page_not_found, errors.server_error
