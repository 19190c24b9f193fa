"""Settings of the whole house, read from the environment. README.md lists what an operator sets."""

import base64
from pathlib import Path
from typing import Any

import django.conf.locale
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = environment.folder("VAR_DIR", BASE_DIR / "var")

DEBUG = environment.flag("DEBUG", default=False)
DEMO = environment.flag("DEMO", default=False)
SECRET_KEY = environment.secret("SECRET_KEY", debug=DEBUG or DEMO, sample="demo-only-" + "k" * 50)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
SITE_URL = environment.text("SITE_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"

INSTALLED_APPS = [
    "marketplace.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_htmx",
    "axes",
    "kernel",
    "accounts",
    "sellers",
    "catalog",
    "orders",
    "logistics",
    "payments",
    "marketplace.apps.MarketplaceConfig",
]

MIDDLEWARE = [
    "kernel.pagecache.PageCacheMiddleware",
    "kernel.http.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "marketplace.bodies.BodySizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kernel.http.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marketplace.context.site",
            ],
        },
    }
]

# Data -----------------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        **environment.database(environment.text("DATABASE_URL", "postgres://isoko@/isoko")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # A request that waits longer than this for a lock has lost; better a clear answer than a pile-up.
            "options": "-c lock_timeout=3s -c statement_timeout=15s -c idle_in_transaction_session_timeout=15s",
        },
    }
}
if environment.flag("DATABASE_POOL", default=False):
    # For web processes only: Celery closes Django's pool at every task boundary.
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": environment.number("DATABASE_POOL_SIZE", 8)}
# Finished public pages, for at most so many seconds; 0 switches it off. Losing it loses nothing.
PAGE_CACHE_SECONDS = environment.number("PAGE_CACHE_SECONDS", 60)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": environment.page_cache(
        environment.text("PAGE_CACHE_URL"), environment.text("REDIS_URL", "redis://127.0.0.1:6379/0")
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
# E-mails are unique by a constraint on their lower case, which this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "media"), "base_url": "/media/"},
    },
    # Identity papers and export papers: never served by path, only by a view that knows who asks.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "private"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "marketplace.assets.LeanStaticFilesStorage"},
}
STORAGES |= environment.object_storage()
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
WHITENOISE_MAX_AGE = 31536000

# Languages and time ---------------------------------------------------------------------------------------------------

# Django bundles no Kinyarwanda; registering it here is all that its machinery needs.
django.conf.locale.LANG_INFO["rw"] = {
    "bidi": False,
    "code": "rw",
    "name": "Kinyarwanda",
    "name_local": "Ikinyarwanda",
}
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English")), ("fr", _("French")), ("rw", _("Kinyarwanda"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["marketplace.formats"]
LANGUAGE_COOKIE_NAME = "isoko_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Safety ---------------------------------------------------------------------------------------------------------------

HTTPS = environment.flag("HTTPS", default=not (DEBUG or DEMO))
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if environment.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "marketplace.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
# Notices ride in a signed cookie, so that reading them never opens a session on a cacheable page.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # A form may end at the payment page: browsers check the redirect's target too.
        "form-action": [SELF, *environment.words("CSP_FORM_ACTION", "https://checkout.stripe.com")],
    }
}
if environment.text("S3_BUCKET") and environment.text("S3_MEDIA_DOMAIN"):
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append("https://" + environment.text("S3_MEDIA_DOMAIN"))
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.HandleBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HTTP_RESPONSE_CODE = 429
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "accounts.signin.locked_out"
AXES_USERNAME_FORM_FIELD = "username"  # what `authenticate` is given; not the column of that name
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_HANDLERS = [
    "kernel.uploads.CutFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Key id -> 32 bytes. Old keys stay until `rotate_keys` has re-encrypted their rows.
FIELD_KEYS = {
    key_id: base64.b64decode(key)
    for key_id, _colon, key in (
        word.partition(":")
        for word in environment.words(
            "FIELD_KEYS",
            environment.secret(
                "FIELD_KEYS", debug=DEBUG or DEMO, sample="demo:" + base64.b64encode(b"d" * 32).decode()
            ),
        )
    )
}
FIELD_KEY_CURRENT = environment.text("FIELD_KEY_CURRENT", next(iter(FIELD_KEYS)))
BLIND_INDEX_KEY = environment.secret("BLIND_INDEX_KEY", debug=DEBUG or DEMO, sample="demo-blind-index")

# Work -----------------------------------------------------------------------------------------------------------------

# The broker carries hints; what must happen is a row in Postgres (kernel/work.py). So nothing keeps results or waits.
CELERY_BROKER_URL = environment.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
# Above the longest task, or the broker hands it to a second worker. Celery reads it in three places.
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}
CELERY_REDIS_SOCKET_TIMEOUT = CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 2
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# The world outside ----------------------------------------------------------------------------------------------------
# Product code has no demo branch: in the demo these addresses point at the sandbox service, and nothing else differs.

EMAIL_BACKEND = environment.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = environment.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Isoko <hello@isoko.example>")

# Who answers for the site, as the foot of each page and the page about us name them.
OPERATOR_NAME = environment.text("OPERATOR_NAME", "Isoko")
OPERATOR_REGISTRATION = environment.text("OPERATOR_REGISTRATION")
SUPPORT_EMAIL = environment.text("SUPPORT_EMAIL", "hello@isoko.example")

SMS_GATEWAY_URL = environment.text("SMS_GATEWAY_URL")
SMS_GATEWAY_KEY = environment.text("SMS_GATEWAY_KEY")
SMS_SENDER = environment.text("SMS_SENDER", "ISOKO")

STRIPE_API_KEY = environment.text("STRIPE_API_KEY")
STRIPE_API_BASE = environment.text("STRIPE_API_BASE", "https://api.stripe.com")
STRIPE_WEBHOOK_SECRETS = environment.words("STRIPE_WEBHOOK_SECRETS")

# Exchange rates in the terms of the National Bank of Rwanda (`catalog.rates`); empty where staff enter them by hand.
RATES_URL = environment.text("RATES_URL")

# Who translates sellers' descriptions: the dotted path of a class as `catalog.translating.Provider` describes it.
TRANSLATION_PROVIDER = environment.text("TRANSLATION_PROVIDER", "catalog.translating.Nobody")
TRANSLATION_TIMEOUT = environment.number("TRANSLATION_TIMEOUT", 20)  # seconds

TRACK17_API_BASE = environment.text("TRACK17_API_BASE", "https://api.17track.net/track/v2.2")
TRACK17_KEY = environment.text("TRACK17_KEY")

MOMO_API_BASE = environment.text("MOMO_API_BASE", "https://sandbox.momodeveloper.mtn.com")
MOMO_SUBSCRIPTION_KEY = environment.text("MOMO_SUBSCRIPTION_KEY")
MOMO_API_USER = environment.text("MOMO_API_USER")
MOMO_API_KEY = environment.text("MOMO_API_KEY")
MOMO_TARGET_ENVIRONMENT = environment.text("MOMO_TARGET_ENVIRONMENT", "sandbox")
MOMO_CURRENCY = environment.text("MOMO_CURRENCY", "EUR")

# Where the sandbox's own page for people is; empty outside the demo.
SANDBOX_CONTROL_URL = environment.text("SANDBOX_CONTROL_URL")

# Interfaces -----------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 20,
    "EXCEPTION_HANDLER": "kernel.problems.handle",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "kernel.http.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s [%(request_id)s] %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["stderr"], "level": environment.text("LOG_LEVEL", "INFO")},
}
