"""Who may take the journal away on paper: who sees all of it (product map §3)."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet

from schools.models import Appointment, Course, SchoolClass, TeachingAssignment


def courses_printed_by(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Whose teacher the account is, while employed; for a head teacher, the school's."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return Course.objects.none()
    taught = TeachingAssignment.objects.on(on).filter(teacher=person).values("course")
    employers = person.employments.on(on).values("organisation")
    visible = Q(pk__in=taught, organisation__in=employers)
    return Course.objects.filter(visible | Q(organisation__in=_headed(user, on)))


def classes_printed_by(user: Any, on: datetime.date) -> QuerySet[SchoolClass]:
    """The class that the account leads; for a head teacher, the school's."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return SchoolClass.objects.none()
    led = person.classes_led.in_service(on).values("school_class")
    return SchoolClass.objects.filter(Q(pk__in=led) | Q(organisation__in=_headed(user, on)))


def _headed(user: Any, on: datetime.date) -> QuerySet[Any]:
    """Organisations that the account is head teacher of."""
    if not user.roles.is_head_teacher:
        return Appointment.objects.none().values("organisation")
    offices = user.person.appointments.in_service(on)
    return offices.filter(role=Appointment.Role.HEAD_TEACHER).values("organisation")
