"""The columns of results: the terms of the course's grade, the year, the examination, the final result."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.models import Result
from schedule.weeks import term_label
from schools.models import Term, YearClosure
from schools.models.organisations import FIRST_GRADE

GRADE_OF_EXAM = 9
GRADES_OF_FINAL = (9, 11)  # a certificate is given (rules.md, "Marks, absences, terms")
Kind = Result.Kind


@dataclass(frozen=True)
class Column:
    kind: Kind
    label: str
    term: Term | None = None
    obstacle: str = ""  # why nobody writes it at the moment; empty when the course's teacher may

    @property
    def key(self) -> str:
        """In addresses: `term-12`, `year`, `exam`, `final`."""
        return f"term-{self.term.pk}" if self.term else str(self.kind)

    @property
    def term_id(self) -> int | None:
        return self.term.pk if self.term else None

    @property
    def short_label(self) -> str:
        short = {
            Kind.YEAR: _("Year"),
            Kind.EXAM: _("Exam"),
            Kind.FINAL: _("Final"),
            Term.Kind.QUARTER: _("Q%(number)d"),
            Term.Kind.TRIMESTER: _("T%(number)d"),
            Term.Kind.HALF_YEAR: _("H%(number)d"),
        }
        if self.term is None:
            return short[self.kind]
        return short[Term.Kind(self.term.kind)] % {"number": self.term.number}


def columns_of(
    organisation: int, year: int, grades: Iterable[int], *, today: datetime.date, also: Iterable[str] = ()
) -> list[Column]:
    """For the lowest of `grades`; `also` are kinds shown all the same, as an examination that somebody
    has a result of. Two statements."""
    grade = min(grades, default=FIRST_GRADE)
    of_school = {"organisation": organisation, "year": year}
    terms = list(
        Term.objects.filter(first_grade__lte=grade, last_grade__gte=grade, **of_school)
        .select_related("closure")
        .order_by("since")
    )
    columns = [Column(Kind.TERM, label_of(term), term, _obstacle_of_term(term, today)) for term in terms]
    obstacle = _obstacle_of_year(terms, today, YearClosure.objects.filter(**of_school).exists())
    labels = {Kind.YEAR: _("Year result"), Kind.EXAM: _("Examination"), Kind.FINAL: _("Final result")}
    used = {Kind.YEAR, *also}
    if grade in GRADES_OF_FINAL:
        used.add(Kind.FINAL)
    if grade == GRADE_OF_EXAM:
        used.add(Kind.EXAM)
    return columns + [Column(kind, label, None, obstacle) for kind, label in labels.items() if kind in used]


def label_of(term: Any) -> str:
    return str(capfirst(term_label(term)))


def _obstacle_of_term(term: Any, today: datetime.date) -> str:
    if hasattr(term, "closure"):
        return _("The term is closed: its results can be read, not changed.")
    return _("The term has not begun.") if today < term.since else ""


def _obstacle_of_year(terms: list[Any], today: datetime.date, is_closed: bool) -> str:
    if is_closed:
        return _("The year is closed: its results can be read, not changed.")
    if not terms or today < terms[-1].since:
        return _("Opens with the last term of the year.")
    return ""


def column_of_today(columns: list[Column], today: datetime.date) -> Column:
    """The term that goes on, else the last one that began, else the first column."""
    begun = [column for column in columns if column.term and column.term.since <= today]
    return begun[-1] if begun else columns[0]
