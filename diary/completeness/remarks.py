"""Remarks on keeping the journal, as their list shows them to the head teacher and to the teachers."""

import datetime
from typing import Any

from django.urls import reverse

from diary.access import courses_seen_whole_by, courses_taught_by, schools_headed_by
from diary.models import KeepingRemark
from schedule.weeks import day_title

SETTLED_SHOWN = 50


def visible_remarks(user: Any, on: datetime.date) -> Any:
    """Of the courses whose journal the account sees whole."""
    courses = courses_seen_whole_by(user, on).values("pk")
    return KeepingRemark.objects.filter(course__in=courses)


def waiting_for(user: Any, on: datetime.date) -> int:
    """How many remarks wait for the account's answer as a teacher."""
    courses = courses_taught_by(user, on).values("pk")
    return KeepingRemark.objects.waiting_for_teacher().filter(course__in=courses).count()


def remark_lines(user: Any, on: datetime.date) -> dict[str, list[dict[str, Any]]]:
    """Open ones, the longest waiting first, and the last settled ones. A constant number of statements."""
    visible = visible_remarks(user, on).with_names()
    taught = set(courses_taught_by(user, on).values_list("pk", flat=True))
    headed = set(schools_headed_by(user, on).values_list("pk", flat=True))

    def line(remark: KeepingRemark) -> dict[str, Any]:
        is_open = remark.settled_at is None
        return {
            "remark": remark,
            "place": _place(remark),
            "url": reverse("diary:lesson", args=[remark.lesson_id]) if remark.lesson_id else "",
            "may_answer": is_open and remark.answered_at is None and remark.course_id in taught,
            "may_settle": is_open and remark.course.organisation_id in headed,
        }

    settled = visible.exclude(settled_at=None).order_by("-settled_at")[:SETTLED_SHOWN]
    return {
        "open": [line(remark) for remark in visible.open().order_by("asked_at", "pk")],
        "settled": [line(remark) for remark in settled],
    }


def _place(remark: KeepingRemark) -> str:
    course = f"{remark.course.subject.name}, {remark.course.audience}"
    return f"{course}, {day_title(remark.lesson.date)}" if remark.lesson else course
