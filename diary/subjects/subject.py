"""One subject of a child in a term: its marks and where its average comes from, how it moved, what is owed,
and what could still become of it."""

import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from diary.averages import Counted, counted_marks
from diary.results.columns import label_of
from diary.results.explained import table_of
from diary.subjects.chart import chart
from diary.subjects.courses import ChildCourse
from diary.subjects.debts import debts_of
from diary.subjects.forecast_page import Forecast
from diary.subjects.page import results_of_year
from diary.subjects.terms import is_going_on, rules_of, shows_standing, term_tabs
from diary.subjects.trend import class_trends, own_trend, weeks_of
from diary.subjects.words import tenths, trend_rows, trend_words
from schools.family import Child
from schools.models import Information
from schools.models.organisations import FIRST_GRADE


class SubjectPage:
    """As the reader of `child` may see it at `now` (aware); `terms` are those of the course. `query` are the
    imaginary marks of the address."""

    def __init__(
        self,
        child: Child,
        found: ChildCourse,
        terms: list[Any],
        term: Any,
        *,
        now: datetime.datetime,
        query: Any,
    ) -> None:
        self.child, self.found, self.course = child, found, found.course
        self.terms, self.term, self.now, self.query = terms, term, now, query
        self.student, self.rules = child.student.pk, rules_of(term)

    @cached_property
    def marks(self) -> list[Counted]:
        if not self.child.shows(Information.MARKS):
            return []
        found = counted_marks([self.course], self.term, [self.student], published_at=self.now)
        return found[self.course.pk].get(self.student, [])

    def context(self) -> dict[str, Any]:
        shows_marks = self.child.shows(Information.MARKS)
        owed, closed = (
            debts_of(self.student, now=self.now, course=self.course.pk) if shows_marks else ([], [])
        )
        return {
            "name": self.found.name,
            "term_label": label_of(self.term),
            "tabs": term_tabs(self.terms, self.term, self._address),
            "shows_marks": shows_marks,
            "explained_url": reverse("diary:average", args=[self.course.pk, self.term.pk, self.student]),
            **table_of(self.marks, self.rules),
            "year": results_of_year(self.found.results),
            **self._trend(),
            "owed": owed,
            "closed": closed,
            "forecast": self._forecast() if shows_marks else None,
        }

    def _address(self, term_pk: int) -> str:
        return reverse("diary:subject-of-term", args=[self.student, self.course.pk, term_pk])

    def _trend(self) -> dict[str, Any]:
        weeks = weeks_of(self.term, self.now.date())
        own, others = own_trend(self.marks, weeks), [None] * len(weeks)
        is_told = self.found.is_told_of(self.term, today=self.now.date())
        if self.marks and is_told and shows_standing(self.term):
            told = class_trends([self.course], self.term, today=self.now.date())
            others = told[self.course.pk]  # type: ignore[assignment]
        last = next((found for found in reversed(others) if found is not None), None)
        return {
            "chart": chart(own, others, width=320, height=120, margin=12),
            "trend": trend_words(own, others),
            "trend_rows": trend_rows(weeks, own, others),
            "others": tenths(last),
        }

    def _forecast(self) -> dict[str, Any] | None:
        """None where no marks come, or none any more."""
        is_marked = self.child.school_class.grade != FIRST_GRADE
        if not (is_marked and is_going_on(self.term, self.now.date())):
            return None
        forecast = Forecast(self.child, self.course, self.term, self.marks, self.query)
        return forecast.context() | {"url": self._address(self.term.pk)} if forecast.is_possible else None
