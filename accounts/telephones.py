"""The field in which a telephone number is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.phones import normal_number


class PhoneField(forms.CharField):
    """In any of the ways people write it; cleaned to E.164, `+79271234567`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["label"] = _("Telephone")
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        return normal_number(value) if value else ""
