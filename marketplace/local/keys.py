"""The demo's secrets: made at random once, kept in var/demo-secrets.json, never published in the code."""

import base64
import json
import secrets
import uuid
from pathlib import Path

from .console import Trouble
from .places import write_private


def make() -> dict[str, str]:
    """A fresh value for every secret that the settings know, in the form of the real thing."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "BLIND_INDEX_KEY": secrets.token_urlsafe(48),
        "STRIPE_API_KEY": "sk_test_" + secrets.token_hex(16),
        "STRIPE_WEBHOOK_SECRETS": "whsec_" + secrets.token_hex(24),
        "TRACK17_KEY": secrets.token_hex(16).upper(),
        "SMS_GATEWAY_KEY": secrets.token_hex(20),
        "MOMO_SUBSCRIPTION_KEY": secrets.token_hex(16),
        "MOMO_API_USER": str(uuid.uuid4()),
        "MOMO_API_KEY": secrets.token_hex(16),
    }


def kept(folder: Path) -> dict[str, str]:
    """The secrets of the demo in this folder. What is already there stays: rows are encrypted with it."""
    path = folder / "demo-secrets.json"
    known = {}
    if path.exists():
        try:
            known = json.loads(path.read_text())
        except ValueError as error:
            raise Trouble(
                f"{path} is damaged ({error}). Restore it, or remove the folder {folder} to begin afresh."
            ) from None
    values = make() | known
    if values != known:
        write_private(path, json.dumps(values, indent=1))
    return values
