"""On which days which grades are taught, and in which term."""

import datetime
from collections.abc import Sequence

from schools.closures import TermIsClosed
from schools.models import Holiday, Term


class NoSchoolDay(Exception):
    """Nobody of these grades is taught on the day."""


class OutsideTerms(NoSchoolDay):
    """No term holds on that day."""


class OnHoliday(NoSchoolDay):
    """A day off for one of the grades; holds the holiday's name."""


class DifferentTerms(Exception):
    """One grade has quarters, the other half-years: a lesson for both belongs to no term."""


class SchoolDays:
    """The terms and days off of one organisation between two days, read in two statements."""

    def __init__(self, organisation: int, since: datetime.date, until: datetime.date) -> None:
        during = {"organisation": organisation, "since__lte": until, "until__gte": since}
        self.terms = list(Term.objects.filter(**during).select_related("closure"))
        self.holidays = list(Holiday.objects.filter(**during))

    def term(self, year: int, grades: Sequence[int], day: datetime.date) -> Term:
        """The open term of the first grade, when the day is a school day for every one of `grades`.

        Raises OnHoliday, OutsideTerms, DifferentTerms, TermIsClosed.
        """
        for holiday in self.holidays:
            if holiday.holds_on(day) and any(map(holiday.is_for, grades)):
                raise OnHoliday(holiday.name)
        terms = [self._term_of_grade(year, grade, day) for grade in grades]
        if not terms:
            raise OutsideTerms
        if len({term.kind for term in terms}) > 1:
            raise DifferentTerms
        if any(hasattr(term, "closure") for term in terms):
            raise TermIsClosed
        return terms[0]

    def _term_of_grade(self, year: int, grade: int, day: datetime.date) -> Term:
        for term in self.terms:
            if term.year_id == year and term.is_for(grade) and term.since <= day <= term.until:
                return term
        raise OutsideTerms
