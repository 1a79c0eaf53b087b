"""Weeks and days: their titles in the reader's language, and what they are for a school."""

import datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from schools.calendar import Calendar, CalendarTerm
from schools.models import Term

WEEK = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


def next_month(first: datetime.date) -> datetime.date:
    """`first` is the first day of a month; that of the one after it."""
    return (first + 32 * DAY).replace(day=1)


def monday_of(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def days_of(monday: datetime.date) -> list[datetime.date]:
    """Monday to Sunday."""
    return [monday + DAY * number for number in range(7)]


def day_title(day: datetime.date) -> str:
    """«Среда, 16 декабря»"""
    return capfirst(date_format(day, "l, j\u00a0E"))


def day_label(day: datetime.date) -> str:
    """«16 декабря»"""
    return date_format(day, "j\u00a0E")


def room_text(name: str | None) -> str:
    """«каб. 305»; a room that is not a number speaks for itself: «Спортзал»."""
    if not name:
        return ""
    return _("room\u00a0%(room)s") % {"room": name} if name[0].isdigit() else name


def week_title(monday: datetime.date) -> str:
    """«14–19 декабря», «30 ноября – 5 декабря»: Monday to Saturday."""
    saturday = monday + DAY * 5
    if monday.month == saturday.month:
        return f"{monday.day}–{day_label(saturday)}"
    return f"{day_label(monday)} – {day_label(saturday)}"


def term_label(term: CalendarTerm | Term) -> str:
    """«2-я четверть»"""
    labels = {
        Term.Kind.QUARTER: _("quarter %(number)d"),
        Term.Kind.TRIMESTER: _("trimester %(number)d"),
        Term.Kind.HALF_YEAR: _("half-year %(number)d"),
    }
    return labels[Term.Kind(term.kind)] % {"number": term.number}


def week_subtitle(monday: datetime.date, calendar: Calendar) -> str:
    """«2-я четверть, неделя 6»; empty in the holidays."""
    term = calendar.term_of_week(monday)
    if term is None:
        return ""
    number = (monday - monday_of(term.since)).days // 7 + 1
    return _("%(term)s, week %(week)d") % {"term": capfirst(term_label(term)), "week": number}
