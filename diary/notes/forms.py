"""What a parent writes of an absence, and the class teacher of the note."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.excuses.forms import ORDER
from diary.homework.contents import extensions
from diary.homework.files import checked
from diary.letters import ABSENCE_WORDS
from diary.marking import Refused
from diary.models import LONGEST_NOTE, LONGEST_REFUSAL, Absence
from diary.notes.filing import LONGEST_NOTE_DAYS, Concern
from diary.owed.forms import day_field

REASON = _("Choose the reason.")
REASONS = [
    (Absence.Code.ILL, ABSENCE_WORDS[Absence.Code.ILL]),
    (Absence.Code.VALID, _("another valid reason")),
]


class NoteForm(forms.Form):
    """The reason, in own words where it is no illness, and a file. What it is about (`concern`), and the
    field that a refused note is said at (`of`), the two forms below tell."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": REASON, "invalid_choice": REASON},
    )
    text = forms.CharField(
        label=_("In your own words"),
        help_text=_("Not needed for an illness."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    upload = forms.FileField(
        label=_("Attached file"),
        help_text=_("A certificate or another paper, if there is one: a picture or PDF."),
        required=False,
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accepted = ",".join(f".{extension}" for extension in extensions())
        self.fields["upload"].widget.attrs["accept"] = accepted

    def clean_upload(self) -> dict[str, Any] | None:
        """As `file_note` takes it."""
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        try:
            name, kind = checked(upload)
        except Refused as refused:
            raise forms.ValidationError(_("Not taken: %(why)s.") % {"why": refused}) from refused
        upload.seek(0)
        return {"file": upload, "name": name, "content_type": kind.content_type}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_said = cleaned.get("text") or "text" in self.errors
        if cleaned.get("reason") == Absence.Code.VALID and not is_said:
            self.add_error("text", _("Write in some words why: the class teacher decides by them."))
        return cleaned

    def told(self) -> dict[str, Any]:
        """What `file_note` takes besides the days."""
        data = self.cleaned_data
        return {"reason": data["reason"], "text": data["text"], "file": data["upload"]}


class DaysForm(NoteForm):
    """Whole days."""

    since = day_field(_("First day"))
    until = day_field(_("Last day"))

    field_order = ("since", "until", "reason", "text", "upload")
    of = "since"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = False
        self.fields["until"].help_text = _("Leave it empty for one day.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ORDER)
        elif since and until and until - since >= LONGEST_NOTE_DAYS:
            self.add_error("until", _("Three months at most. For longer, talk to the school."))
        return cleaned

    @property
    def concern(self) -> Concern:
        since: datetime.date = self.cleaned_data["since"]
        return Concern(since, self.cleaned_data["until"] or since)


class LessonsForm(NoteForm):
    """Some of one day's lessons; `lessons` are (number, label)."""

    numbers = forms.TypedMultipleChoiceField(
        label=_("Lessons"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one lesson."),
            "invalid_choice": _("Choose lessons of the list."),
        },
    )

    field_order = ("numbers", "reason", "text", "upload")
    of = "numbers"

    def __init__(self, *args: Any, day: datetime.date, lessons: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        self.fields["numbers"].choices = lessons  # type: ignore[attr-defined]

    @property
    def concern(self) -> Concern:
        return Concern(self.day, self.day, tuple(self.cleaned_data["numbers"]))


class DayForm(forms.Form):
    """Of which day lessons are to be chosen."""

    day = day_field(_("Day"))


class RefusalForm(forms.Form):
    words = forms.CharField(
        label=_("Why it is refused"),
        help_text=_("The family reads it."),
        max_length=LONGEST_REFUSAL,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why: the family reads it.")},
    )
