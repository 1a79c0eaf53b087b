"""Whose journals an account may see whole (product map §3). A substitute sees no more than the lesson."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet

from schools.models import Appointment, Course, Organisation, SchoolClass, TeachingAssignment


def courses_seen_whole_by(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Whose teacher the account is, while employed; for a head teacher, the school's."""
    taught = courses_taught_by(user, on).values("pk")
    return Course.objects.filter(
        Q(pk__in=taught) | Q(organisation__in=organisations_headed_by(user, on).values("pk"))
    )


def classes_overseen_by(user: Any, on: datetime.date) -> QuerySet[SchoolClass]:
    """The class that the account leads; for a head teacher, the school's."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return SchoolClass.objects.none()
    led = person.classes_led.in_service(on).values("school_class")
    headed = organisations_headed_by(user, on).values("pk")
    return SchoolClass.objects.filter(Q(pk__in=led) | Q(organisation__in=headed))


def courses_taught_by(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Whose journal the account may write: it is their teacher on that day, and employed there."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return Course.objects.none()
    taught = TeachingAssignment.objects.on(on).filter(teacher=person).values("course")
    employers = person.employments.on(on).values("organisation")
    return Course.objects.filter(pk__in=taught, organisation__in=employers)


def organisations_headed_by(user: Any, on: datetime.date) -> QuerySet[Organisation]:
    """Where the account is head teacher."""
    if not user.roles.is_head_teacher:
        return Organisation.objects.none()
    offices = user.person.appointments.in_service(on).filter(role=Appointment.Role.HEAD_TEACHER)
    return Organisation.objects.filter(pk__in=offices.values("organisation"))
