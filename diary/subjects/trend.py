"""How an average moves from week to week: a student's, and that of everybody on the course.

The second is told to families (product map §5.3), and must not tell them anybody else's marks: it is of
groups of five and more, changes once a week, with what families had seen by then, and has one decimal, so
that the step between two weeks fits many marks of one student.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from diary.averages import Counted, average, in_term, mean, quotient
from diary.models import Mark, weight_in_force
from schedule.weeks import WEEK, monday_of
from schools.models import Course, Enrolment, GroupMembership, Term
from schools.models.periods import in_force

FEWEST_TOLD = 5  # students with an average
TENTH = Decimal("0.1")
SECONDS = 600
Week = datetime.date  # its Monday


def weeks_of(term: Term, today: datetime.date) -> list[Week]:
    """Those of the term that have begun."""
    weeks, monday = [], monday_of(term.since)
    while monday <= min(term.until, today):
        weeks.append(monday)
        monday += WEEK
    return weeks


def own_trend(marks: Iterable[Counted], weeks: Iterable[Week]) -> list[Decimal | None]:
    """The average at the end of each week; None before the first mark that counts."""
    marks = list(marks)
    return [average(mark for mark in marks if mark.date < week + WEEK) for week in weeks]


def told_until(today: datetime.date) -> datetime.datetime:
    """Last midnight between two weeks: what families had seen by then is what figures of a class are of."""
    return timezone.make_aware(datetime.datetime.combine(monday_of(today), datetime.time()))


def class_trends(
    courses: Iterable[Course], term: Term, *, today: datetime.date
) -> dict[int, list[Decimal | None]]:
    """By course, for each of `weeks_of`: the mean of the students' averages at its end, to one decimal;
    None for a week that is not over, or of too few. Marks brought along from elsewhere are not in it. At
    most one statement: there is nothing personal in it, so it is kept in the cache for ten minutes."""
    courses = list(courses)
    keys = {f"class-trend-{course.pk}-{term.pk}-{monday_of(today)}": course.pk for course in courses}
    kept: dict[str, Any] = cache.get_many(keys)
    missing = {key: course for key, course in keys.items() if key not in kept}
    if missing:
        read = _read(missing.values(), term, today)
        kept |= {key: read[course] for key, course in missing.items()}
        cache.set_many({key: kept[key] for key in missing}, SECONDS)
    return {course: kept[key] for key, course in keys.items()}


def _read(courses: Iterable[int], term: Term, today: datetime.date) -> dict[int, list[Decimal | None]]:
    courses = list(courses)
    sums: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for course, student, week, total, weights in _sums(courses, term, today):
        sums[course][student].append((week, total, weights))
    weeks = weeks_of(term, today)
    return {course: [_mean_at_end(sums[course], week, today) for week in weeks] for course in courses}


def _sums(courses: list[int], term: Term, today: datetime.date) -> QuerySet[Mark, Any]:
    """(course, student, Monday, Σ points · weight, Σ weight) of those on the course on the term's last day
    or today."""
    day, until = min(today, term.until), told_until(today)
    classmates = Enrolment.objects.filter(
        in_force(day), student=OuterRef("student"), school_class=OuterRef("work__course__school_class")
    )
    group = GroupMembership.objects.filter(
        in_force(day), student=OuterRef("student"), group=OuterRef("work__course__group")
    )
    return (
        Mark.objects.published(until)
        .filter(in_term(term), Exists(classmates) | Exists(group))
        .filter(work__course__in=courses, work__date__lt=until.date(), value__points__isnull=False)
        .annotate(week=TruncWeek("work__date"), weight=weight_in_force("work"))
        .order_by()
        .values_list("work__course", "student", "week")
        .annotate(total=Sum(F("value__points") * F("weight")), weights=Sum("weight"))
    )


def _mean_at_end(students: dict[int, list[Any]], week: Week, today: datetime.date) -> Decimal | None:
    if week >= monday_of(today):
        return None
    averages = [_until(sums, week) for sums in students.values()]
    return told_mean(found for found in averages if found is not None)


def told_mean(averages: Iterable[Decimal]) -> Decimal | None:
    """Of a group, as a family is told it: of five and more, to one decimal."""
    averages = list(averages)
    found = mean(averages) if len(averages) >= FEWEST_TOLD else None
    return None if found is None else found.quantize(TENTH, ROUND_HALF_UP)


def _until(sums: list[Any], week: Week) -> Decimal | None:
    counted = [(total, weights) for of_week, total, weights in sums if of_week <= week]
    total = sum((total for total, _weights in counted), Decimal(0))
    return quotient(total, sum((weights for _total, weights in counted), Decimal(0)))
