"""The assessment calendar of a class: its tests by day, of the class and of its groups."""

import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.load_guard import tests_of
from diary.models import Work
from schedule.converters import has_address
from schedule.models import Lesson
from schedule.weeks import DAY, day_title, next_month
from schools.models import SchoolClass


def tests_of_month(school_class: SchoolClass, first: datetime.date, *, reader: Any) -> list[dict[str, Any]]:
    """Days with tests, planned and given. Nothing of it concerns a student. One statement."""
    until = next_month(first) - DAY
    tests = Work.objects.filter(kind__is_test=True, date__range=(first, until))
    tests = tests.exclude(lesson__state=Lesson.State.CANCELLED)
    found: Any = (
        tests_of([school_class.pk], tests)
        .annotate(
            marks_given=Count("marks", distinct=True),
            is_seen=Exists(Lesson.objects.visible_to(reader).filter(pk=OuterRef("lesson"))),
        )
        .select_related("kind", "course__subject", "course__school_class", "course__group", "lesson__teacher")
        .order_by("date", "lesson__starts", "pk")
    )
    return [
        _day(day, [_line(work) for work in works])
        for day, works in groupby(found, key=lambda work: work.date)
    ]


def _day(day: datetime.date, lines: list[dict[str, Any]]) -> dict[str, Any]:
    subjects = {line["subject"] for line in lines}
    return {"title": day_title(day), "tests": lines, "is_crowded": len(subjects) > 1}


def _line(work: Any) -> dict[str, Any]:
    lesson = work.lesson
    return {
        "subject": work.course.subject.name,
        "group": work.course.group.name if work.course.group else "",
        "title": work.title or work.kind.local_name,
        "number": lesson.number if lesson else "",
        "teacher": lesson.teacher.short_name if lesson else "",
        "state": _("written") if work.marks_given else _("planned"),
        "url": reverse("diary:lesson", args=[lesson.pk]) if lesson and work.is_seen else "",
    }


def month_pager(school_class: SchoolClass, first: datetime.date) -> dict[str, str]:
    def url(day: datetime.date) -> str:
        if not has_address(day):
            return ""
        return reverse("diary:class-tests-of-month", args=[school_class.pk, day])

    return {
        "title": capfirst(date_format(first, "F Y")),
        "previous_url": url((first - DAY).replace(day=1)),
        "next_url": url(next_month(first)),
    }
