"""What is sealed is signed with a key that the database does not know."""

import hashlib
import hmac

from django.conf import settings


def signature(text: str) -> str:
    """HMAC-SHA256 by the newest key, hex."""
    return _signed(settings.HISTORY_SEAL_KEYS[0], text)


def is_signature(given: str, text: str) -> bool:
    """By any of our keys."""
    return any(hmac.compare_digest(given, _signed(key, text)) for key in settings.HISTORY_SEAL_KEYS)


def _signed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
