"""The classes and groups a student belongs to, from–to."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from schools.models import Enrolment, GroupMembership


@dataclass(frozen=True)
class Place:
    """A class (`class_id`) or a group (`group_id`), and the days on which the student is in it."""

    since: datetime.date
    until: datetime.date | None
    class_id: int | None = None
    group_id: int | None = None

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
        if place.since <= until and (place.until is None or place.until >= since):
            found |= place.lessons(since, until, date=date, course=course)
    return found


def classes_of(enrolments: Iterable[Enrolment]) -> list[Place]:
    return [Place(tie.since, tie.until, class_id=tie.school_class_id) for tie in enrolments]


def groups_of(student_id: int) -> list[Place]:
    """One statement."""
    ties = GroupMembership.objects.filter(student=student_id).values_list("since", "until", "group")
    return [Place(since, until, group_id=group) for since, until, group in ties]
