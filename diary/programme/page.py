"""The page of a course's programme, as plain values for its template."""

import datetime
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.models import LessonProgramme, Topic
from diary.programme.access import may_decide, may_edit, targets_for
from diary.programme.plan import Fact, Outlook, open_lessons
from diary.programme.progress import progress_of
from diary.programme.spreadsheet import EXPORT, write
from schedule.weeks import day_label


def days_text(days: Sequence[datetime.date]) -> str:
    """«16 декабря», «16–18 декабря», «30 ноября – 2 декабря»"""
    if not days:
        return ""
    first, last = days[0], days[-1]
    if first == last:
        return day_label(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_label(last)}"
    return f"{day_label(first)} – {day_label(last)}"


class ProgrammePage:
    """One course's programme on a day; `course` comes from `courses_read_by`."""

    def __init__(self, course: Any, *, reader: Any, on: datetime.date) -> None:
        self.course, self.reader, self.on = course, reader, on
        self.programme = LessonProgramme.objects.filter(course=course).select_related("decided_by").first()
        self.outlook = Outlook(course, on)
        self.expected = self.outlook.expected()

    def context(self, *, ordering: bool) -> dict[str, Any]:
        rows = self._rows()
        programme, topics = self.programme, self.outlook.topics
        return {
            "course": self.course,
            "title": f"{self.course.subject.name}, {self.course.audience}",
            "may_edit": may_edit(self.course),
            "may_decide": may_decide(self.course) and bool(topics),
            "state": programme_state(programme, len(topics)),
            "decided_at": programme and programme.decided_at,
            "decided_by": programme.decided_by.short_name if programme and programme.decided_by else "",
            "words": programme.words if programme else "",
            "version": programme.version if programme else 0,
            "may_send": bool(topics) and (not programme or programme.state in ("draft", "returned")),
            "is_approved": programme is not None and programme.state == "approved",
            "targets": self._targets() if topics and may_edit(self.course) else [],
            "sections": [
                {"title": section, "rows": list(members)}
                for section, members in groupby(rows, key=lambda row: row["section"])
            ],
            "ordering": ordering and may_edit(self.course),
            "last_place": len(topics),
            "may_begin": bool(topics) and not self.outlook.facts,
            **self._standing(),
        }

    def _targets(self) -> list[dict[str, Any]]:
        """The person's other courses of the subject that have no programme yet."""
        found = targets_for(self.course, self.reader, self.on)
        return [{"pk": course.pk, "label": course.audience} for course in found]

    def _standing(self) -> dict[str, Any]:
        """Where the course is: in words, and in figures."""
        progress = progress_of([self.course.pk], self.on).get(self.course.pk)
        rest = self.outlook.rest
        if progress is None:
            return {"progress": None}
        missing, free = len(rest.unplaced), len(rest.free)
        return {
            "progress": progress,
            "progress_words": capfirst(progress.words),
            "hours_left": len(rest.hours) + missing,
            "lessons_left": len(rest.hours) + free,
            "fits": _fits(missing, free),
            "does_not_fit": missing > 0,
            "next_anchor": f"topic-{rest.hours[0][0].topic}" if rest.hours and progress.done else "",
            "unfilled": open_lessons(self.course).filter(date__lt=self.on).count()
            if progress.behind > 0
            else 0,
            "may_move": may_edit(self.course) and self._has_moved(),
        }

    def _has_moved(self) -> bool:
        """Whether laying the rest anew would change the plan."""
        return any(
            topic.plan[-len(days) :] != days or len(topic.plan) > topic.hours
            for topic in self.outlook.topics
            if (days := self.expected.get(topic.pk))
        ) or any(day > self.on for topic in self._given() for day in topic.plan)

    def _given(self) -> list[Topic]:
        left = Counter(hour.topic for hour, _slot in self.outlook.rest.hours)
        left.update(hour.topic for hour in self.outlook.rest.unplaced)
        return [topic for topic in self.outlook.topics if not left[topic.pk]]

    def _rows(self) -> list[dict[str, Any]]:
        upcoming = self.outlook.rest.hours[0][0].topic if self.outlook.rest.hours else None
        return [self._row(topic, is_next=topic.pk == upcoming) for topic in self.outlook.topics]

    def _row(self, topic: Any, *, is_next: bool) -> dict[str, Any]:
        facts = self.outlook.facts.get(topic.pk, [])
        days = self.expected.get(topic.pk, [])
        return {
            "pk": topic.pk,
            "order": topic.order,
            "section": topic.section,
            "title": topic.title,
            "hours": topic.hours,
            "homework": topic.homework,
            "note": topic.note,
            "is_test": topic.is_test,
            "left_out": topic.left_out,
            "is_next": is_next,
            "plan": days_text(topic.plan),
            "facts": [_fact(fact) for fact in facts],
            "is_given": bool(facts) and not days,
            "expected": days_text(days) if days and topic.plan[-len(days) :] != days else "",
            "is_late": bool(days and topic.plan)
            and days[0] > topic.plan[max(0, len(topic.plan) - len(days))],
            "does_not_fit": any(hour.topic == topic.pk for hour in self.outlook.rest.unplaced),
            "url": reverse("diary:topic", args=[topic.course_id, topic.pk]),
            "place_url": reverse("diary:topic-place", args=[topic.course_id, topic.pk]),
            "before": topic.order - 1,
            "after": topic.order + 1,
        }

    def workbook(self) -> bytes:
        """The programme as a spreadsheet that can be imported again."""
        rows = (
            (
                topic.order,
                topic.section,
                topic.title,
                topic.hours,
                topic.homework,
                topic.note,
                days_text(topic.plan),
                days_text([fact.date for fact in self.outlook.facts.get(topic.pk, [])]),
            )
            for topic in self.outlook.topics
        )
        return write(_("Lesson programme"), EXPORT, rows)


def _fact(fact: Fact) -> dict[str, str]:
    return {"day": day_label(fact.date), "url": reverse("diary:lesson", args=[fact.lesson])}


def _fits(missing: int, free: int) -> str:
    if missing:
        text = ngettext(
            "%(number)d hour does not fit before the year ends",
            "%(number)d hours do not fit before the year ends",
            missing,
        )
    elif free:
        text = ngettext(
            "%(number)d lesson of the year stays free", "%(number)d lessons of the year stay free", free
        )
    else:
        return _("everything fits")
    return text % {"number": missing or free}


def programme_state(programme: LessonProgramme | None, topics: int) -> str:
    """In words, small letters: «не составлена», «черновик», «на утверждении», «утверждена», «возвращена»."""
    if programme is None or not topics:
        return _("not made yet")
    return str(programme.get_state_display())
