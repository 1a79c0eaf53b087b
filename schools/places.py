"""The classes and groups a student belongs to, from–to."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q

from schools.models import Course, Enrolment, GroupMembership


@dataclass(frozen=True)
class Place:
    """A class (`class_id`) or a group (`group_id`), and the days on which the student is in it."""

    since: datetime.date
    until: datetime.date | None
    class_id: int | None = None
    group_id: int | None = None

    def meets(self, since: datetime.date, until: datetime.date) -> bool:
        """Whether one of the days since…until, both included, is spent there."""
        return self.since <= until and (self.until is None or self.until >= since)

    def is_of(self, course: Course) -> bool:
        """Whether the course is taught there."""
        if course.school_class_id:
            return self.class_id == course.school_class_id
        return self.group_id == course.group_id

    def lessons(self, since: datetime.date, until: datetime.date, *, date: str, course: str) -> Q:
        """The condition on a row that has a `date` and leads to a `course`, within since…until."""
        days = (max(self.since, since), min(self.until or until, until))
        whose = f"{course}__school_class" if self.class_id else f"{course}__group"
        return Q(**{f"{date}__range": days, whose: self.class_id or self.group_id})


def any_of(
    places: Iterable[Place], since: datetime.date, until: datetime.date, *, date: str, course: str
) -> Q:
    """The condition of all places together; nothing matches when there are none."""
    found = Q(pk__in=[])
    for place in places:
        if place.meets(since, until):
            found |= place.lessons(since, until, date=date, course=course)
    return found


def classes_of(enrolments: Iterable[Enrolment]) -> list[Place]:
    return [Place(tie.since, tie.until, class_id=tie.school_class_id) for tie in enrolments]


def groups_of(student_id: int) -> list[Place]:
    """Each group on the days on which the student is in one of its classes as well. One statement."""
    return groups_of_each([student_id])[student_id]


def groups_of_each(students: Iterable[int]) -> dict[int, list[Place]]:
    """The same of several students, by each. One statement."""
    enrolment = "group__classes__enrolments"
    ties = GroupMembership.objects.filter(
        student__in=list(students), **{f"{enrolment}__student": F("student")}
    )
    places: dict[int, list[Place]] = defaultdict(list)
    for student, group, since, until, enrolled_since, enrolled_until in ties.values_list(
        "student", "group", "since", "until", f"{enrolment}__since", f"{enrolment}__until"
    ):
        first = max(since, enrolled_since)
        last = min(filter(None, (until, enrolled_until)), default=None)
        if last is None or first <= last:
            places[student].append(Place(first, last, group_id=group))
    return places
