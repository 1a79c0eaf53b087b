"""Periods and reasons."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.excuses.absences import LONGEST_PERIOD
from diary.letters import ABSENCE_WORDS
from diary.models import Absence
from diary.owed.forms import day_field
from schools.models import Person

ORDER = _("The last day cannot come before the first.")
TOO_LONG = _("A year at most.")
REASONS = [(code, ABSENCE_WORDS[code]) for code in Absence.AWAY]


class PeriodForm(forms.Form):
    since = day_field(_("From"))
    until = day_field(_("To"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ORDER)
        elif since and until and until - since > LONGEST_PERIOD:
            self.add_error("until", TOO_LONG)
        return cleaned


class ReasonForm(forms.Form):
    """The reason of the days that are ticked."""

    code = forms.ChoiceField(label=_("Reason"), choices=REASONS)
    days = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].valid_value = lambda value: True  # type: ignore[attr-defined]

    def clean_days(self) -> list[tuple[int, datetime.date, str]]:
        """As `DayOfStudent.value` wrote them; `absences` reads them within the class alone."""
        return [_day(value) for value in self.cleaned_data["days"][:2000]]


class PeriodReasonForm(PeriodForm):
    """The reason of all that one student missed in a period."""

    student = forms.ModelChoiceField(Person.objects.none(), label=_("Student"), empty_label=None)
    code = forms.ChoiceField(label=_("Reason"), choices=REASONS, initial=Absence.Code.ILL)
    only_unstated = forms.BooleanField(
        label=_("Only where no reason is stated"), required=False, initial=True
    )

    field_order = ("student", "since", "until", "code", "only_unstated")

    def __init__(self, *args: Any, students: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        student: Any = self.fields["student"]
        student.queryset = students
        student.label_from_instance = lambda person: person.roll_name


def _day(value: str) -> tuple[int, datetime.date, str]:
    student, _colon, rest = value.partition(":")
    date, _colon, token = rest.partition(":")
    try:
        return int(student), datetime.date.fromisoformat(date), token
    except ValueError as wrong:
        raise forms.ValidationError(_("Choose days of the list.")) from wrong
