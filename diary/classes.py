"""Which classes' pages a teacher may open, besides the timetable."""

import datetime
from typing import Any

from django.db.models import Q

from schools.models import Appointment, SchoolClass, TeachingAssignment


def read_whole(user: Any, on: datetime.date) -> Any:
    """The class that the account leads; for a head teacher, those of the school (product map §3)."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return SchoolClass.objects.none()
    return SchoolClass.objects.filter(_whole(user, on))


def taught_or_read(user: Any, on: datetime.date) -> Any:
    """Those, and the classes that the account teaches, in their groups too."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return SchoolClass.objects.none()
    employers = person.employments.filter(since__lte=on).exclude(until__lt=on).values("organisation")
    courses = TeachingAssignment.objects.on(on).filter(teacher=person).values("course")
    taught = Q(courses__in=courses) | Q(groups__courses__in=courses)
    return SchoolClass.objects.filter(_whole(user, on) | taught & Q(organisation__in=employers)).distinct()


def _whole(user: Any, on: datetime.date) -> Q:
    led = user.person.classes_led.in_service(on).values("school_class")
    whole = Q(pk__in=led)
    if user.roles.is_head_teacher:
        headed = user.person.appointments.in_service(on).filter(role=Appointment.Role.HEAD_TEACHER)
        whole |= Q(organisation__in=headed.values("organisation"))
    return whole


def leads(user: Any, school_class: SchoolClass, on: datetime.date) -> bool:
    """Whether the account is the class's class teacher today."""
    return bool(user.person.classes_led.in_service(on).filter(school_class=school_class).exists())
