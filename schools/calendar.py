"""The terms and days off of a class, as every page with dates asks for them.

They change a few times a year and are read by everybody all day, so they are kept in the cache for
five minutes, by school and grade: there is nothing personal in them.
"""

import datetime
from dataclasses import dataclass

from django.core.cache import cache

from schools.models import Holiday, SchoolClass, Term

SECONDS = 300


@dataclass(frozen=True)
class CalendarTerm:
    kind: str
    number: int
    since: datetime.date
    until: datetime.date


@dataclass(frozen=True)
class Calendar:
    terms: tuple[CalendarTerm, ...]
    holidays: tuple[tuple[str, datetime.date, datetime.date], ...]  # name, first day, last day

    def term_of_week(self, monday: datetime.date) -> CalendarTerm | None:
        """The term that the school days of a week belong to; None in the holidays."""
        saturday = monday + datetime.timedelta(days=5)
        return next((term for term in self.terms if term.since <= saturday and monday <= term.until), None)

    def holiday_on(self, day: datetime.date) -> str:
        """What a day without lessons is called; empty for an ordinary one."""
        return next((name for name, since, until in self.holidays if since <= day <= until), "")


def calendar_of(school_class: SchoolClass) -> Calendar:
    key = f"calendar-{school_class.organisation_id}-{school_class.grade}"
    calendar: Calendar | None = cache.get(key)
    if calendar is None:
        calendar = _read(school_class)
        cache.set(key, calendar, SECONDS)
    return calendar


def _read(school_class: SchoolClass) -> Calendar:
    terms = Term.objects.of_class(school_class).values_list("kind", "number", "since", "until")
    holidays = Holiday.objects.of_class(school_class).values_list("name", "since", "until")
    return Calendar(tuple(CalendarTerm(*term) for term in terms), tuple(holidays))
