"""What the weekly timetable means on dates: the school's calendar laid over the pattern."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext

from schedule.models import Bell, Lesson, TimetableEntry
from schools.models import Group, Holiday, MovedDay, Organisation, Term

DAY = datetime.timedelta(days=1)
WEEKS_IN_CYCLE = 2


class Slot(NamedTuple):
    """What identifies a dated lesson (the constraint `lesson_once`)."""

    course: int
    date: datetime.date
    shift: int
    number: int


class Ring(NamedTuple):
    """A bell that lessons need: the weekday is the one whose timetable is taught."""

    shift: int
    weekday: int
    number: int

    def __str__(self) -> str:
        return gettext("shift %(shift)d, %(weekday)s, lesson %(number)d") % {
            "shift": self.shift,
            "weekday": WEEKDAYS[self.weekday - 1],
            "number": self.number,
        }


class MissingBell(Exception):
    """Lessons stand in the timetable at numbers that do not ring; `rings` names every one."""

    def __init__(self, rings: list[Ring]) -> None:
        self.rings = rings
        super().__init__(gettext("There is no bell for: %(bells)s.") % {"bells": "; ".join(map(str, rings))})


@dataclass
class Calendar:
    """The school time of one organisation between two days, read in five statements."""

    organisation: Organisation
    since: datetime.date
    until: datetime.date
    terms: list[Term] = field(init=False)
    holidays: list[Holiday] = field(init=False)
    moved: dict[datetime.date, int] = field(init=False)
    bells: dict[tuple[int, int | None, int], Bell] = field(init=False)

    def __post_init__(self) -> None:
        during = {"organisation": self.organisation, "since__lte": self.until, "until__gte": self.since}
        # Nothing more is planned into a closed term: its marks are final.
        self.terms = list(Term.objects.filter(closure__isnull=True, **during).select_related("year"))
        self.holidays = list(Holiday.objects.filter(**during))
        moved = MovedDay.objects.filter(organisation=self.organisation, date__range=(self.since, self.until))
        self.moved = dict(moved.values_list("date", "as_weekday"))
        bells = Bell.objects.filter(organisation=self.organisation)
        self.bells = {(bell.shift, bell.weekday, bell.number): bell for bell in bells}

    def days(self) -> Iterator[tuple[datetime.date, int]]:
        """Each day with the weekday whose timetable is taught on it."""
        day = self.since
        while day <= self.until:
            yield day, self.moved.get(day, day.isoweekday())
            day += DAY

    def term(self, year: int, grades: list[int], day: datetime.date) -> Term | None:
        """The term of the lowest grade, when the day is a school day for every one of `grades`."""
        if any(
            holiday.is_for(grade) and holiday.holds_on(day) for holiday in self.holidays for grade in grades
        ):
            return None
        terms = [self._term_of_grade(year, grade, day) for grade in grades]
        return terms[0] if terms and all(terms) else None

    def _term_of_grade(self, year: int, grade: int, day: datetime.date) -> Term | None:
        return next(
            (
                term
                for term in self.terms
                if term.year_id == year and term.is_for(grade) and term.since <= day <= term.until
            ),
            None,
        )

    def bell(self, ring: Ring) -> Bell | None:
        """The weekday's own row, otherwise that of every day."""
        own = self.bells.get((ring.shift, ring.weekday, ring.number))
        return own or self.bells.get((ring.shift, None, ring.number))


def week_of_cycle(day: datetime.date, year_begins: datetime.date) -> int:
    """1 or 2; week 1 begins on the Monday of the week in which the academic year begins."""
    first_monday = year_begins - datetime.timedelta(days=year_begins.weekday())
    return (day - first_monday).days // 7 % WEEKS_IN_CYCLE + 1


def lessons_meant(
    organisation: Organisation, since: datetime.date, until: datetime.date
) -> dict[Slot, Lesson]:
    """The unsaved lessons that the timetable asks for from `since` to `until`, both days included.

    Raises MissingBell with every bell that is missing.
    """
    calendar = Calendar(organisation, since, until)
    entries = _entries_by_weekday(organisation, since, until)
    grades = _grades_of_groups(organisation)
    meant: dict[Slot, Lesson] = {}
    missing: set[Ring] = set()
    for day, weekday in calendar.days():
        for entry in entries[weekday]:
            course = entry.course
            if not (entry.holds_on(day) and _in_cycle(entry, day)):
                continue
            levels = [course.school_class.grade] if course.school_class else grades[course.group_id]
            term = calendar.term(course.year_id, levels, day)
            if term is None:
                continue
            ring = Ring(entry.shift, weekday, entry.number)
            bell = calendar.bell(ring)
            if bell is None:
                missing.add(ring)
                continue
            meant[Slot(course.pk, day, entry.shift, entry.number)] = _lesson(entry, day, term, bell)
    if missing:
        raise MissingBell(sorted(missing))
    return meant


def _lesson(entry: TimetableEntry, day: datetime.date, term: Term, bell: Bell) -> Lesson:
    return Lesson(
        organisation_id=entry.organisation_id,
        course=entry.course,
        term=term,
        entry=entry,
        date=day,
        shift=entry.shift,
        number=entry.number,
        starts=bell.starts,
        ends=bell.ends,
        room_id=entry.room_id,
        planned_teacher_id=entry.teacher_id,
        teacher_id=entry.teacher_id,
    )


def _in_cycle(entry: TimetableEntry, day: datetime.date) -> bool:
    return entry.first_week <= week_of_cycle(day, entry.course.year.since) <= entry.last_week


def _entries_by_weekday(
    organisation: Organisation, since: datetime.date, until: datetime.date
) -> dict[int, list[TimetableEntry]]:
    entries = TimetableEntry.objects.filter(
        Q(until__isnull=True) | Q(until__gte=since), organisation=organisation, since__lte=until
    ).select_related("course__school_class", "course__year")
    by_weekday: dict[int, list[TimetableEntry]] = defaultdict(list)
    for entry in entries:
        by_weekday[entry.weekday].append(entry)
    return by_weekday


def _grades_of_groups(organisation: Organisation) -> dict[int | None, list[int]]:
    rows = Group.objects.filter(organisation=organisation).values_list("pk", "classes__grade")
    grades: dict[int | None, list[int]] = defaultdict(list)
    for group, grade in rows.order_by("classes__grade").distinct():
        if grade is not None:
            grades[group].append(grade)
    return grades
