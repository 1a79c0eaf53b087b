"""Works that a student owes («точка», demand row 26), as the family sees them: what to do, by when, and what
the school's rule makes of it afterwards. A debt that was closed stays with its mark."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.models import JournalRules, Mark, Point
from diary.points import becomes_two
from schedule.weeks import DAY, day_label

SOON = 3 * DAY
CLOSED_SHOWN = datetime.timedelta(days=366)


def debts_of(
    student: int, *, now: datetime.datetime, course: int | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(owed, closed), in the order in which they are due; closed ones of a year, the newest first. One
    statement. A mark that families do not see yet has closed its debt without saying how."""
    found = _with_marks(Point.objects.filter(student=student, due_on__gt=now.date() - CLOSED_SHOWN), now)
    if course is not None:
        found = found.filter(work__course=course)
    owed, closed = [], []
    point: Any
    for point in found.order_by("due_on", "pk"):
        if point.is_settled:
            closed.append(_closed(point))
        elif not hasattr(_lesson(point).term, "closure"):
            owed.append(_owed(point, now.date()))
    return owed, closed[::-1]


def _with_marks(points: Any, now: datetime.datetime) -> QuerySet[Point]:
    marks = Mark.objects.filter(work=OuterRef("work"), student=OuterRef("student"))
    seen = marks.published(now)
    return (
        points.annotate(
            is_settled=Exists(marks),
            mark_text=Subquery(seen.values("value__text")),
            mark_tone=Subquery(seen.values("value__tone")),
        )
        .filter(work__lesson__isnull=False)
        .select_related(
            "work__kind",
            "work__scale",
            "work__course__subject",
            "work__course__organisation__journal_rules",
            "work__lesson__term__closure",
            "work__lesson__teacher",
        )
    )


def _lesson(point: Any) -> Any:
    return point.work.lesson


def _line(point: Any) -> dict[str, Any]:
    name, lesson = point.work.kind.local_name, _lesson(point)
    return {
        "subject": point.work.course.subject.name,
        "what": point.work.title or capfirst(name),
        "kind": name if point.work.title else "",
        "lesson": day_label(lesson.date),
        "due": day_label(point.due_on),
        "url": reverse("diary:cell-history", args=[lesson.pk, point.student_id]),
    }


def _owed(point: Any, today: datetime.date) -> dict[str, Any]:
    return {
        **_line(point),
        "is_overdue": point.due_on < today,
        "is_soon": today <= point.due_on <= today + SOON,
        "teacher": _lesson(point).teacher.short_name,
        "rule": _rule(point, is_over=point.due_on < today),
    }


def _closed(point: Any) -> dict[str, Any]:
    return {**_line(point), "text": point.mark_text or "", "tone": point.mark_tone or ""}


def _rule(point: Any, *, is_over: bool) -> str:
    """The school's, in words."""
    rules = getattr(point.work.course.organisation, "journal_rules", None) or JournalRules()
    if becomes_two(point, rules):
        if is_over:
            return _("The day is over: by the school’s rule a 2 takes its place.")
        return _("After %(day)s a 2 takes its place: that is the school’s rule.") % {
            "day": day_label(point.due_on)
        }
    if is_over:
        return _("The day is over, but the work can still be handed in: that is the school’s rule.")
    return _("It stays open until the work is handed in: that is the school’s rule.")
