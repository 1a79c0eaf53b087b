"""Averages of marks: the one place that computes them, for every page, report and task.

Average = Σ(points · weight) / Σ weight over the marks that have points (rules.md, "Marks, absences,
terms"). It is exact until it is rounded, half up, to two decimals; those are what people are shown, and
what the school's rule makes a result of, so that nobody sees 4.50 and gets a 4.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_FLOOR, Context, Decimal, Inexact
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from diary.models import Mark, local_name, weight_in_force
from schools.models import Course, Term

HUNDREDTH = Decimal("0.01")
# Sums of hundredths stay exact by far; a number that would not is an error, and not a wrong average.
EXACTLY = Context(prec=60, traps=[Inexact])


class Weighed(NamedTuple):
    """What a mark counts; `points` is none for exempt, not certified, passed…"""

    points: Decimal | None
    weight: Decimal


def weighted_average(marks: Iterable[Weighed]) -> Decimal | None:
    """With two decimals; None where no mark counts."""
    total, weights = Decimal(0), Decimal(0)
    for points, weight in marks:
        if points is not None:
            total = EXACTLY.fma(points, weight, total)
            weights = EXACTLY.add(weights, weight)
    return quotient(total, weights)


def quotient(total: Decimal, weights: Decimal) -> Decimal | None:
    """The average of Σ(points · weight) and Σ weight, as a database may have added them up."""
    return _rounded(Fraction(total) / Fraction(weights)) if weights else None


def mean(points: Iterable[Decimal]) -> Decimal | None:
    """Of results, which weigh the same: a year's from its terms', a final one from year and examination."""
    return weighted_average(Weighed(each, Decimal(1)) for each in points)


def _rounded(exact: Fraction) -> Decimal:
    """Half up: half a hundredth is added, and what is past the hundredths falls off."""
    hundredths = (exact * 200 + 1) // 2
    return Decimal(int(hundredths)) * HUNDREDTH


def suggested_points(average: Decimal, rounds_up_from: Decimal) -> int:
    """The whole number that an average makes a result of, by the school's rule: 4.60 from 0.60 on is 5."""
    whole = average.to_integral_value(ROUND_FLOOR)
    return int(whole) + (average - whole >= rounds_up_from)


class Counted(NamedTuple):
    """A mark as an average counts it. `course` is the one it was given in and `where` that one's class or
    group, named only for marks that a student brought along from it; `lesson` is empty for a work without."""

    student: int
    mark: int
    course: int
    date: datetime.date
    text: str
    tone: str
    points: Decimal | None
    weight: Decimal
    kind: str
    kind_en: str
    title: str
    where: str
    lesson: int | None = None
    correction: int | None = None

    @property
    def local_kind(self) -> str:
        return local_name(self.kind, self.kind_en)

    @property
    def weighed(self) -> Weighed:
        return Weighed(self.points, self.weight)


def averages_of(
    course: Course, term: Term, students: Iterable[int], *, published_at: datetime.datetime | None = None
) -> dict[int, Decimal | None]:
    """By the keys of `students`; None where no mark counts. One statement.

    With `published_at` only what families see by then.
    """
    students = list(students)
    marks = counted_marks([course], term, students, published_at=published_at)[course.pk]
    return {student: average(marks.get(student, [])) for student in students}


def average(marks: Iterable[Counted]) -> Decimal | None:
    return weighted_average(mark.weighed for mark in marks)


def counted_marks(
    courses: Iterable[Course],
    term: Term,
    students: Iterable[int],
    *,
    published_at: datetime.datetime | None = None,
) -> dict[int, dict[int, list[Counted]]]:
    """What averages are made of: by course and student, in the order of dates. One statement.

    `courses` come with their subjects. Counted are the marks of a course in the term; and, for whoever
    left another class or group in that term, those given there in the subject of the same name (demand
    row 33: a student who moves keeps them).
    """
    by_key, students = {course.pk: course for course in courses}, list(students)
    marks: dict[int, dict[int, list[Counted]]] = {key: defaultdict(list) for key in by_key}
    if not (by_key and students):
        return marks
    found = Mark.objects.filter(student__in=students)
    if published_at:
        found = found.published(published_at)
    rows = _given_in(found, by_key, term).union(*_brought_along(found, by_key, students, term))
    for row in sorted(rows, key=_in_order):
        counted, subject = Counted(*row[:-1]), row[-1]
        for key in _counts_for(counted, subject, by_key):
            marks[key][counted.student].append(counted)
    return marks


_COLUMNS = (
    "student",
    "pk",
    "work__course",
    "work__date",
    "value__text",
    "value__tone",
    "value__points",
    weight_in_force("work"),
    "work__kind__name",
    "work__kind__name_en",
    "work__title",
)
_LAST = ("work__lesson", "correction")


def _in_order(row: Any) -> Any:
    return row[3], row[1]


def _counts_for(counted: Counted, subject: str | None, courses: dict[int, Course]) -> Iterator[int]:
    """`subject` is named for a mark brought along."""
    if subject is None:
        yield counted.course
    else:
        for key, course in courses.items():
            if course.subject.name == subject and key != counted.course:
                yield key


def in_term(term: Term) -> Q:
    """Of marks: those of the term's lessons, and of works without a lesson whose day is in it."""
    return Q(work__lesson__term=term.pk) | Q(work__lesson=None, work__date__range=(term.since, term.until))


def _given_in(found: Any, courses: Iterable[int], term: Term) -> Any:
    """In the works of these courses in the term: by their lesson, by their date where they have none."""
    given = found.filter(in_term(term), work__course__in=list(courses))
    return given.values_list(*_COLUMNS, Value("", CharField()), *_LAST, Value(None, CharField()))


def _brought_along(found: Any, courses: dict[int, Course], students: list[int], term: Term) -> list[Any]:
    """From the classes and groups that their student left in the term, in another school too."""
    during = (term.since, term.until)
    subject = "work__course__subject__name"
    names = {course.subject.name for course in courses.values()}
    found = found.filter(year=term.year_id, work__date__range=during, **{f"{subject}__in": names})
    school_class, group = "work__course__school_class", "work__course__group"
    places = {
        f"{school_class}__enrolments": class_label_of(school_class),
        f"{group}__memberships": F(f"{group}__name"),
    }
    return [
        found.filter(
            **{
                f"{tie}__until__range": during,
                f"{tie}__student__in": students,
                f"{tie}__student": F("student"),
            }
        ).values_list(*_COLUMNS, where, *_LAST, subject)
        for tie, where in places.items()
    ]


def class_label_of(school_class: str) -> Concat:
    """`SchoolClass.label` in SQL, of the class that the path leads to."""
    grade = Cast(f"{school_class}__grade", CharField())
    return Concat(grade, Value("\u00a0«"), F(f"{school_class}__letter"), Value("»"))
