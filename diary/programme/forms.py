"""What is typed about programmes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.models import Topic
from diary.models.programme import LONGEST_WORDS, MOST_HOURS, MOST_TOPICS
from schools.models import Course

TOO_LONG = _("%(show_value)d characters, at most %(limit_value)d fit: shorten it.")
HOURS = _("A number from 1 to 99.")
PLACE = _("A number from 1 on.")


class TopicForm(forms.ModelForm):
    """A topic and its place (from 1); without a place a new one goes to the end."""

    place = forms.IntegerField(
        label=_("Place in the programme"),
        min_value=1,
        max_value=MOST_TOPICS,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PLACE),
    )
    shown_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Topic
        fields = ("section", "title", "hours", "homework", "note", "is_test", "left_out")
        labels = {"homework": _("Homework")}
        widgets = {"homework": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "left_out": _("Given before the programme began, or joined with another topic."),
            "is_test": _("Shown in bold among the next lessons."),
        }
        error_messages = {
            "hours": dict.fromkeys(("invalid", "min_value", "max_value"), HOURS),
            **{name: {"max_length": TOO_LONG} for name in ("section", "title", "homework", "note")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].widget.attrs |= {"min": 1, "max": MOST_HOURS, "inputmode": "numeric"}

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class UploadForm(forms.Form):
    """A workbook with a programme; what it may be is checked where it is read."""

    file = forms.FileField(
        label=_("Spreadsheet (.xlsx)"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class CopyForm(forms.Form):
    """Whose programme to take; `sources` are courses that the account may read."""

    source = forms.ModelChoiceField(
        queryset=Course.objects.none(),
        label=_("Take from"),
        empty_label=None,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the list.")),
    )

    def __init__(self, *args: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        self.fields["source"].label_from_instance = _named  # type: ignore[attr-defined]


def _named(course: Any) -> str:
    return f"{course}: {course.topic_count}"


class TargetsForm(forms.Form):
    """The courses that get the same programme."""

    targets = forms.ModelMultipleChoiceField(queryset=Course.objects.none())

    def __init__(self, *args: Any, targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["targets"].queryset = targets  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """Why a programme goes back to its teacher."""

    words = forms.CharField(
        label=_("What to change"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what to change."), "max_length": TOO_LONG},
    )


class VersionForm(forms.Form):
    """Which version of the programme the page showed."""

    shown_version = forms.IntegerField(widget=forms.HiddenInput)


class BeginForm(forms.Form):
    """The first topic that still has to be given."""

    place = forms.IntegerField(min_value=1, max_value=MOST_TOPICS)
