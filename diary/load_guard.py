"""What speaks against a test on a day: rules of the field that a teacher is told of and may overrule.

Sources (rules.md, "Load"): order 704 of the Ministry of Education, in force since 1 September 2025: tests
take at most 10 % of a subject's hours, are not written more often than once in 2.5 weeks in a subject of
a grade level, nor at the first or the last lesson of a day, except in subjects with one lesson a week.
That a class writes at most one test a day is common practice.

Nothing is forbidden: the page tells, and takes the test when it is confirmed. That it was confirmed needs
no row of its own: the work's history says who planned it when, and the calendar of tests shows each day
with two of them.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.models import Work
from schedule.models import Lesson
from schedule.weeks import day_label
from schools.models import Course, SchoolClass

FEWEST_DAYS = 18  # 2.5 weeks are 17.5 days
LARGEST_SHARE = 10  # per cent of the subject's hours in the year
WEEKS_OF_A_YEAR = 34  # of lessons, while the timetable of the year is not laid down to its end


@dataclass(frozen=True)
class Caution:
    """`rule` names the rule for the code, `text` what is found, `advice` what to do."""

    rule: str
    text: str
    advice: str


def cautions(lesson: Lesson, *, besides: Work | None = None) -> list[Caution]:
    """Against a test at the lesson; `besides` is the planned test itself when it moves. A constant number
    of statements."""
    classes = classes_of(lesson.course)
    tests = Work.objects.filter(kind__is_test=True).exclude(lesson__state=Lesson.State.CANCELLED)
    if besides:
        tests = tests.exclude(pk=besides.pk)
    own = list(tests.filter(course=lesson.course).order_by("date").values_list("date", flat=True))
    found = [
        _second_that_day(lesson, tests_of(classes, tests)),
        _too_soon(lesson, own),
        _too_many(lesson, len(own) + 1),
        _at_the_edge(lesson, classes),
    ]
    return [caution for caution in found if caution]


def classes_of(course: Course) -> list[int]:
    """The classes whose students the course is taught to."""
    if course.school_class_id:
        return [course.school_class_id]
    return list(SchoolClass.objects.filter(groups=course.group_id).values_list("pk", flat=True))


def tests_of(classes: Any, tests: QuerySet[Work]) -> QuerySet[Work]:
    """Those that the classes write, whole or in groups."""
    of_groups = Q(course__group__classes__in=classes)
    return tests.filter(Q(course__school_class__in=classes) | of_groups).distinct()


def _second_that_day(lesson: Lesson, tests: QuerySet[Work]) -> Caution | None:
    """Halves of a class write the test of their subject each for themselves: no student writes both."""
    others = tests.filter(date=lesson.date)
    if lesson.course.group_id:
        others = others.exclude(
            ~Q(course=lesson.course), course__subject=lesson.course.subject_id, course__school_class=None
        )
    first = others.select_related("course__subject").order_by("pk").first()
    if first is None:
        return None
    subject = first.course.subject.name
    return Caution(
        "one-a-day",
        _("The class has a test that day already: %(subject)s.") % {"subject": subject},
        _("One a day is enough: choose another day."),
    )


def _too_soon(lesson: Lesson, own: list[datetime.date]) -> Caution | None:
    """Counted to the nearest test of the course, before or after."""
    others = [day for day in own if day != lesson.date]
    nearest = min(others, key=lambda day: abs((day - lesson.date).days), default=None)
    if nearest is None or abs((nearest - lesson.date).days) >= FEWEST_DAYS:
        return None
    days = abs((nearest - lesson.date).days)
    text = ngettext(
        "%(count)d day lies between it and the test of %(day)s.",
        "%(count)d days lie between it and the test of %(day)s.",
        days,
    )
    return Caution(
        "too-soon",
        text % {"count": days, "day": day_label(nearest)},
        _("In a subject a test is written once in two and a half weeks: choose a later day."),
    )


def _too_many(lesson: Lesson, count: int) -> Caution | None:
    """Of the hours of the year: what is laid down, or what the hours a week make of it."""
    laid = Lesson.objects.filter(course=lesson.course).exclude(state=Lesson.State.CANCELLED).count()
    hours = max(laid, int(lesson.course.hours_per_week * WEEKS_OF_A_YEAR))
    if count * 100 <= hours * LARGEST_SHARE:
        return None
    return Caution(
        "too-many",
        ngettext(
            "It would be test %(count)d in %(hours)d hour of the year.",
            "It would be test %(count)d in %(hours)d hours of the year.",
            hours,
        )
        % {"count": count, "hours": hours},
        _("Tests take at most a tenth of a subject's hours: a smaller work may do."),
    )


def _at_the_edge(lesson: Lesson, classes: list[int]) -> Caution | None:
    if lesson.course.hours_per_week <= 1:
        return None
    taught = Q(course__school_class__in=classes) | Q(course__group__classes__in=classes)
    day = Lesson.objects.filter(taught, date=lesson.date).exclude(state=Lesson.State.CANCELLED)
    edges = day.aggregate(first=Min("starts"), last=Max("starts"))
    if lesson.starts not in (edges["first"], edges["last"]):
        return None
    is_first = lesson.starts == edges["first"]
    return Caution(
        "edge",
        _("It is the class's first lesson that day.")
        if is_first
        else _("It is the class's last lesson that day."),
        _("Tests are written in between: choose another lesson."),
    )
