"""The periods that the page of attendance shows: a term or the year, each by its own address."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from schedule.weeks import term_label
from schools.calendar import Calendar

YEAR = "year"


@dataclass(frozen=True)
class Period:
    slug: str
    label: str
    since: datetime.date
    until: datetime.date

    def url(self, student: int) -> str:
        return reverse("diary:attendance-of-period", args=[student, self.slug])


def periods_of(calendar: Calendar, today: datetime.date) -> list[Period]:
    """Of the school year of today: its terms that have begun, and the whole year."""
    begins = _first_of_september(today)
    terms = [term for term in calendar.terms if begins <= term.since]
    begun = [
        Period(f"{term.kind}-{term.number}", capfirst(term_label(term)), term.since, term.until)
        for term in terms
        if term.since <= today
    ]
    since = min((term.since for term in terms), default=begins)
    until = max((term.until for term in terms), default=today)
    return [*begun, Period(YEAR, _("Year"), since, max(since, until))]


def period_named(periods: list[Period], slug: str, today: datetime.date) -> Period | None:
    """By its address; without one the term of today, in holidays the last one. None for an unknown one."""
    if slug:
        return next((period for period in periods if period.slug == slug), None)
    terms = [period for period in periods if period.slug != YEAR] or periods
    current = [period for period in terms if period.since <= today <= period.until]
    return (current or terms)[-1]


def _first_of_september(today: datetime.date) -> datetime.date:
    return datetime.date(today.year - (today.month < 9), 9, 1)
