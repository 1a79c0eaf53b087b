"""Numbers of documents: kept encrypted, matched by a keyed hash, shown masked."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


@lru_cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def sealed(text: str) -> str:
    """Text as a Fernet token, for wherever personal data waits outside an encrypted column (a
    session, a half-done sign-in); the newest key encrypts, all decrypt. Empty stays empty."""
    return text and _cipher(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def unsealed(token: str) -> str:
    """What `sealed` was given. Raises InvalidToken."""
    return token and _cipher(tuple(settings.ENCRYPTION_KEYS)).decrypt(token.encode()).decode()


class EncryptedTextField(models.TextField):
    """Text that the database holds only `sealed`."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value and sealed(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value and unsealed(value)


def document_hashes(number: str) -> list[str]:
    """The keyed hashes (HMAC-SHA256, hex) of a number, the newest key's first: write the first,
    match by all, so that keys can be changed while rows wait to be hashed anew."""
    return [hmac.new(key.encode(), number.encode(), hashlib.sha256).hexdigest() for key in settings.HASH_KEYS]


def clean_snils(text: str) -> str:
    """`112-233-445 95` → `11223344595`; empty stays empty.

    The control number (Pension Fund resolution 192p): Σ digit·(9…1) mod 101, 100 counts as 00;
    numbers up to 001-001-998 have none. Nobody's number is one digit nine times over, which is what
    a field that insists gets. Raises ValidationError.
    """
    digits = text.replace("-", "").replace(" ", "").replace("\u00a0", "")
    if not digits:
        return ""
    if len(digits) != 11 or not (digits.isascii() and digits.isdecimal()):
        raise ValidationError(_("A SNILS has 11 digits, like 112-233-445 95."), code="snils")
    if len(set(digits[:9])) == 1:
        raise ValidationError(_("This is nobody's SNILS: leave it empty if there is none."), code="snils")
    control = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9])) % 101 % 100
    if int(digits[:9]) > 1_001_998 and control != int(digits[9:]):
        raise ValidationError(
            _("The last two digits of this SNILS do not fit: check the number."), code="snils"
        )
    return digits


def mask_snils(digits: str) -> str:
    """`11223344595` → `***-***-445 95`."""
    return f"***-***-{digits[6:9]} {digits[9:]}" if digits else ""
