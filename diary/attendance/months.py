"""Months as pictures: a day is a square that says how much of it was missed, and in words beside."""

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.attendance.reading import Attendance, DayAway
from schedule.weeks import next_month

SIDE = 26  # of a day's square, in the picture's units
SQUARE = SIDE - 2


@dataclass
class Month:
    """For `diary/_attendance_month.html`: `squares` are {x, y, day, kind, code, is_today}."""

    title: str
    words: str
    height: int
    weekdays: list[dict[str, Any]]
    squares: list[dict[str, Any]] = field(default_factory=list)


def months_of(attendance: Attendance, *, today: datetime.date) -> list[Month]:
    """Of the attendance's period, as far as the month of today."""
    days = {day.date: day for day in attendance.days}
    return [
        _month(first, attendance, days, today)
        for first in _firsts(attendance.since, min(attendance.until, max(today, attendance.since)))
    ]


def _firsts(since: datetime.date, until: datetime.date) -> Iterator[datetime.date]:
    first = since.replace(day=1)
    while first <= until:
        yield first
        first = next_month(first)


def _month(
    first: datetime.date, attendance: Attendance, days: dict[datetime.date, DayAway], today: datetime.date
) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    month = Month(
        title=capfirst(date_format(first, "F")),
        words=_words(
            [day for date, day in days.items() if (date.year, date.month) == (first.year, first.month)]
        ),
        height=SIDE * (len(weeks) + 1),
        weekdays=[
            {"x": column * SIDE + SQUARE // 2, "label": date_format(date, "D")[:2]}
            for column, date in enumerate(weeks[0])
        ],
    )
    for row, week in enumerate(weeks, start=1):
        for column, date in enumerate(week):
            if date.month == first.month:
                square = _square(date, days.get(date), date in attendance.lessons, is_today=date == today)
                month.squares.append({"x": column * SIDE, "y": row * SIDE, **square})
    return month


def _square(
    date: datetime.date, day: DayAway | None, is_school_day: bool, *, is_today: bool
) -> dict[str, Any]:
    """`kind`: whole, part, late, school (a day without absences) or free."""
    kind, code = "school" if is_school_day else "free", ""
    if day:
        code = day.code
        kind = "whole" if day.is_whole else "part" if code else "late"
    return {"day": date.day, "kind": kind, "code": code, "is_today": is_today}


def _words(days: list[DayAway]) -> str:
    """«Весь день: 14, 15. Отдельные уроки: 3. Опоздания: 9.»"""
    kinds = (
        (_("Whole days: %(days)s."), [day for day in days if day.is_whole]),
        (_("Single lessons: %(days)s."), [day for day in days if day.missed and not day.is_whole]),
        (_("Late: %(days)s."), [day for day in days if not day.missed]),
    )
    told = [text % {"days": _numbers(chosen)} for text, chosen in kinds if chosen]
    return " ".join(told) or _("Nothing missed.")


def _numbers(days: list[DayAway]) -> str:
    return ", ".join(str(number) for number in sorted(day.date.day for day in days))
