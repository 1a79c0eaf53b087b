"""The form of a new note: of whole days, or of lessons of one day."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from diary.models import Absence
from diary.notes.forms import DaysForm, LessonsForm
from diary.typed import iso_day
from schedule.models import Lesson
from schools.family import Child, places_of
from schools.models import Information


def form_of_days(asked: Mapping[str, str], **sent: Any) -> DaysForm:
    """`asked` may name the first day, `since`, where a missed one led here."""
    return DaysForm(**sent, initial={"since": iso_day(asked.get("since")), "reason": Absence.Code.ILL})


def form_of_lessons(child: Child, day: datetime.date, **sent: Any) -> LessonsForm:
    initial = {"reason": Absence.Code.VALID}
    return LessonsForm(**sent, day=day, lessons=_lessons(child, day), initial=initial)


def _lessons(child: Child, day: datetime.date) -> list[tuple[int, str]]:
    """(number, «2. Алгебра»); without subjects where the timetable is not granted. Two statements."""
    places = places_of(child)
    lessons = Lesson.objects.of_student(places, day, day).exclude(state=Lesson.State.CANCELLED).in_order()
    found: dict[int, str] = {}
    for number, subject in lessons.values_list("number", "course__subject__name"):
        what = subject if child.shows(Information.TIMETABLE) else _("lesson")
        found.setdefault(number, f"{number}. {what}")
    return list(found.items())
