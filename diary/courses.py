"""Who belongs to courses on a day. Whose journals an account may open: `diary.access`."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from schools.models import (
    Course,
    Enrolment,
    GroupMembership,
    Person,
    SchoolClass,
)


class Member(NamedTuple):
    student: Person
    since: datetime.date  # the first day in the class or group


def members_of(
    courses: Iterable[Course], on: datetime.date, *, classes: Any = None
) -> dict[int, list[Member]]:
    """Who belongs to each course on a day, in the order of the class list. Two statements at most.

    A group's members are those who are in one of its classes as well (`Lesson.students`); with `classes`
    (a queryset or keys) only those who are in one of these.
    """
    of_class, of_group = defaultdict(list), defaultdict(list)
    for course in courses:
        if course.school_class_id:
            of_class[course.school_class_id].append(course.pk)
        else:
            of_group[course.group_id].append(course.pk)
    enrolled = Enrolment.objects.on(on)
    if classes is not None:
        enrolled = enrolled.filter(school_class__in=classes)
    members: dict[int, list[Member]] = {course.pk: [] for course in courses}
    if of_class:
        for tie in _in_roll_order(enrolled.filter(school_class__in=of_class)):
            for key in of_class[tie.school_class_id]:
                members[key].append(Member(tie.student, tie.since))
    if of_group:
        in_class = enrolled.filter(student=OuterRef("student"), school_class__groups=OuterRef("group"))
        ties = GroupMembership.objects.on(on).filter(Exists(in_class), group__in=of_group)
        for tie in _in_roll_order(ties):
            for key in of_group[tie.group_id]:
                members[key].append(Member(tie.student, tie.since))
    return members


def students_of_class(school_class: SchoolClass, on: datetime.date) -> list[Person]:
    ties = _in_roll_order(Enrolment.objects.on(on).filter(school_class=school_class))
    return [tie.student for tie in ties]


def _in_roll_order(ties: Any) -> Any:
    return ties.select_related("student").defer("student__snils").order_by("student__sort_key", "student__pk")
