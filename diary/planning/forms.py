"""Planning a work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.models import Work, WorkKind
from schedule.models import Lesson
from schedule.weeks import day_title


class WorkForm(forms.Form):
    """`lessons` are those that the teacher may plan for."""

    kind = forms.ModelChoiceField(WorkKind.objects.none(), label=_("Kind of work"), empty_label=None)
    title = forms.CharField(
        label=_("Title"),
        max_length=Work._meta.get_field("title").max_length,
        required=False,
        help_text=_("For example: Test No. 3, quadratic equations. Families read it."),
    )
    lesson = forms.ModelChoiceField(Lesson.objects.none(), label=_("Lesson"), empty_label=None)

    def __init__(self, *args: Any, lessons: Any, organisation: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, lesson = self.fields["kind"], self.fields["lesson"]
        kind.queryset = WorkKind.objects.of(organisation)  # type: ignore[attr-defined]
        kind.label_from_instance = lambda each: each.local_name  # type: ignore[attr-defined]
        lesson.queryset = lessons  # type: ignore[attr-defined]
        lesson.label_from_instance = _lesson_label  # type: ignore[attr-defined]

    @property
    def confirmation(self) -> str:
        """What is confirmed: a test at another lesson is asked about anew."""
        return f"{self.cleaned_data['lesson'].pk}-{self.cleaned_data['kind'].pk}"


def _lesson_label(lesson: Lesson) -> str:
    return _("%(day)s, lesson %(number)d") % {"day": day_title(lesson.date), "number": lesson.number}
