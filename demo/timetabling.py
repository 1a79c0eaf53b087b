"""A weekly timetable without clashes: place greedily, push out what is in the way, place that again.

Every class fills its days from the first lesson on, without gaps. A class, a half of it and a
teacher are never in two places; a subject stands twice on a day only when it must.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from math import ceil
from random import Random
from typing import NamedTuple

from demo.curriculum import SPORT, TALK
from demo.plans import ClassPlan, CoursePlan, StaffPlan

SCHOOL_DAYS = 5
MOST_STEPS = 200_000


class NoTimetable(Exception):
    """The teachers' hours do not fit into the week."""


class Slot(NamedTuple):
    shift: int
    weekday: int
    number: int


@dataclass(eq=False)
class Unit:
    """One hour a week: of a course, or of both halves of a class at once."""

    school_class: ClassPlan
    subject: str
    courses: list[CoursePlan]
    a_day: int
    teachers: list[int] = field(init=False)
    slot: Slot | None = None
    pushed: int = 0

    def __post_init__(self) -> None:
        self.teachers = [id(course.teacher) for course in self.courses]


def make_timetable(staff: StaffPlan, rng: Random) -> list[tuple[CoursePlan, Slot]]:
    """(course, slot) for every hour of every course. Raises NoTimetable."""
    units = [unit for school_class in staff.classes for unit in _units(staff, school_class)]
    Solver(staff, units, rng).solve()
    return [(course, unit.slot) for unit in units for course in unit.courses if unit.slot]


def _units(staff: StaffPlan, school_class: ClassPlan) -> list[Unit]:
    by_subject: dict[str, list[CoursePlan]] = defaultdict(list)
    for course in staff.of_class(school_class):
        by_subject[course.subject].append(course)
    return [
        Unit(school_class, subject, courses, ceil(courses[0].hours / SCHOOL_DAYS))
        for subject, courses in by_subject.items()
        for _hour in range(courses[0].hours)
    ]


class Solver:
    def __init__(self, staff: StaffPlan, units: list[Unit], rng: Random) -> None:
        self.units, self.rng = units, rng
        self.slots = {id(plan): _slots(plan, units) for plan in staff.classes}
        self.of_class: dict[tuple[int, Slot], Unit] = {}
        self.of_teacher: dict[tuple[int, Slot], Unit] = {}
        self.on_day: dict[tuple[int, str, int], list[Unit]] = defaultdict(list)

    def solve(self) -> None:
        waiting = deque(sorted(self.units, key=self._how_free))
        for _step in range(MOST_STEPS):
            if not waiting:
                return
            unit = waiting.popleft()
            slot, in_the_way = self._best(unit)
            for other in in_the_way:
                self._take_out(other)
            self._put(unit, slot)
            waiting.extend(in_the_way)
        raise NoTimetable

    @staticmethod
    def _how_free(unit: Unit) -> tuple[bool, int]:
        """The talk has one place only; then those with busy teachers."""
        return unit.subject != TALK, -max(course.teacher.load for course in unit.courses)

    def _best(self, unit: Unit) -> tuple[Slot, list[Unit]]:
        """The slot that pushes out least; what was pushed out often is pushed less readily."""
        best: tuple[float, Slot, list[Unit]] | None = None
        for slot in self.slots[id(unit.school_class)]:
            in_the_way = self._in_the_way(unit, slot)
            if in_the_way is None:
                continue
            cost = sum(1 + other.pushed for other in in_the_way) + self._dislike(unit, slot)
            cost += self.rng.random() / 2
            if best is None or cost < best[0]:
                best = cost, slot, in_the_way
        if best is None:
            raise NoTimetable
        return best[1], best[2]

    def _in_the_way(self, unit: Unit, slot: Slot) -> list[Unit] | None:
        """None: this slot is not for this unit at all. The talk is Monday's first lesson."""
        is_talk_time = slot.weekday == 1 and slot.number == 1
        if (unit.subject == TALK) is not is_talk_time:
            return None
        found: list[Unit] = []
        if occupant := self.of_class.get((id(unit.school_class), slot)):
            found.append(occupant)
        for teacher in unit.teachers:
            other = self.of_teacher.get((teacher, slot))
            if other and other not in found:
                found.append(other)
        same = self.on_day[id(unit.school_class), unit.subject, slot.weekday]
        staying = [other for other in same if other not in found]
        found += staying[: max(0, len(staying) + 1 - unit.a_day)]
        return None if any(other.subject == TALK for other in found) else found

    def _dislike(self, unit: Unit, slot: Slot) -> float:
        """Sport late, the hard subjects (many hours) early."""
        if unit.subject == SPORT:
            return 0.3 if slot.number <= 2 else 0.0
        return 0.2 if unit.courses[0].hours >= 3 and slot.number >= 6 else 0.0

    def _put(self, unit: Unit, slot: Slot) -> None:
        unit.slot = slot
        self.of_class[id(unit.school_class), slot] = unit
        for teacher in unit.teachers:
            self.of_teacher[teacher, slot] = unit
        self.on_day[id(unit.school_class), unit.subject, slot.weekday].append(unit)

    def _take_out(self, unit: Unit) -> None:
        slot, unit.slot = unit.slot, None
        if slot is None:
            raise NoTimetable
        unit.pushed += 1
        del self.of_class[id(unit.school_class), slot]
        for teacher in unit.teachers:
            del self.of_teacher[teacher, slot]
        self.on_day[id(unit.school_class), unit.subject, slot.weekday].remove(unit)


def _slots(school_class: ClassPlan, units: list[Unit]) -> list[Slot]:
    """As many lessons a day as make the week even, the longer days in its middle."""
    hours = sum(unit.school_class is school_class for unit in units)
    shortest, longer = divmod(hours, SCHOOL_DAYS)
    long_days = (2, 4, 3, 1, 5)[:longer]
    return [
        Slot(school_class.shift, weekday, number)
        for weekday in range(1, SCHOOL_DAYS + 1)
        for number in range(1, shortest + (weekday in long_days) + 1)
    ]
