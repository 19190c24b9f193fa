"""Settings under test: the real ones, with fast passwords and files that vanish."""

import os
import tempfile

os.environ.setdefault("DEMO", "True")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="isoko-test-"))

from marketplace.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STRIPE_API_KEY = "sk_test_isoko"
STRIPE_WEBHOOK_SECRETS = ["whsec_isoko_test"]
TRACK17_KEY = "demo-17track-key"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
AXES_ENABLED = False
# A test sees what it has just changed; those about the cache switch it on.
PAGE_CACHE_SECONDS = 0
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # whitenoise warns where there is none
