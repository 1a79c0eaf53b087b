"""The scale that a course is marked on: the head teacher's choice, before the first mark."""

import datetime
from typing import Any

from django.db import transaction

from diary.access import schools_headed_by
from diary.models import CourseGrading, Mark, Scale
from schools.models import Course


class MarksAreGiven(Exception):
    """The course has marks: what they mean stays."""


def courses_headed(user: Any, on: datetime.date) -> Any:
    """Of the schools whose head teacher the account is."""
    return Course.objects.filter(organisation__in=schools_headed_by(user, on).values("pk"))


def has_marks(course: Course) -> bool:
    return Mark.objects.filter(work__course=course).exists()


def scale_of(course: Course) -> Scale:
    """Its own, else the five-point one."""
    grading = CourseGrading.objects.filter(course=course).select_related("scale").first()
    return grading.scale if grading else Scale.objects.get(code=Scale.FIVE_POINT)


@transaction.atomic
def choose(course: Course, scale: Scale) -> None:
    """Raises MarksAreGiven. Who gives the first mark in this very moment gives it on the old scale: the
    mark keeps it, and the next one begins a work on the new."""
    if has_marks(course):
        raise MarksAreGiven
    CourseGrading.objects.update_or_create(course=course, defaults={"scale": scale})
