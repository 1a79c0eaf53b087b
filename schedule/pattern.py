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
from schools.closures import TermIsClosed
from schools.models import Course, Group, MovedDay, Organisation, Term
from schools.school_days import DifferentTerms, NoSchoolDay, SchoolDays

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


class CannotPublish(Exception):
    """The timetable makes no lessons; the message says for whom and why."""


class MixedGroups(CannotPublish):
    """Groups across grades of which one has quarters and the other half-years."""

    def __init__(self, groups: list[str]) -> None:
        super().__init__(
            gettext(
                "These groups join grades whose terms are of different kinds: %(groups)s. "
                "Make a group for each kind."
            )
            % {"groups": "; ".join(groups)}
        )


class MissingBell(CannotPublish):
    """Lessons stand in the timetable at numbers that do not ring; `rings` names every one."""

    def __init__(self, rings: list[Ring]) -> None:
        self.rings = rings
        super().__init__(gettext("There is no bell for: %(bells)s.") % {"bells": "; ".join(map(str, rings))})


@dataclass
class Calendar:
    """The school time of one organisation between two days, read in four statements."""

    organisation: Organisation
    since: datetime.date
    until: datetime.date
    school_days: SchoolDays = field(init=False)
    moved: dict[datetime.date, int] = field(init=False)
    bells: dict[tuple[int, int | None, int], Bell] = field(init=False)

    def __post_init__(self) -> None:
        self.school_days = SchoolDays(self.organisation.pk, self.since, self.until)
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
        """Nothing more is planned into a closed term: its marks are final."""
        try:
            return self.school_days.term(year, grades, day)
        except (NoSchoolDay, TermIsClosed):
            return None

    def bell(self, ring: Ring) -> Bell | None:
        """The weekday's own row, otherwise that of every day."""
        own = self.bells.get((ring.shift, ring.weekday, ring.number))
        return own or self.bells.get((ring.shift, None, ring.number))


def week_of_cycle(day: datetime.date, year_begins: datetime.date) -> int:
    """1 or 2; week 1 begins on the Monday of the week in which the academic year begins."""
    first_monday = year_begins - datetime.timedelta(days=year_begins.weekday())
    return (day - first_monday).days // 7 % WEEKS_IN_CYCLE + 1


def lessons_meant(
    organisation: Organisation, since: datetime.date, until: datetime.date, *, course: Course | None = None
) -> dict[Slot, Lesson]:
    """The unsaved lessons that the timetable asks for from `since` to `until`, both days included; of
    one `course`, or of all.

    Raises MissingBell with every bell that is missing, MixedGroups with every such group.
    """
    calendar = Calendar(organisation, since, until)
    entries = _entries_by_weekday(organisation, since, until, course)
    grades = _grades_of_groups(organisation)
    meant: dict[Slot, Lesson] = {}
    missing: set[Ring] = set()
    mixed: set[str] = set()
    for day, weekday in calendar.days():
        for entry in entries[weekday]:
            course = entry.course
            if not (entry.holds_on(day) and _in_cycle(entry, day)):
                continue
            levels = [course.school_class.grade] if course.school_class else grades[course.group_id]
            try:
                term = calendar.term(course.year_id, levels, day)
            except DifferentTerms:
                mixed.add(str(course.group))
                continue
            if term is None:
                continue
            ring = Ring(entry.shift, weekday, entry.number)
            bell = calendar.bell(ring)
            if bell is None:
                missing.add(ring)
                continue
            meant[Slot(course.pk, day, entry.shift, entry.number)] = _lesson(entry, day, term, bell)
    if mixed:
        raise MixedGroups(sorted(mixed))
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
    organisation: Organisation, since: datetime.date, until: datetime.date, course: Course | None
) -> dict[int, list[TimetableEntry]]:
    entries = TimetableEntry.objects.filter(
        Q(until__isnull=True) | Q(until__gte=since), organisation=organisation, since__lte=until
    )
    if course:
        entries = entries.filter(course=course)
    entries = entries.select_related("course__school_class", "course__group", "course__year")
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
