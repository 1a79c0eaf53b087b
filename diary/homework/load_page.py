"""How much is set for a day, said to the teacher before and after saving."""

import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.homework.due import due_days
from diary.homework.forms import HomeworkForm
from diary.homework.load import DayLoad, load_of
from diary.lesson.page import LessonPage
from diary.models import Homework
from diary.typed import number
from schedule.models import Lesson
from schedule.weeks import day_title
from schools.models import GroupMembership
from schools.models.periods import in_force

LONGEST = 300  # minutes that a form may say


def load_page(page: LessonPage, asked: QueryDict) -> dict[str, Any]:
    """`asked`: due, the key of the lesson it is for; minutes; homework, which is left out; whom, group,
    students, as the form says them. All of them may be missing or nonsense."""
    lesson = page.lesson
    days = due_days(page.course_lessons, lesson)
    chosen = dict(page.course_lessons).get(number(asked.get("due", "")), days[0])
    days = [chosen] if "fragment" in asked else sorted({*days, chosen})
    students = _addressees(page, asked, chosen)
    loads = load_of(students, days, but=number(asked.get("homework", "")) or None)
    minutes = min(number(asked.get("minutes", "")), LONGEST)
    return {
        "lesson": {
            "title": f"{lesson.course.subject.name}, {lesson.course.audience}",
            "subtitle": day_title(lesson.date),
            "url": reverse("diary:lesson", args=[lesson.pk]),
        },
        "day": shown(loads[chosen], minutes),
        "days": [shown(loads[day], 0) for day in days],
    }


def _addressees(page: LessonPage, asked: QueryDict, day: datetime.date) -> set[int]:
    """Of the lesson's students whom the reader may see."""
    there = set(page.lesson.students_visible_to(page.reader).values_list("pk", flat=True))
    if asked.get("whom") == HomeworkForm.GROUP and (group := number(asked.get("group", ""))):
        members = GroupMembership.objects.filter(in_force(day), group=group, student__in=there)
        return set(members.values_list("student", flat=True))
    if asked.get("whom") == HomeworkForm.STUDENTS:
        return there & {number(student) for student in asked.getlist("students")}
    return there


def shown(load: DayLoad, minutes: int) -> dict[str, Any]:
    """A day's load with the homework of `minutes` that is being written."""
    return {
        "title": day_title(load.date),
        "set": load.minutes,
        "sum": load.minutes + minutes,
        "with_yours": minutes > 0,
        "norm": load.norm,
        "is_over": load.is_over_with(minutes),
        "not_estimated": _not_estimated(load),
        "items": [
            {
                "subject": item.subject,
                "text": item.text,
                "minutes": item.minutes,
                "whom": "" if load.for_all(item) else _whom(len(item.students)),
            }
            for item in load.items
        ],
    }


def _not_estimated(load: DayLoad) -> str:
    count = load.not_estimated
    if not count:
        return ""
    return ngettext(
        "%(count)d task has no minutes: the day is fuller than the sum.",
        "%(count)d tasks have no minutes: the day is fuller than the sum.",
        count,
    ) % {"count": count}


def _whom(count: int) -> str:
    return ngettext("for %(count)d student", "for %(count)d students", count) % {"count": count}


def warning_after(lesson: Lesson, homework: Homework | None = None) -> str:
    """What a saved homework, that of everybody by default, has brought its day to, where that is more
    than the norm; else nothing."""
    saved = Homework.objects.with_due_day().filter(lesson=lesson)
    now = (saved.filter(pk=homework.pk) if homework else saved.for_everybody().order_by("pk")).first()
    if now is None:
        return ""
    day = now.due_day  # type: ignore[attr-defined]
    named = set(now.students.values_list("pk", flat=True))
    students = named or set(lesson.students().values_list("pk", flat=True))
    load = load_of(students, [day])[day]
    if not load.is_over_with(0):
        return ""
    return _("%(day)s: %(sum)d minutes of homework are set, the norm is %(norm)d. Consider another day.") % {
        "day": day_title(day),
        "sum": load.minutes,
        "norm": load.norm,
    }
