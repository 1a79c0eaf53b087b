"""The fields of one homework."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from diary.homework.fields import FilesField
from diary.lesson.forms import MINUTES, NOT_LISTED, TOO_LONG
from diary.models import Homework, HomeworkLink

ADDRESS = _("An address of a page, beginning with https:// or http://.")
MORE_LINKS = 2


class HomeworkForm(forms.Form):
    """`groups` and `students` are (key, label): those the homework may be for."""

    EVERYBODY, GROUP, STUDENTS = "all", "group", "students"

    text = forms.CharField(
        label=_("What is set"),
        max_length=Homework._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG, "required": _("Write what is set.")},
    )
    due = forms.TypedChoiceField(
        label=_("For which lesson"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    minutes = forms.IntegerField(
        label=_("Minutes it takes"),
        min_value=1,
        max_value=300,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), MINUTES),
    )
    whom = forms.ChoiceField(
        label=_("For whom"), widget=forms.RadioSelect, error_messages={"invalid_choice": NOT_LISTED}
    )
    group = forms.TypedChoiceField(
        label=_("Group"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    students = forms.TypedMultipleChoiceField(
        label=_("Students"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    uploads = FilesField(label=_("Add files"))

    def __init__(
        self, *args: Any, due: list[Any], groups: list[Any], students: list[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        whom = [(self.EVERYBODY, _("everybody on the course")), (self.STUDENTS, _("single students"))]
        if groups:
            whom.insert(1, (self.GROUP, _("a group")))
        choices = {"due": due, "group": [("", "—"), *groups], "students": students, "whom": whom}
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("whom") == self.GROUP and not cleaned.get("group") and "group" not in self.errors:
            self.add_error("group", _("Choose the group."))
        if (
            cleaned.get("whom") == self.STUDENTS
            and not cleaned.get("students")
            and "students" not in self.errors
        ):
            self.add_error("students", _("Tick at least one student."))
        return cleaned


class LinkForm(forms.Form):
    """An emptied address takes the link away."""

    url = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=HomeworkLink._meta.get_field("url").max_length,
        validators=[URLValidator(schemes=["http", "https"], message=ADDRESS)],
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=HomeworkLink._meta.get_field("title").max_length,
        error_messages={"max_length": TOO_LONG},
    )

    def clean_url(self) -> str:
        return str(self.cleaned_data["url"]).strip()

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("title") and not self.cleaned_data.get("url") and not self.errors:
            self.add_error("url", _("A title goes with an address: enter it as well."))
        return self.cleaned_data


LinkForms = forms.formset_factory(LinkForm, extra=MORE_LINKS, max_num=20, absolute_max=20)
