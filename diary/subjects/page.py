"""All subjects of a child in a term (product map §5.2)."""

import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from diary.averages import Counted, average, counted_marks
from diary.models import Result
from diary.results.columns import Kind, label_of
from diary.results.suggestions import decimal_text
from diary.subjects.chart import chart
from diary.subjects.courses import ChildCourse, ResultLine, courses_of
from diary.subjects.terms import is_going_on, rules_of, shows_standing, term_tabs
from diary.subjects.trend import class_trends, own_trend, weeks_of
from diary.subjects.words import mark_chip, tenths, trend_words
from schools.family import Child
from schools.models import Information
from schools.models.organisations import FIRST_GRADE


class SubjectsPage:
    """As the reader of `child` may see it at `now` (aware). `terms` are `terms_of` the child, `term` one of
    them. Four statements, one less while the class's averages are in the cache."""

    def __init__(self, child: Child, terms: list[Any], term: Any, *, now: datetime.datetime) -> None:
        self.child, self.terms, self.term, self.now = child, terms, term, now
        self.today = now.date()

    @cached_property
    def courses(self) -> list[ChildCourse]:
        return courses_of(self.child, self.term, today=self.today)

    @cached_property
    def marks(self) -> dict[int, list[Counted]]:
        """By course."""
        if not self.child.shows(Information.MARKS):
            return {}
        student = self.child.student.pk
        courses = [each.course for each in self.courses]
        found = counted_marks(courses, self.term, [student], published_at=self.now)
        return {course: of.get(student, []) for course, of in found.items()}

    def context(self) -> dict[str, Any]:
        trends = {}
        if self.child.shows(Information.MARKS) and shows_standing(self.term):
            told = [each.course for each in self.courses if self._is_told_of(each)]
            trends = class_trends(told, self.term, today=self.today)
        subjects = [self._subject(each, trends.get(each.course.pk)) for each in self.courses]
        return {
            "term_label": label_of(self.term),
            "tabs": term_tabs(self.terms, self.term, self._address),
            "is_going_on": is_going_on(self.term, self.today),
            "subjects": [subject for subject in subjects if subject["says_something"]],
            "without": [subject for subject in subjects if not subject["says_something"]],
            "shows_class": any(subject["others"] for subject in subjects),
            "has_standing": self.child.shows(Information.MARKS) and rules_of(self.term).shows_standing,
            "debts": sum(each.debts for each in self.courses) if is_going_on(self.term, self.today) else 0,
            "is_without_marks": self.child.school_class.grade == FIRST_GRADE,
            "shows_marks": self.child.shows(Information.MARKS),
        }

    def _is_told_of(self, each: ChildCourse) -> bool:
        return bool(self.marks.get(each.course.pk)) and each.is_told_of(self.term, today=self.today)

    def _address(self, term_pk: int) -> str:
        return reverse("diary:subjects-of-term", args=[self.child.student.pk, term_pk])

    def _subject(self, each: ChildCourse, others: Any) -> dict[str, Any]:
        marks = self.marks.get(each.course.pk, [])
        weeks = weeks_of(self.term, self.today)
        own = own_trend(marks, weeks)
        others = others or [None] * len(weeks)
        return {
            "name": each.name,
            "url": reverse(
                "diary:subject-of-term", args=[self.child.student.pk, each.course.pk, self.term.pk]
            ),
            "marks": [mark_chip(mark) for mark in marks],
            "average": decimal_text(average(marks)),
            "others": tenths(next((found for found in reversed(others) if found is not None), None)),
            "chart": chart(own, others),
            "trend": trend_words(own, others),
            "year": results_of_year(each.results),
            "debts": each.debts,
            "says_something": bool(marks or each.results or each.debts),
        }


def results_of_year(results: list[ResultLine]) -> list[dict[str, Any]]:
    """In the order of the year: what was decided, with short words for when."""
    order = {kind: place for place, kind in enumerate(Result.Kind.values)}
    in_order = sorted(results, key=lambda line: (order[line.kind], line.term or ("", 0)))
    return [
        {
            "label": result_label(line),
            "text": line.text,
            "tone": line.tone,
            "is_corrected": line.is_corrected,
        }
        for line in in_order
    ]


def result_label(line: ResultLine) -> str:
    if line.term:
        return label_of(_Named(*line.term))
    return str(Kind(line.kind).label)


class _Named:
    """Enough of a term for its name."""

    def __init__(self, kind: str, number: int) -> None:
        self.kind, self.number = kind, number
