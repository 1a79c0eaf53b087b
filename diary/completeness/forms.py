"""What the head teacher asks and the teacher answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.models.keeping import LONGEST_TEXT

TOO_LONG = _("%(show_value)d characters, at most %(limit_value)d fit: shorten it.")


class RemarkForm(forms.Form):
    text = forms.CharField(
        label=_("What to check"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what the teacher is to check."), "max_length": TOO_LONG},
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what was done."), "max_length": TOO_LONG},
    )
