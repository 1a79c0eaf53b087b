"""Whose journals an account may open, what of them it sees, and which it writes (product map §3).

A course is seen whole by its teachers and by the head teacher of its school; by a class teacher with the
students of the class. What a substitute sees and writes is a lesson: `Lesson.objects.visible_to`.
"""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from schools.models import (
    Appointment,
    Course,
    Employment,
    Organisation,
    Person,
    SchoolClass,
    TeachingAssignment,
)
from schools.models.periods import in_force


def schools_headed_by(user: Any, on: datetime.date) -> QuerySet[Organisation]:
    """Whose head teacher the account is."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_head_teacher:
        return Organisation.objects.none()
    offices = person.appointments.in_service(on).filter(role=Appointment.Role.HEAD_TEACHER)
    return Organisation.objects.filter(pk__in=offices.values("organisation"))


# --- Classes ---------------------------------------------------------------------------------------


def classes_led_by(user: Any, on: datetime.date) -> QuerySet[SchoolClass]:
    """Whose class teacher the account is."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.leads_class:
        return SchoolClass.objects.none()
    return SchoolClass.objects.filter(pk__in=person.classes_led.in_service(on).values("school_class"))


def leads(user: Any, school_class: SchoolClass, on: datetime.date) -> bool:
    return classes_led_by(user, on).filter(pk=school_class.pk).exists()


def classes_seen_whole_by(user: Any, on: datetime.date) -> QuerySet[SchoolClass]:
    """With all their courses: the class led, and those of the school headed."""
    return SchoolClass.objects.filter(_seen_whole(user, on))


def classes_seen_or_taught_by(user: Any, on: datetime.date) -> QuerySet[SchoolClass]:
    """Those, and the classes that the account teaches, in their groups too."""
    courses = courses_taught_by(user, on).values("pk")
    taught = Q(courses__in=courses) | Q(groups__courses__in=courses)
    return SchoolClass.objects.filter(_seen_whole(user, on) | taught).distinct()


def _seen_whole(user: Any, on: datetime.date) -> Q:
    headed = Q(organisation__in=schools_headed_by(user, on).values("pk"))
    return Q(pk__in=classes_led_by(user, on).values("pk")) | headed


# --- Courses ---------------------------------------------------------------------------------------


def courses_taught_by(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Whose journal the account may write: it is their teacher on that day, and works there."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return Course.objects.none()
    return courses_of_teacher(person, on)


def courses_of_teacher(person: Person, on: datetime.date) -> QuerySet[Course]:
    """The same for who is known to be staff."""
    return Course.objects.filter(_is_taught(person, on))


def courses_seen_whole_by(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Those taught, and those of the school headed."""
    taught = courses_taught_by(user, on).values("pk")
    headed = schools_headed_by(user, on).values("pk")
    return Course.objects.filter(Q(pk__in=taught) | Q(organisation__in=headed))


def courses_visible_to(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Courses taught, those of the class led, and those of the school headed, with their names.

    Each says `is_mine`: the account may write it, `is_headed`, and `is_seen_whole`: it sees every student.
    """
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return Course.objects.none()
    mine = _is_taught(person, on)
    headed = Exists(schools_headed_by(user, on).filter(pk=OuterRef("organisation")))
    led = classes_led_by(user, on).values("pk")
    of_class = Course.objects.filter(Q(school_class__in=led) | Q(group__classes__in=led))
    return (
        Course.objects.filter(Q(mine) | Q(headed) | Q(pk__in=of_class.values("pk")))
        .annotate(is_mine=mine, is_headed=headed, is_seen_whole=mine | headed)
        .select_related("subject", "school_class", "group", "organisation", "year")
    )


def _is_taught(person: Person, on: datetime.date) -> Exists:
    """Of a course: an assignment is in force, and the teacher works at the course's school."""
    employed = Employment.objects.filter(
        in_force(on), person=person, organisation=OuterRef("course__organisation")
    )
    assignments = TeachingAssignment.objects.filter(in_force(on), Exists(employed), teacher=person)
    return Exists(assignments.filter(course=OuterRef("pk")))
