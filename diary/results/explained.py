"""Where an average comes from: the table mark × weight = contribution (demand row 7)."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format

from diary.averages import Counted, average, counted_marks
from diary.models import JournalRules, ScaleValue
from diary.results import suggestions
from diary.results.columns import label_of
from diary.results.presence import Presence, presence_of
from diary.results.suggestions import Scale, Suggestion, decimal_text
from schedule.weeks import day_label
from schools.family import Child
from schools.models import Course, Information, Person, Term
from schools.places import groups_of


def course_of_child(child: Child, course: Course, term: Term) -> datetime.date | None:
    """Since when the child was on the course, if it was in the term; else None."""
    if (term.organisation_id, term.year_id) != (course.organisation_id, course.year_id):
        return None
    places = [place for place in child.classes if place.class_id and place.class_id == course.school_class_id]
    if course.group_id:
        places = [place for place in groups_of(child.student.pk) if place.group_id == course.group_id]
    during = [
        place.since
        for place in places
        if place.since <= term.until and (place.until is None or place.until >= term.since)
    ]
    return max(during, default=None)


class Explanation:
    """One student's average of a course in a term. `published_at` and `child` are given for a family, which
    sees published marks, and absences only where they are granted."""

    def __init__(
        self,
        course: Course,
        term: Term,
        student: Person,
        *,
        since: datetime.date,
        today: datetime.date,
        published_at: datetime.datetime | None = None,
        child: Child | None = None,
    ) -> None:
        self.course, self.term, self.student = course, term, student
        self.since, self.today, self.published_at, self.child = since, today, published_at, child

    @cached_property
    def marks(self) -> list[Counted]:
        found = counted_marks([self.course], self.term, [self.student.pk], published_at=self.published_at)
        return found[self.course.pk].get(self.student.pk, [])

    @cached_property
    def rules(self) -> JournalRules:
        return JournalRules.of(self.course.organisation_id)

    @cached_property
    def suggestion(self) -> Suggestion:
        scale = Scale(ScaleValue.objects.for_course(self.course.pk))
        if self.course.is_taught_without_marks() or not scale.values:
            return Suggestion()
        return suggestions.for_term(self.marks, self._presence(), scale, self.rules)

    def _presence(self) -> Presence:
        if self.child and not self.child.shows(Information.ATTENDANCE):
            return Presence()
        since = {self.student.pk: self.since}
        return presence_of(self.course, self.term, since, today=self.today)[self.student.pk]

    def context(self) -> dict[str, Any]:
        return {
            "title": self.student.roll_name,
            "subtitle": f"{self.course.subject.name}, {self.course.audience} · {label_of(self.term)}",
            **table_of(self.marks, self.rules),
            "suggestion": self.suggestion,
            "back_url": self._back_url(),
        }

    def _back_url(self) -> str:
        if self.child:
            return reverse("diary:subject-of-term", args=[self.student.pk, self.course.pk, self.term.pk])
        return reverse("diary:results-of", args=[self.course.pk, f"term-{self.term.pk}"])


def table_of(marks: Sequence[Counted], rules: JournalRules) -> dict[str, Any]:
    """For `diary/_average_table.html`."""
    weights = sum((mark.weight for mark in marks if mark.points is not None), Decimal(0))
    total = sum((mark.points * mark.weight for mark in marks if mark.points is not None), Decimal(0))
    return {
        "rows": [_row(mark) for mark in marks],
        "weights": _plain(weights),
        "total": _plain(total),
        "average": decimal_text(average(marks)),
        "rounds_up_from": decimal_text(rules.rounds_up_from),
    }


def _row(mark: Counted) -> dict[str, Any]:
    return {
        "date": day_label(mark.date),
        "kind": mark.local_kind,
        "about": " · ".join(filter(None, [mark.title, mark.where])),
        "text": mark.text,
        "tone": mark.tone,
        "weight": _plain(mark.weight),
        "contribution": _plain(mark.points * mark.weight) if mark.points is not None else "",
        "counts": mark.points is not None,
        "is_corrected": mark.correction is not None,
        "url": history_url(mark),
    }


def history_url(mark: Counted) -> str:
    """Of the cell the mark stands in; empty for a mark of no lesson, and for one brought along from where
    the reader sees nothing."""
    if mark.lesson is None or mark.where:
        return ""
    return reverse("diary:cell-history", args=[mark.lesson, mark.student])


def _plain(number: Decimal) -> str:
    """«3», «1,5»: without zeros that say nothing."""
    return number_format(number.normalize() if number % 1 else number.to_integral_value())
