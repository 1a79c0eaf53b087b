"""Absences of a class and the reasons that its class teacher gives them (product map §3).

The class teacher says why a student was away, never whether: only codes of `Absence.AWAY` are read and
written here, and the database lets nothing else pass in a closed term. It ends with the year's closure.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from zlib import crc32

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import ngettext

from diary.letters import ABSENCE_LETTERS, ABSENCE_WORDS
from diary.models import Absence
from schedule.order import chain_by_chain, hold_lessons
from schedule.weeks import day_title
from schools.deadlocks import again_after_deadlock
from schools.models import Enrolment, SchoolClass, YearClosure

LONGEST_PERIOD = datetime.timedelta(days=366)


@dataclass
class DayOfStudent:
    """A day on which a student missed lessons. `token` says what the form showed of it."""

    student: int
    name: str
    date: datetime.date
    lessons: list[dict[str, Any]] = field(default_factory=list)  # {number, subject, code, letter, words}
    token: str = ""

    @property
    def title(self) -> str:
        return day_title(self.date)

    @property
    def value(self) -> str:
        return f"{self.student}:{self.date.isoformat()}:{self.token}"

    @property
    def is_unstated(self) -> bool:
        return any(lesson["code"] == Absence.Code.UNSTATED for lesson in self.lessons)

    @property
    def count(self) -> str:
        number = len(self.lessons)
        return ngettext("%(count)d lesson", "%(count)d lessons", number) % {"count": number}


def is_year_closed(school_class: SchoolClass) -> bool:
    closed = YearClosure.objects.filter(organisation=school_class.organisation_id, year=school_class.year_id)
    return closed.exists()


def absences_of(school_class: SchoolClass, since: datetime.date, until: datetime.date) -> Any:
    """Of the class's students, on the days on which they were in it; coming late is no absence."""
    enrolled = Enrolment.objects.filter(
        Q(until=None) | Q(until__gte=OuterRef("lesson__date")),
        student=OuterRef("student"),
        school_class=school_class,
        since__lte=OuterRef("lesson__date"),
    )
    return Absence.objects.filter(
        Exists(enrolled),
        code__in=Absence.AWAY,
        lesson__organisation=school_class.organisation_id,
        lesson__date__range=(since, until),
    )


def days_of(school_class: SchoolClass, since: datetime.date, until: datetime.date) -> list[DayOfStudent]:
    """The newest day first, its students in the order of the class list. One statement."""
    rows: Any = (
        absences_of(school_class, since, until)
        .order_by("-lesson__date", "student__sort_key", "student", "lesson__starts")
        .select_related("student", "lesson__course__subject")
    )
    return [
        _day(list(absences))
        for _key, absences in groupby(rows, key=lambda row: (row.lesson.date, row.student_id))
    ]


def _day(absences: list[Absence]) -> DayOfStudent:
    first = absences[0]
    day = DayOfStudent(first.student_id, first.student.roll_name, first.lesson.date)
    day.token = _token((absence.pk, absence.version) for absence in absences)
    for absence in absences:
        code = Absence.Code(absence.code)
        subject = absence.lesson.course.subject
        day.lessons.append(
            {
                "number": absence.lesson.number,
                "subject": subject.short_name or subject.name,
                "code": absence.code,
                "letter": str(ABSENCE_LETTERS[code]),
                "words": str(ABSENCE_WORDS[code]),
            }
        )
    return day


def _token(versions: Iterable[tuple[int, int]]) -> str:
    return f"{crc32(repr(sorted(versions)).encode()):x}"


@again_after_deadlock
@transaction.atomic
def give_reason_to_days(
    school_class: SchoolClass, days: Iterable[tuple[int, datetime.date, str]], code: str
) -> tuple[int, int]:
    """The reason of all lessons missed on the chosen (student, day, token as shown). Returns how many
    absences became that, and how many days were left as they are because they changed meanwhile.
    Two statements, and one a course."""
    wanted = {(student, date): token for student, date, token in days}
    if not wanted:
        return 0, 0
    dates = [date for _student, date in wanted]
    found: dict[tuple[int, datetime.date], list[Any]] = defaultdict(list)
    rows = absences_of(school_class, min(dates), max(dates))
    for row in _held(rows.filter(student__in={student for student, _date in wanted})):
        found[row.student_id, row.lesson.date].append(row)
    chosen, changed = [], 0
    for key, token in wanted.items():
        absences = found[key]
        if _token((row.pk, row.version) for row in absences) == token:
            chosen += [row for row in absences if row.code != code]
        else:
            changed += 1
    return _write(chosen, code), changed


@again_after_deadlock
@transaction.atomic
def give_reason_to_period(
    school_class: SchoolClass,
    student: int,
    since: datetime.date,
    until: datetime.date,
    code: str,
    *,
    only_unstated: bool,
    lesson_numbers: Collection[int] = (),
) -> int:
    """Of all that the student missed since…until, both included; with `only_unstated` known reasons stay,
    with `lesson_numbers` it is of those lessons alone. Returns how many absences changed. Two statements,
    and one a course."""
    rows = absences_of(school_class, since, until).filter(student=student).exclude(code=code)
    if lesson_numbers:
        rows = rows.filter(lesson__number__in=lesson_numbers)
    if only_unstated:
        rows = rows.filter(code=Absence.Code.UNSTATED)
    return _write(_held(rows), code)


def _held(rows: Any) -> list[Any]:
    """In the order of `schedule.order`. One that came in between, at another lesson, is left out."""
    lessons = hold_lessons(rows.values("lesson"))
    return list(rows.filter(lesson__in=lessons).select_related("lesson").select_for_update(of=("self",)))


def _write(absences: Iterable[Any], code: str) -> int:
    places = ((row.lesson.course_id, row.lesson.term_id, row.pk) for row in absences)
    return sum(
        Absence.objects.filter(pk__in=keys).update(code=code, version=F("version") + 1)
        for keys in chain_by_chain(places)
    )
