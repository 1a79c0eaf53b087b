"""What a student missed in a period: lessons and days, by reason, subject and month; lateness apart.

A lesson counts as missed when more than half of it was, a day when all of the student's own lessons of the
day were (rules.md, "Marks, absences, terms"). Being exempt is no absence: the student is at the lesson.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.db.models import Count

from diary.models import Absence
from diary.results.presence import is_missed
from schedule.models import Lesson
from schools.family import Child, places_of

Code = Absence.Code


@dataclass(frozen=True)
class Away:
    """A line of the roll: the student missed the lesson, came late or was exempt."""

    student: int
    lesson: int
    date: datetime.date
    number: int
    subject: str
    code: str
    minutes: int | None
    is_missed: bool

    @property
    def is_late(self) -> bool:
        """In time for half of the lesson or more."""
        return self.code == Code.LATE and not self.is_missed


@dataclass(frozen=True)
class DayAway:
    """A day with absences or lateness; `is_whole`: all own lessons were missed."""

    date: datetime.date
    lines: list[Away]
    is_whole: bool

    @property
    def missed(self) -> list[Away]:
        return [line for line in self.lines if line.is_missed]

    @property
    def code(self) -> str:
        """Of what was missed: unstated as long as one lesson is, else the commonest, the first of equals.
        Empty for lateness alone."""
        codes = Counter(line.code for line in self.missed)
        return (
            Code.UNSTATED
            if Code.UNSTATED in codes
            else next(iter(code for code, _n in codes.most_common()), "")
        )


@dataclass
class Attendance:
    since: datetime.date
    until: datetime.date
    lines: list[Away] = field(default_factory=list)  # in the order of time
    lessons: dict[datetime.date, int] = field(default_factory=dict)  # own lessons of each school day

    @cached_property
    def days(self) -> list[DayAway]:
        """The newest first."""
        noted = [line for line in self.lines if line.is_missed or line.is_late]
        by_day = [(day, list(lines)) for day, lines in groupby(noted, key=lambda line: line.date)]
        return [self._day(day, lines) for day, lines in reversed(by_day)]

    def _day(self, day: datetime.date, lines: list[Away]) -> DayAway:
        missed = sum(line.is_missed for line in lines)
        return DayAway(day, lines, is_whole=0 < self.lessons.get(day, 0) <= missed)

    @property
    def missed(self) -> list[Away]:
        return [line for line in self.lines if line.is_missed]

    @property
    def whole_days(self) -> list[DayAway]:
        return [day for day in self.days if day.is_whole]

    @property
    def late(self) -> list[Away]:
        return [line for line in self.lines if line.is_late]

    @property
    def exempt(self) -> int:
        return sum(line.code == Code.EXEMPT for line in self.lines)


def attendance_of(
    child: Child, since: datetime.date, until: datetime.date, *, today: datetime.date
) -> Attendance:
    """From since to until, both included, as far as today. Three statements."""
    places = places_of(child)
    last = min(until, today)
    own = Lesson.objects.of_student(places, since, last).exclude(state=Lesson.State.CANCELLED)
    lessons = dict(own.order_by().values_list("date").annotate(Count("pk")))
    return Attendance(since, until, list(away([child.student.pk], since, last)), lessons)


def away(students: Iterable[int], since: datetime.date, until: datetime.date) -> Iterator[Away]:
    """Of the days since…until, both included, in the order of time. One statement."""
    found = Absence.objects.filter(student__in=list(students), lesson__date__range=(since, until))
    found = found.exclude(lesson__state=Lesson.State.CANCELLED).order_by(
        "lesson__date", "lesson__starts", "pk"
    )
    for student, lesson, date, number, subject, code, minutes, starts, ends in found.values_list(
        "student",
        "lesson",
        "lesson__date",
        "lesson__number",
        "lesson__course__subject__name",
        "code",
        "minutes",
        "lesson__starts",
        "lesson__ends",
    ):
        missed = code != Code.EXEMPT and is_missed(code, minutes, starts, ends)
        yield Away(student, lesson, date, number, subject, code, minutes, missed)
