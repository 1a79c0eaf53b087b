"""The fields of the lesson page that belong to the whole class; the students' cells are `LessonPage`'s."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.homework.fields import FilesField
from diary.models import Homework

TOO_LONG = _("%(show_value)d characters, at most %(limit_value)d fit: shorten it.")
NOT_LISTED = _("Choose one of the list.")
MINUTES = _("A number from 1 to 300.")


class LessonForm(forms.Form):
    """Topic, kind of work of new marks, homework for one of the course's next lessons."""

    topic = forms.CharField(
        label=_("Topic"), max_length=500, required=False, error_messages={"max_length": TOO_LONG}
    )
    programme_topic = forms.CharField(label=_("By the programme"), required=False)
    mark_kind = forms.TypedChoiceField(
        label=_("Marks for"), coerce=int, required=False, error_messages={"invalid_choice": NOT_LISTED}
    )
    homework_text = forms.CharField(
        label=_("What is set"),
        max_length=Homework._meta.get_field("text").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )
    homework_due = forms.TypedChoiceField(
        label=_("For which lesson"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    homework_minutes = forms.IntegerField(
        label=_("Minutes it takes"),
        min_value=1,
        max_value=300,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), MINUTES),
    )
    homework_files = FilesField(label=_("Add files to the homework"))

    def __init__(self, *args: Any, kinds: list[tuple[int, str]], due: list[tuple[Any, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["mark_kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["homework_due"].choices = due  # type: ignore[attr-defined]
