"""The family's home page: what is new, today, the next school day and what is set for it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.corrections.labels import corrected_since, labels
from diary.news import Row, entered_of
from diary.week import Day, days_of_student
from schedule.models import Lesson
from schedule.weeks import DAY, day_label
from schools.family import Child, places_of
from schools.models import Information

DAYS_AHEAD = 10


@dataclass
class FamilyHome:
    days: list[Day]  # today if it has lessons, and the next school day
    homework: dict[str, Any] | None
    news: list[dict[str, Any]]
    next_school_day: str  # said when no lessons are near
    last_lessons_on: datetime.date | None  # where the diary opens when no lessons are near


def family_home(
    child: Child,
    rows: list[Row],
    news: list[dict[str, Any]],
    *,
    now: datetime.datetime,
    since: datetime.datetime,
) -> FamilyHome:
    """`rows` and `news` as diary/news.py reads them; the news are the child's since the moment `since`."""
    today = now.date()
    near = days_of_student(
        child, today, today + DAYS_AHEAD * DAY, now=now, entered=entered_of(rows, child.student.pk)
    )
    this_day = next(day for day in near if day.is_today)
    ahead = next((day for day in near if day.date > today and day.lessons), None)
    days = [day for day in (this_day if this_day.lessons else None, ahead) if day]
    may_know = child.shows(Information.TIMETABLE)
    later, last = (None, None) if ahead or not may_know else _lessons_far_away(child, today)
    return FamilyHome(
        days=days,
        homework=_homework(ahead) if ahead else None,
        news=_corrections(child, since, now) + news,
        next_school_day=_("Lessons begin on %(day)s.") % {"day": day_label(later)} if later else "",
        last_lessons_on=last,
    )


def _lessons_far_away(
    child: Child, today: datetime.date
) -> tuple[datetime.date | None, datetime.date | None]:
    """The first school day after `today` and the last one before, within a year."""
    year = datetime.timedelta(days=366)
    places = places_of(child)
    dates = Lesson.objects.of_student(places, today - year, today + year).order_by("date")
    known = list(dates.values_list("date", flat=True).distinct())
    later = next((date for date in known if date > today), None)
    return later, next((date for date in reversed(known) if date <= today), None)


def _homework(day: Day) -> dict[str, Any]:
    items = [
        {"subject": lesson.subject, "text": homework.text, "papers": homework.papers, "when": homework.when}
        for lesson in day.lessons
        for homework in lesson.homework
    ]
    title = _("Set for tomorrow") if day.is_tomorrow else _("Set for %(day)s") % {"day": day_label(day.date)}
    note = ngettext("%(count)d task", "%(count)d tasks", len(items)) % {"count": len(items)} if items else ""
    return {"title": title, "items": items, "note": note}


def _corrections(child: Child, since: datetime.datetime, now: datetime.datetime) -> list[dict[str, Any]]:
    """Cells of closed terms that were corrected since then, newest first."""
    if not corrected_since(child.school_class.organisation_id, since):
        return []
    found = labels(student=child.student.pk, decided_at__range=(since, now))
    return [
        {"kind": "correction", "subject": label.place, "detail": label.words}
        for label in reversed(list(found))
        if child.shows(label.information)
    ]
