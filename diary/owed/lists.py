"""All owed works of a course, as one reader may see them."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from diary.models import Point
from schedule.models import Lesson
from schedule.weeks import day_label
from schools.models import Course, Enrolment

SETTLED_SHOWN = 30


def points_of_course(course: Course, *, reader: Any, on: datetime.date) -> list[dict[str, Any]] | None:
    """Overdue ones first, then those to come, then what was settled last; None where the reader sees no
    lesson of the course. A substitute sees the own lesson's, a class teacher the class's students."""
    seen = Lesson.objects.visible_to(reader).filter(course=course)
    if not seen.exists():
        return None
    rows = _points(seen, reader, on)
    still = [_line(point, on) for point in rows.filter(is_settled=False)]
    done = rows.filter(is_settled=True).order_by("-due_on", "-pk")[:SETTLED_SHOWN]
    lists = [
        {"title": _("Overdue"), "points": [line for line in still if line["is_overdue"]]},
        {"title": _("Waited for"), "points": [line for line in still if not line["is_overdue"]]},
        {"title": _("Settled"), "points": [_line(point, on) for point in done]},
    ]
    return [each for each in lists if each["points"]]


def _points(seen: Any, reader: Any, on: datetime.date) -> Any:
    """With `is_settled` and `is_mine`: whether the reader teaches the lesson."""
    led = reader.person.classes_led.in_service(on).values("school_class")
    students = Enrolment.objects.on(on).filter(school_class__in=led).values("student")
    whole = seen.for_page(reader).filter(is_seen_whole=True)
    mine = Lesson.objects.taught_by(reader.person, on).filter(pk=OuterRef("work__lesson"))
    return (
        Point.objects.with_state()
        .filter(
            Q(work__lesson__in=whole.values("pk"))
            | Q(work__lesson__in=seen.values("pk"), student__in=students)
        )
        .annotate(is_mine=Exists(mine))
        .select_related("student", "work__kind", "work__lesson")
        .order_by("due_on", "student__sort_key", "pk")
    )


def _line(point: Any, on: datetime.date) -> dict[str, Any]:
    lesson, is_open = point.work.lesson, not point.is_settled
    may_change = point.is_mine and is_open
    return {
        "name": point.student.roll_name,
        "kind": point.work.title or point.work.kind.local_name,
        "lesson": _("lesson of %(day)s") % {"day": day_label(lesson.date)},
        "due": f"{point.due_on:%d.%m}",
        "is_overdue": is_open and point.due_on < on,
        "is_settled": point.is_settled,
        "url": reverse("diary:point", args=[point.pk])
        if may_change
        else reverse("diary:lesson", args=[lesson.pk]),
    }
