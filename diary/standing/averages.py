"""The averages of a class in a term, student by student: what standings are made of."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from diary.averages import average, counted_marks, mean
from diary.courses import members_of
from diary.models import Mark
from schools.models import Course, Term


class ClassAverages:
    """Of the students of a class on `day`, in its courses and those of its groups. Four statements.

    With `told_until` only the marks that families had seen by then, of lessons before it.
    """

    def __init__(
        self,
        class_pk: int,
        term: Term,
        day: datetime.date,
        *,
        told_until: datetime.datetime | None = None,
    ) -> None:
        of_class = Q(school_class=class_pk) | Q(group__classes=class_pk)
        marked = Exists(Mark.objects.filter(work__course=OuterRef("pk")))
        found = Course.objects.filter(of_class, marked, year=term.year_id).select_related("subject")
        self.courses = list(found.distinct().order_by("subject__name", "pk"))
        members = members_of(self.courses, day, classes=[class_pk])
        self.students = {member.student.pk: member.student for each in members.values() for member in each}
        marks = counted_marks(self.courses, term, self.students, published_at=told_until)
        self.by_course: dict[int, dict[int, Decimal]] = {}
        for course in self.courses:
            of_course = marks[course.pk]
            averages = {
                member.student.pk: average(_told(of_course.get(member.student.pk, []), told_until))
                for member in members[course.pk]
            }
            self.by_course[course.pk] = {pk: found for pk, found in averages.items() if found is not None}

    def of_student(self, student: int) -> list[Decimal]:
        """In each course."""
        return [of[student] for of in self.by_course.values() if student in of]

    def overall(self) -> dict[int, Decimal]:
        """By student: the mean of the averages by course; who has none is not there."""
        means = {student: mean(self.of_student(student)) for student in self.students}
        return {student: found for student, found in means.items() if found is not None}


def _told(marks: Iterable[Any], until: datetime.datetime | None) -> list[Any]:
    return [mark for mark in marks if until is None or mark.date < until.date()]
