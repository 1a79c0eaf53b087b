"""The results of a course: students down, the terms of the year and what follows from them across."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q

from diary.averages import counted_marks
from diary.courses import members_of
from diary.models import JournalRules, Result, ScaleValue
from diary.results import suggestions
from diary.results.columns import Column, Kind, columns_of
from diary.results.presence import presence_of
from diary.results.suggestions import Scale, Suggestion
from schools.models import Course, Person, Term

GRADE_OF_CERTIFICATE = 11


@dataclass
class Row:
    student: Person
    results: dict[str, Result] = field(default_factory=dict)  # by the key of the column
    suggestion: Suggestion = field(default_factory=Suggestion)  # for the column that is shown open


class ResultSheet:
    """Of one course, with one column open, as it stands on `today`.

    The statements are few and their number does not depend on the rows. `classes`, if given, are the
    only ones whose students are seen.
    """

    def __init__(
        self, course: Course, *, today: datetime.date, also: frozenset[str] = frozenset(), classes: Any = None
    ) -> None:
        """`course` comes with its subject, class and group; `also` names kinds of columns to show though
        they are not used yet."""
        self.course, self.today, self.also, self.classes = course, today, also, classes

    @cached_property
    def grades(self) -> list[int]:
        return self.course.grades()

    @cached_property
    def columns(self) -> list[Column]:
        used = {result.kind for results in self._stored.values() for result in results}
        kinds = (self.also | used) & {Kind.EXAM, Kind.FINAL}
        return columns_of(
            self.course.organisation_id, self.course.year_id, self.grades, today=self.today, also=kinds
        )

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    @cached_property
    def members(self) -> dict[int, tuple[Person, datetime.date]]:
        """Who belongs to the course today, or at the end of a year that is over, and since when."""
        on = min(max(self.today, self.course.year.since), self.course.year.until)
        members = members_of([self.course], on, classes=self.classes)[self.course.pk]
        return {student.pk: (student, since) for student, since in members}

    @cached_property
    def scale(self) -> Scale:
        return Scale(ScaleValue.objects.for_course(self.course.pk))

    @cached_property
    def rules(self) -> JournalRules:
        return JournalRules.of(self.course.organisation_id)

    @cached_property
    def _stored(self) -> dict[int, list[Any]]:
        """The students' results in the subject, this year and, in grade 11, the year before; those of
        another class or school too (demand row 33)."""
        years = Q(year=self.course.year_id)
        if GRADE_OF_CERTIFICATE in self.grades:
            day_before = self.course.year.since - datetime.timedelta(days=1)
            years |= Q(year__since__lte=day_before, year__until__gte=day_before)
        found = Result.objects.filter(
            years, student__in=self.members, course__subject__name=self.course.subject.name
        )
        results: dict[int, list[Any]] = defaultdict(list)
        for result in found.select_related("value", "suggestion", "term").order_by("at", "pk"):
            results[result.student_id].append(result)
        return results

    @cached_property
    def is_without_marks(self) -> bool:
        """Grade 1, or a scale without values: there are no results at all."""
        return not self.scale.values or self.course.is_taught_without_marks()

    def rows(self, column: Column) -> list[Row]:
        """Everybody, with what the system suggests for the column."""
        suggest = self._suggestions(column)
        return [
            Row(student, self.results_of(pk), suggest.get(pk, Suggestion()))
            for pk, (student, _since) in self.members.items()
        ]

    def to_accept(self, rows: list[Row], column: Column) -> list[Row]:
        """Who has a suggestion and no result in the column yet."""
        return [row for row in rows if row.suggestion.value and not self.own(row, column)]

    def own(self, row: Row, column: Column) -> Result | None:
        """What this course decided; a result of another one is never written from here."""
        found = row.results.get(column.key)
        return found if found and found.course_id == self.course.pk else None

    def results_of(self, student: int) -> dict[str, Result]:
        """By column; what was decided in another class or school where this course says nothing."""
        found: dict[str, Result] = {}
        for result in self._stored.get(student, []):
            if result.year_id != self.course.year_id:
                continue
            key = self._key(result)
            if key and (result.course_id == self.course.pk or key not in found):
                found[key] = result
        return found

    def _key(self, result: Result) -> str:
        """Of the column; a quarter is the quarter of that number in another school."""
        for column in self.columns:
            if column.kind == result.kind and _is_alike(column.term, result.term):
                return column.key
        return ""

    # --- What the system suggests ----------------------------------------------------------------

    def _suggestions(self, column: Column) -> dict[int, Suggestion]:
        """None for a course without marks, nor for one in which nobody has a mark yet."""
        if self.is_without_marks:
            return {}
        if column.term is not None:
            return self._of_term(column.term)
        if column.kind == Kind.YEAR:
            return {pk: self._of_year(pk) for pk in self.members}
        if column.kind == Kind.FINAL:
            return {pk: suggestions.final(self._made_final_of(pk), self.scale) for pk in self.members}
        return {}

    def _of_term(self, term: Term) -> dict[int, Suggestion]:
        marks = counted_marks([self.course], term, self.members)[self.course.pk]
        if not marks:
            return {}
        since = {pk: since for pk, (_student, since) in self.members.items()}
        presence = presence_of(self.course, term, since, today=self.today)
        return {
            pk: suggestions.for_term(marks.get(pk, []), presence[pk], self.scale, self.rules)
            for pk in self.members
        }

    def _of_year(self, student: int) -> Suggestion:
        results = self.results_of(student)
        terms = [column for column in self.columns if column.term]
        found = [results[column.key].value for column in terms if column.key in results]
        return suggestions.for_year(found, len(terms), self.scale, self.rules)

    def _made_final_of(self, student: int) -> list[ScaleValue]:
        """Empty while the year has no result."""
        results = self.results_of(student)
        if Kind.YEAR not in results:
            return []
        if GRADE_OF_CERTIFICATE in self.grades:
            kinds = (Kind.TERM, Kind.YEAR)
            before = [
                result.value
                for result in self._stored[student]
                if result.kind in kinds and result.year_id != self.course.year_id
            ]
            now = [result.value for result in results.values() if result.kind in kinds]
            return before + now
        return [results[kind].value for kind in (Kind.YEAR, Kind.EXAM) if kind in results]


def _is_alike(term: Term | None, other: Term | None) -> bool:
    if term is None or other is None:
        return term is other
    return term.pk == other.pk or (term.kind, term.number) == (other.kind, other.number)
