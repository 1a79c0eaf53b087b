"""Accepting all suggestions of a column at once, and taking that back.

«н/а» is no mark: a student who is not certified is named apart, and accepted only when that was chosen.
"""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from diary.models import Result
from diary.results.columns import Column
from diary.results.entries import hold_column
from diary.results.sheet import ResultSheet, Row
from diary.results.suggestions import NOT_CERTIFIED
from schools.models import Course, Person

SALT = "results-acceptance"
UNDONE_WITHIN = datetime.timedelta(hours=12)


class NotYours(Exception):
    """What came back is no acceptance of this person in this column, or it was long ago."""


@dataclass(frozen=True)
class Proposals:
    """Whoever has a suggestion and no result in the column yet."""

    certified: list[Row]
    not_certified: list[Row]

    @classmethod
    def of(cls, sheet: ResultSheet, column: Column) -> "Proposals":
        rows = sheet.to_accept(sheet.rows(column), column)
        return cls(
            [row for row in rows if not _is_not_certified(row)],
            [row for row in rows if _is_not_certified(row)],
        )

    def chosen(self, *, not_certified: bool) -> list[Row]:
        return self.certified + (self.not_certified if not_certified else [])


def _is_not_certified(row: Row) -> bool:
    return row.suggestion.value is not None and row.suggestion.value.text == NOT_CERTIFIED


def goes_on(sheet: ResultSheet, column: Column) -> bool:
    """Whether lessons of the term, or for other columns of the year, are still to come."""
    ends = [each.term.until for each in sheet.columns if each.term and column.term in (None, each.term)]
    return any(sheet.today < end for end in ends)


@transaction.atomic
def accept_suggestions(
    sheet: ResultSheet, column: Column, *, not_certified: bool, by: Person, at: datetime.datetime
) -> int:
    """Decide as suggested whoever has no result in the column yet; how many. Raises NoLongerOpen.

    Whoever decided a student in the same moment goes first: the database keeps one result of each.
    """
    hold_column(column, sheet.course.organisation_id, sheet.course.year_id)
    results = [
        Result(
            course=sheet.course,
            student=row.student,
            year_id=sheet.course.year_id,
            kind=column.kind,
            term=column.term,
            value=row.suggestion.value,
            suggestion=row.suggestion.value,
            average=row.suggestion.average,
            by=by,
            at=at,
        )
        for row in Proposals.of(sheet, column).chosen(not_certified=not_certified)
    ]
    Result.objects.bulk_create(results, ignore_conflicts=True)
    return _written(sheet.course, column, by, at).count()


def _written(course: Course, column: Column, by: Person, at: datetime.datetime) -> QuerySet[Result]:
    """What an acceptance wrote and nobody changed since: its moment is its own."""
    of_column = {"course": course, "kind": column.kind, "term": column.term}
    return Result.objects.filter(**of_column, by=by, at=at, version=1, correction=None)


def signed(course: Course, column: Column, *, by: Person, at: datetime.datetime) -> str:
    """The acceptance as an address carries it: a moment, and nothing of anybody; for its person alone."""
    return signing.dumps(at.isoformat(), salt=_salt(course, column, by))


def _salt(course: Course, column: Column, by: Person) -> str:
    return f"{SALT}:{course.pk}:{column.key}:{by.pk}"


def undoable(text: str, course: Course, column: Column, *, by: Person) -> int:
    """How many results of the acceptance could be emptied; 0 for what is none."""
    try:
        return _written(course, column, by, _moment(text, course, column, by)).count() if text else 0
    except NotYours:
        return 0


def _moment(text: str, course: Course, column: Column, by: Person) -> datetime.datetime:
    try:
        at = signing.loads(text, salt=_salt(course, column, by), max_age=UNDONE_WITHIN)
    except signing.BadSignature as error:
        raise NotYours from error
    return datetime.datetime.fromisoformat(at)


@transaction.atomic
def undo(text: str, course: Course, column: Column, *, by: Person) -> int:
    """Empty what the acceptance wrote, as far as it is still as it was; how many. Raises NoLongerOpen,
    NotYours."""
    hold_column(column, course.organisation_id, course.year_id)
    gone, _rows = _written(course, column, by, _moment(text, course, column, by)).delete()
    return gone
