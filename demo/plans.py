"""A school before it stands in the database: classes, courses and who teaches them."""

from dataclasses import dataclass, field
from math import ceil
from random import Random

from demo.curriculum import (
    HOURS,
    IN_GROUPS,
    MUSIC,
    PRIMARY_TEACHERS,
    SPORT,
    TALK,
    Area,
    areas_for,
    position_of,
)

LAST_PRIMARY_GRADE = 4
USUAL_LOAD, LARGEST_LOAD = 21, 26  # hours a week; 18 are one full post
PRIMARY = Area("учитель начальных классов", PRIMARY_TEACHERS)


@dataclass(eq=False)
class TeacherPlan:
    area: Area
    load: int = 0


@dataclass(eq=False)
class ClassPlan:
    grade: int
    letter: str
    shift: int
    size: int
    in_groups: bool
    leader: TeacherPlan | None = None

    @property
    def is_primary(self) -> bool:
        return self.grade <= LAST_PRIMARY_GRADE


@dataclass(eq=False)
class CoursePlan:
    """`group` is 0 for the whole class, else the number of its half."""

    school_class: ClassPlan
    subject: str
    hours: int
    group: int
    teacher: TeacherPlan


@dataclass
class StaffPlan:
    """Who teaches what in one school. `courses` come in the order of classes and subjects."""

    classes: list[ClassPlan]
    teachers: list[TeacherPlan] = field(default_factory=list)
    courses: list[CoursePlan] = field(default_factory=list)

    def of_class(self, school_class: ClassPlan) -> list[CoursePlan]:
        return [course for course in self.courses if course.school_class is school_class]


@dataclass(eq=False)
class Block:
    """What one teacher takes in one class (or half of it): Russian and literature of 5 «Б»."""

    school_class: ClassPlan
    group: int
    subjects: list[str]
    hours: int


def plan_staff(classes: list[ClassPlan], rng: Random, *, led_first: int) -> StaffPlan:
    """Classes of the grade `led_first` choose their class teachers before the others."""
    staff = StaffPlan(classes)
    areas = areas_for(len(classes))
    for school_class in filter(lambda plan: plan.is_primary, classes):
        _give_primary_teacher(staff, school_class)
    for area in areas:
        _share_out(staff, area, _blocks(classes, area, areas), rng)
    _choose_leaders(staff, led_first)
    order = {id(school_class): place for place, school_class in enumerate(classes)}
    staff.courses.sort(key=lambda course: (order[id(course.school_class)], course.subject, course.group))
    return staff


def _give_primary_teacher(staff: StaffPlan, school_class: ClassPlan) -> None:
    teacher = school_class.leader = TeacherPlan(PRIMARY)
    staff.teachers.append(teacher)
    subjects = [name for name in HOURS[school_class.grade] if name in PRIMARY_TEACHERS]
    _assign(staff, teacher, Block(school_class, 0, subjects, 0))


def _assign(staff: StaffPlan, teacher: TeacherPlan, block: Block) -> None:
    for subject in block.subjects:
        hours = HOURS[block.school_class.grade][subject]
        staff.courses.append(CoursePlan(block.school_class, subject, hours, block.group, teacher))
        teacher.load += hours


def _blocks(classes: list[ClassPlan], area: Area, areas: tuple[Area, ...]) -> list[Block]:
    """The older the class, the earlier it is served: its blocks are the large ones."""
    blocks = []
    for school_class in sorted(classes, key=lambda plan: -plan.grade):
        hours = HOURS[school_class.grade]
        subjects = [
            name
            for name in hours
            if name in area.subjects
            and position_of(name, areas) is area
            and not (school_class.is_primary and name in PRIMARY_TEACHERS)
        ]
        halves = (1, 2) if school_class.in_groups and area.subjects[0] in IN_GROUPS else (0,)
        total = sum(hours[name] for name in subjects)
        blocks += [Block(school_class, half, subjects, total) for half in halves if subjects]
    return blocks


def _share_out(staff: StaffPlan, area: Area, blocks: list[Block], rng: Random) -> None:
    """To the least busy teacher of the area, never both halves of a class to one."""
    if not blocks:
        return
    needed = ceil(sum(block.hours for block in blocks) / USUAL_LOAD)
    if any(block.group for block in blocks):
        needed = max(needed, 2)
    teachers = [TeacherPlan(area) for _ in range(needed)]
    staff.teachers += teachers
    taken: dict[int, TeacherPlan] = {}
    for block in blocks:
        other_half = taken.get(id(block.school_class)) if block.group == 2 else None
        free = [teacher for teacher in teachers if teacher is not other_half]
        teacher = min(free, key=lambda teacher: (teacher.load, rng.random()))
        taken[id(block.school_class)] = teacher
        _assign(staff, teacher, block)


def _choose_leaders(staff: StaffPlan, led_first: int) -> None:
    """Each class is led by one who teaches it much, and who gives its Monday talk."""
    led: set[int] = set()
    for school_class in sorted(staff.classes, key=lambda plan: plan.grade != led_first):
        if school_class.leader is None:
            hours: dict[int, int] = {}
            candidates: dict[int, TeacherPlan] = {}
            for course in staff.of_class(school_class):
                if id(course.teacher) not in led and course.subject not in (MUSIC, SPORT):
                    hours[id(course.teacher)] = hours.get(id(course.teacher), 0) + course.hours
                    candidates[id(course.teacher)] = course.teacher
            best = max(candidates, key=lambda teacher: hours[teacher])
            school_class.leader = candidates[best]
        led.add(id(school_class.leader))
        _assign(staff, school_class.leader, Block(school_class, 0, [TALK], 1))
