"""How much is set for a day, over all subjects, against the norm.

What counts is each student's own set: homework of the class, of the student's groups, and what names the
student. A class has as much as the student who has most.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from diary.models import Homework, HomeworkAddressee
from schools.models import Enrolment, GroupMembership

# Minutes a day by grade: СанПиН 1.2.3685-21, table 6.6 (rules.md, "Load").
NORM_MINUTES = {1: 60, 2: 90, 3: 90, 4: 120, 5: 120, 6: 150, 7: 150, 8: 150, 9: 210, 10: 210, 11: 210}
LONGEST_NORM = max(NORM_MINUTES.values())


@dataclass(frozen=True)
class SetAlready:
    """`minutes` None: the teacher has not estimated it. `students`: of those asked about, who have it;
    `text` is empty where the homework names its students: it is theirs."""

    subject: str
    text: str
    minutes: int | None
    students: frozenset[int]


@dataclass
class DayLoad:
    date: datetime.date
    norms: dict[int, int]  # by student
    items: list[SetAlready] = field(default_factory=list)

    def minutes_of(self, student: int) -> int:
        return sum(item.minutes or 0 for item in self.items if student in item.students)

    @property
    def busiest(self) -> tuple[int, int]:
        """Minutes and norm of the student who is nearest to the norm, or farthest over it."""
        loads = [(self.minutes_of(student), norm) for student, norm in self.norms.items()]
        return max(loads, key=lambda load: (load[0] - load[1], -load[1]), default=(0, LONGEST_NORM))

    @property
    def minutes(self) -> int:
        return self.busiest[0]

    @property
    def norm(self) -> int:
        return self.busiest[1]

    @property
    def not_estimated(self) -> int:
        """How many of the items say no minutes: the sum is at least what it says."""
        return sum(1 for item in self.items if item.minutes is None)

    def for_all(self, item: SetAlready) -> bool:
        return len(item.students) == len(self.norms)

    def is_over_with(self, minutes: int) -> bool:
        return self.minutes + minutes > self.norm


def load_of(
    students: Collection[int], days: Collection[datetime.date], *, but: int | None = None
) -> dict[datetime.date, DayLoad]:
    """What these students have for these days, the homework `but` left out. Four statements."""
    classes = _places(Enrolment, "school_class", students, days, "school_class__grade")
    groups = _places(GroupMembership, "group", students, days)
    grades = {student: grade for student, _place, _since, _until, grade in classes}
    loads = {
        day: DayLoad(
            day, {student: NORM_MINUTES.get(grades.get(student, 0), LONGEST_NORM) for student in students}
        )
        for day in days
    }
    rows = _homework(classes, groups, days, but)
    named = _named([row["pk"] for row in rows])
    for row in rows:
        day = row["due_day"]
        whose = _present(classes, row["course__school_class"], day) | _present(
            groups, row["course__group"], day
        )
        if row["group"]:
            whose &= _present(groups, row["group"], day)
        if row["pk"] in named:
            whose &= named[row["pk"]]
        if whose:
            text = "" if row["pk"] in named else row["text"]
            item = SetAlready(row["course__subject__name"], text, row["minutes"], frozenset(whose))
            loads[day].items.append(item)
    return loads


def _places(
    model: Any, place: str, students: Collection[int], days: Collection[datetime.date], *more: str
) -> list[Any]:
    """Ties of the students on these days: (student, class or group, since, until, …)."""
    ties = model.objects.filter(student__in=students, since__lte=max(days)).exclude(until__lt=min(days))
    return list(ties.values_list("student", place, "since", "until", *more))


def _present(ties: list[Any], place: int | None, day: datetime.date) -> set[int]:
    return {
        student
        for student, tied_to, since, until, *_more in ties
        if tied_to == place and since <= day and (until is None or day <= until)
    }


def _homework(
    classes: list[Any], groups: list[Any], days: Collection[datetime.date], but: int | None
) -> list[dict[str, Any]]:
    class_keys, group_keys = {tie[1] for tie in classes}, {tie[1] for tie in groups}
    due: Any = Homework.objects.with_due_day()
    due = due.filter(due_day__in=days).exclude(pk=but)
    of_class, of_group = (
        due.filter(course__school_class__in=class_keys),
        due.filter(course__group__in=group_keys),
    )
    columns = ("course__subject__name", "course__school_class", "course__group", "group", "text", "minutes")
    return list(
        (of_class | of_group).order_by("course__subject__name", "pk").values("pk", "due_day", *columns)
    )


def _named(homework: list[int]) -> dict[int, set[int]]:
    named: dict[int, set[int]] = defaultdict(set)
    for pk, person in HomeworkAddressee.objects.filter(homework__in=homework).values_list(
        "homework", "person"
    ):
        named[pk].add(person)
    return named
