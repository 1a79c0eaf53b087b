"""Telephone numbers as people write them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import to_python


def normal_number(text: str) -> str:
    """`8 927 123-45-67`, `+7(927)1234567`, `9271234567` → `+79271234567` (E.164).

    Without a country the number belongs to settings.PHONENUMBER_DEFAULT_REGION.
    Raises ValidationError.
    """
    number = to_python(text.strip())
    if not number or not number.is_valid():
        raise ValidationError(_("Enter a telephone number, like +7 927 123-45-67."), code="phone")
    return str(number.as_e164)
