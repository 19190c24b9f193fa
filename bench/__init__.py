"""Measurements. Each prints ratios to a floor measured in the same run; `./run bench` runs them all."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()
