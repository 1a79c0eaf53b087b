"""Whose journals of courses an account may open, and which of them it writes (product map §3)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from schools.models import (
    Appointment,
    Course,
    Employment,
    Enrolment,
    GroupMembership,
    Organisation,
    Person,
    SchoolClass,
    TeachingAssignment,
)
from schools.models.periods import in_force


def courses_visible_to(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Courses taught, those of the class led, and those of the school headed, with their names.

    Each says `is_mine`: the account may write it, and `is_seen_whole`: it may see every student.
    """
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_staff:
        return Course.objects.none()
    mine = Exists(_assignments(person, on).filter(course=OuterRef("pk")))
    headed = Q(organisation__in=schools_headed_by(user, on).values("pk"))
    led = classes_led_by(user, on).values("pk")
    of_class = Q(school_class__in=led) | Q(group__classes__in=led)
    return (
        Course.objects.filter(Q(mine) | headed | Q(pk__in=Course.objects.filter(of_class).values("pk")))
        .annotate(
            is_mine=mine, is_seen_whole=Exists(Course.objects.filter(Q(mine) | headed, pk=OuterRef("pk")))
        )
        .select_related("subject", "school_class", "group", "year")
    )


def _assignments(person: Person, on: datetime.date) -> QuerySet[TeachingAssignment]:
    """In force, and the teacher works at the course's school."""
    employed = Employment.objects.filter(
        in_force(on), person=person, organisation=OuterRef("course__organisation")
    )
    return TeachingAssignment.objects.filter(in_force(on), Exists(employed), teacher=person)


def schools_headed_by(user: Any, on: datetime.date) -> QuerySet[Organisation]:
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_head_teacher:
        return Organisation.objects.none()
    offices = person.appointments.in_service(on).filter(role=Appointment.Role.HEAD_TEACHER)
    return Organisation.objects.filter(pk__in=offices.values("organisation"))


def classes_led_by(user: Any, on: datetime.date) -> QuerySet[SchoolClass]:
    person = getattr(user, "person", None)
    if person is None or not user.roles.leads_class:
        return SchoolClass.objects.none()
    return SchoolClass.objects.filter(pk__in=person.classes_led.in_service(on).values("school_class"))


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
