"""Putting points on works of a lesson."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.models import WorkKind
from schools.models import Person

WHO = _("Choose at least one student.")
DAY = _("Enter a day, for example 20.12.2026.")


def day_field(label: Any) -> forms.DateField:
    """The browser's calendar speaks ISO, whatever the language."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": DAY, "invalid": DAY},
    )


class PointForm(forms.Form):
    """Another day for an owed work."""

    due_on = day_field(_("Owed by"))


class OweForm(PointForm):
    """A work of the lesson that students owe."""

    kind = forms.ModelChoiceField(WorkKind.objects.none(), label=_("What is owed"), empty_label=None)
    students = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=_("Who owes it"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": WHO},
    )

    def __init__(self, *args: Any, lesson: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = WorkKind.objects.of(lesson.organisation_id)  # type: ignore[attr-defined]
        students: Any = self.fields["students"]
        students.queryset = lesson.students()
        students.label_from_instance = lambda student: student.roll_name
