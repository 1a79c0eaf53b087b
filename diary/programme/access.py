"""Who may read a course's programme, and who may do what with it (product map §3)."""

import datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from schools.models import Appointment, Course, Group, TeachingAssignment, YearClosure
from schools.models.periods import in_force

OF_COURSE = ("subject", "school_class", "group", "organisation", "year")


def has_programmes(roles: Any) -> bool:
    """Whether there may be programmes to read: for who works at a school."""
    return bool(roles.is_employed or roles.leads_class or roles.is_head_teacher)


def courses_visible_to(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Courses that the account teaches today, heads, or leads a class of; with names, and with `is_mine`,
    `is_headed` and `year_is_closed`, which `may_edit` and `may_decide` go by."""
    person = getattr(user, "person", None)
    if person is None or not has_programmes(user.roles):
        return Course.objects.none()
    mine, headed = _taught_by(person, on), _headed_by(user, on)
    visible = mine | headed
    if user.roles.leads_class:
        led = person.classes_led.in_service(on).values("school_class")
        groups = Group.objects.filter(classes__in=led).values("pk")
        visible |= Q(school_class__in=led) | Q(group__in=groups)
    closed = YearClosure.objects.filter(organisation=OuterRef("organisation"), year=OuterRef("year"))
    return (
        Course.objects.filter(visible)
        .select_related(*OF_COURSE)
        .annotate(is_mine=_answer(mine), is_headed=_answer(headed), year_is_closed=Exists(closed))
    )


def sources_for(course: Course, user: Any, on: datetime.date) -> QuerySet[Course]:
    """Courses whose programme may be copied: the person's own, and the school's of the subject, which
    name no student. With `topic_count`."""
    colleagues = Q(organisation=course.organisation_id, subject=course.subject_id)
    return (
        Course.objects.filter(_taught_by(user.person, on) | colleagues, topics__isnull=False)
        .exclude(pk=course.pk)
        .select_related(*OF_COURSE)
        .annotate(topic_count=Count("topics"))
        .order_by("subject__name", "-year__since", "school_class__grade", "school_class__letter", "pk")
    )


def targets_for(course: Course, user: Any, on: datetime.date) -> Any:
    """The person's other courses of the subject in this year that have no topics yet."""
    courses: Any = courses_visible_to(user, on)
    return (
        courses.filter(is_mine=True, year_is_closed=False, subject=course.subject_id, year=course.year_id)
        .filter(topics=None)
        .exclude(pk=course.pk)
        .order_by("school_class__grade", "school_class__letter", "group__name", "pk")
    )


def may_edit(course: Any) -> bool:
    """`course` comes from `courses_visible_to`."""
    return bool(course.is_mine and not course.year_is_closed)


def may_decide(course: Any) -> bool:
    return bool(course.is_headed and not course.year_is_closed)


def _taught_by(person: Any, on: datetime.date) -> Q:
    courses = TeachingAssignment.objects.on(on).filter(teacher=person).values("course")
    employers = person.employments.filter(in_force(on)).values("organisation")
    return Q(pk__in=courses, organisation__in=employers)


def _headed_by(user: Any, on: datetime.date) -> Q:
    if not user.roles.is_head_teacher:
        return Q(pk__in=[])
    headed = user.person.appointments.in_service(on).filter(role=Appointment.Role.HEAD_TEACHER)
    return Q(organisation__in=headed.values("organisation"))


def _answer(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, BooleanField())
