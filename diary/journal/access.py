"""Which journals an account may open, and what of them it sees (product map §3).

A course is seen whole by its teachers and by the head teacher; by the class teacher with the students of
the class; by the substitute of a lesson that lesson's column and no other.
"""

import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from diary.access import classes_led_by, schools_headed_by
from schedule.models import Lesson
from schools.models import Course, Enrolment, Group, GroupMembership, TeachingAssignment
from schools.models.periods import in_force

_NOTHING = Q(pk__in=[])


def journals_of(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Courses whose journal the account may open on a day, each with `is_mine`, `is_headed` (of a
    school whose head teacher it is), `is_led` (of a class, or with students of a class, it leads)."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        shut = dict.fromkeys(("is_mine", "is_headed", "is_led"), Value(False))
        return Course.objects.none().annotate(**shut)
    employers = person.employments.filter(in_force(on)).values("organisation")
    substituted = Lesson.objects.filter(teacher=person).exclude(planned_teacher=person)
    mine, headed, led = assigned_to(person, on), headed_by(user, on), led_by(user, on)
    at_work = Q(organisation__in=employers)
    return (
        Course.objects.filter(
            at_work & (Q(pk__in=mine) | Q(pk__in=substituted.values("course"))) | headed | led
        )
        .annotate(
            is_mine=holds(Q(pk__in=mine) & at_work),
            is_headed=holds(headed),
            is_led=holds(led),
        )
        .select_related("subject", "school_class", "group")
    )


def assigned_to(person: Any, on: datetime.date) -> QuerySet[Any]:
    """The courses that the person teaches."""
    assignments: QuerySet[Any] = TeachingAssignment.objects.on(on).filter(teacher=person)
    return assignments.values("course")


def headed_by(user: Any, on: datetime.date) -> Q:
    """Of a course or a lesson: it is of a school whose head teacher the account is."""
    if not user.roles.is_head_teacher:
        return _NOTHING
    return Q(organisation__in=schools_headed_by(user, on).values("pk"))


def led_by(user: Any, on: datetime.date) -> Q:
    if not user.roles.leads_class:
        return _NOTHING
    led = classes_led_by(user, on).values("pk")
    groups = Group.objects.filter(classes__in=led).values("pk")
    return Q(school_class__in=led) | Q(group__in=groups)


def holds(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, BooleanField())


def is_there(student: int, classes: QuerySet[Any]) -> Exists:
    """On a lesson: whether the student belongs to its class or group that day (`Lesson.students`) and is
    in one of the `classes`."""
    of_class = Enrolment.objects.filter(in_force(OuterRef("date")), student=student, school_class__in=classes)
    path = "group__classes__enrolments"
    in_group = GroupMembership.objects.filter(
        in_force(OuterRef("date")),
        in_force(OuterRef("date"), path),
        **{
            "student": student,
            "group": OuterRef("course__group"),
            f"{path}__student": F("student"),
            f"{path}__school_class__in": classes,
        },
    )
    in_class = of_class.filter(school_class=OuterRef("course__school_class"))
    return Exists(in_class) | Exists(in_group)  # type: ignore[return-value]
