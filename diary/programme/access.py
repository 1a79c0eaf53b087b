"""Who may read a course's programme, and who may do what with it (product map §3)."""

import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from diary.access import courses_taught_by, courses_visible_to
from schools.models import Course, YearClosure

OF_COURSE = ("subject", "school_class", "group", "organisation", "year")


def has_programmes(roles: Any) -> bool:
    """Whether there may be programmes to read: for who works at a school."""
    return bool(roles.is_employed or roles.leads_class or roles.is_head_teacher)


def courses_read_by(user: Any, on: datetime.date) -> QuerySet[Course]:
    """Those that the account may see (`courses_visible_to`), with `year_is_closed`: `may_edit` and
    `may_decide` go by what they say."""
    closed = YearClosure.objects.filter(organisation=OuterRef("organisation"), year=OuterRef("year"))
    return courses_visible_to(user, on).annotate(year_is_closed=Exists(closed))


def sources_for(course: Course, user: Any, on: datetime.date) -> QuerySet[Course]:
    """Courses whose programme may be copied: the person's own, and the school's of the subject, which
    name no student. With `topic_count`."""
    own = Q(pk__in=courses_taught_by(user, on).values("pk"))
    colleagues = Q(organisation=course.organisation_id, subject=course.subject_id)
    return (
        Course.objects.filter(own | colleagues, topics__isnull=False)
        .exclude(pk=course.pk)
        .select_related(*OF_COURSE)
        .annotate(topic_count=Count("topics"))
        .order_by("subject__name", "-year__since", "school_class__grade", "school_class__letter", "pk")
    )


def targets_for(course: Course, user: Any, on: datetime.date) -> Any:
    """The person's other courses of the subject in this year that have no topics yet."""
    courses: Any = courses_read_by(user, on)
    return (
        courses.filter(is_mine=True, year_is_closed=False, subject=course.subject_id, year=course.year_id)
        .filter(topics=None)
        .exclude(pk=course.pk)
        .order_by("school_class__grade", "school_class__letter", "group__name", "pk")
    )


def may_edit(course: Any) -> bool:
    """`course` comes from `courses_read_by`."""
    return bool(course.is_mine and not course.year_is_closed)


def may_decide(course: Any) -> bool:
    return bool(course.is_headed and not course.year_is_closed)
