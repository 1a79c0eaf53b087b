"""For which days a report is: a term, days of one's own, the whole year."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from schedule.weeks import term_label
from schools.models import SchoolClass, Term


@dataclass(frozen=True)
class Span:
    """`terms` are those it touches, never none; `school` is named on paper."""

    since: datetime.date
    until: datetime.date
    label: str
    terms: list[Term]
    school: str
    term: Term | None = None

    @property
    def label_with_days(self) -> str:
        days = f"{date_format(self.since, 'd.m.Y')} – {date_format(self.until, 'd.m.Y')}"
        return f"{self.label}, {days}" if self.label else days

    @property
    def query(self) -> str:
        """For addresses."""
        return f"?term={self.term.pk}" if self.term else f"?since={self.since}&until={self.until}"


def terms_of(school_class: SchoolClass) -> list[Term]:
    """With their school and year. One statement. Raises Http404: without terms there is no report."""
    found: QuerySet[Term] = Term.objects.of_class(school_class).filter(year=school_class.year_id)
    terms = list(found.select_related("organisation", "year"))
    if not terms:
        raise Http404
    return terms


def span_of_term(term: Term) -> Span:
    label = capfirst(term_label(term))
    return Span(term.since, term.until, label, [term], term.organisation.short_name, term)


def span_of_days(terms: list[Term], since: datetime.date, until: datetime.date) -> Span:
    touched = [term for term in terms if term.since <= until and since <= term.until]
    return Span(since, until, "", touched, terms[0].organisation.short_name)


def span_of_year(terms: list[Term]) -> Span:
    label = _("School year %(year)s") % {"year": terms[0].year}
    since, until = terms[0].since, terms[-1].until
    return Span(since, until, label, terms, terms[0].organisation.short_name)


def present_term(terms: list[Term], today: datetime.date) -> Term:
    """The last one that has begun, else the first."""
    return next((term for term in reversed(terms) if term.since <= today), terms[0])


def named_term(terms: list[Term], key: Any, today: datetime.date) -> Term:
    """The one that the address names, else the present one. Raises Http404 for one of another class."""
    if not key:
        return present_term(terms, today)
    found = next((term for term in terms if str(term.pk) == key), None)
    if found is None:
        raise Http404
    return found
