"""How much of a course in a term each student was at: what «not certified» and «exempt» rest upon."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from diary.models import Absence
from schedule.models import Lesson
from schools.models import Course, Term


class Presence(NamedTuple):
    lessons: int = 0  # given so far, since the student came
    missed: int = 0
    exempt: int = 0

    @property
    def missed_most(self) -> bool:
        return self.missed * 2 > self.lessons

    @property
    def exempt_from_all(self) -> bool:
        return 0 < self.lessons == self.exempt


def presence_of(
    course: Course, term: Term, since: dict[int, datetime.date], *, today: datetime.date
) -> dict[int, Presence]:
    """By student; `since` tells the day on which each came to the class or group. Two statements."""
    given = Lesson.objects.filter(course=course, term=term, date__lte=today)
    dates = list(given.exclude(state=Lesson.State.CANCELLED).values_list("date", flat=True))
    away = _absences(course, term, since, today)
    return {student: presence(dates, away[student], came) for student, came in since.items()}


def presence(
    dates: Iterable[datetime.date], away: Iterable[tuple[datetime.date, bool]], came: datetime.date
) -> Presence:
    """Of one student: `dates` of the lessons given, `away` (date, whether exempt) of those missed."""
    missed = [(date, exempt) for date, exempt in away if date >= came]
    exempted = sum(exempt for _date, exempt in missed)
    return Presence(sum(date >= came for date in dates), len(missed) - exempted, exempted)


def _absences(
    course: Course, term: Term, students: Iterable[int], today: datetime.date
) -> dict[int, list[tuple[datetime.date, bool]]]:
    """(date, whether exempt) of the lessons that each missed."""
    found = Absence.objects.filter(
        lesson__course=course, lesson__term=term, lesson__date__lte=today, student__in=list(students)
    ).exclude(lesson__state=Lesson.State.CANCELLED)
    away: dict[int, list[tuple[datetime.date, bool]]] = defaultdict(list)
    for student, code, minutes, date, starts, ends in found.values_list(
        "student", "code", "minutes", "lesson__date", "lesson__starts", "lesson__ends"
    ):
        if is_missed(code, minutes, starts, ends):
            away[student].append((date, code == Absence.Code.EXEMPT))
    return away


def is_missed(code: str, minutes: int | None, starts: datetime.time, ends: datetime.time) -> bool:
    """Whether an absence, or being exempt or late, means that the student missed the lesson."""
    return code in (*Absence.AWAY, Absence.Code.EXEMPT) or _is_most_of(minutes, starts, ends)


def _is_most_of(minutes: int | None, starts: datetime.time, ends: datetime.time) -> bool:
    """A lesson counts as missed when more than half of it was (rules.md, "Marks, absences, terms")."""
    length = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    return (minutes or 0) * 2 > length
