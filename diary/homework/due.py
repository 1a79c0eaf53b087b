"""For which lesson or day something is set."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from diary.models import Homework
from schedule.models import Lesson
from schedule.weeks import DAY, WEEK, day_title

CourseLesson = tuple[int, datetime.date]  # key and day


def due_choices(following: Sequence[CourseLesson], homework: Homework | None) -> list[tuple[Any, str]]:
    """The course's lessons after this one. What the homework is for stays a choice: a browser would
    send the first of the others. Without any lesson: in a week."""
    choices: list[tuple[Any, str]] = [(pk, day_title(day)) for pk, day in following]
    if homework and (homework.due_lesson_id or "") not in dict(choices):
        choices.insert(0, _stored(homework))
    return choices or [("", _("in a week"))]


def _stored(homework: Homework) -> tuple[Any, str]:
    day, lesson = day_title(homework.due_on), homework.due_lesson
    if lesson is None:
        return "", day
    cancelled = _("%(day)s, the lesson is cancelled") % {"day": day}
    return lesson.pk, cancelled if lesson.is_cancelled else day_title(lesson.date)


def due_day(
    due_lesson: int | None, *, lesson: Lesson, near: Sequence[CourseLesson], homework: Homework | None
) -> datetime.date:
    """The day of a choice; a week later where the next lesson is not known yet. `near`: the course's
    lessons around this one."""
    days: dict[int | None, datetime.date] = dict(near)
    days[None] = lesson.date + WEEK
    if homework and homework.due_lesson_id not in dict(near):
        days[homework.due_lesson_id] = homework.due_on
    return days[due_lesson]


def due_days(near: Sequence[CourseLesson], lesson: Lesson) -> list[datetime.date]:
    """Every day that can be chosen, in order."""
    return sorted({day for _pk, day in near if day > lesson.date} or {lesson.date + 7 * DAY})
