"""Keeping a phrase."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.models import Phrase

NOTHING = _("Write the phrase.")


class PhraseForm(forms.ModelForm):
    class Meta:
        model = Phrase
        fields = ("text", "kind")
        error_messages = {"text": {"required": NOTHING}}

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.person = person

    def _get_validation_exclusions(self) -> set[str]:
        """The person is not typed, but the phrase is one of theirs: once."""
        return super()._get_validation_exclusions() - {"person"}  # type: ignore[misc]
