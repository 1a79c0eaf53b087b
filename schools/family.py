"""Whose diaries an account may read, and what of them."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from schools.models import Enrolment, Information, Person, SchoolClass
from schools.models.periods import in_force
from schools.models.ties import everything
from schools.places import Place, classes_of, groups_of


@dataclass(frozen=True)
class Child:
    """A student in the reader's eyes: the class of the day (or the nearest one, with `is_enrolled`
    False), the kinds of information granted, and the classes of all days."""

    student: Person
    school_class: SchoolClass
    is_enrolled: bool
    information: frozenset[str]
    classes: tuple[Place, ...]

    def shows(self, kind: Information) -> bool:
        return kind in self.information


def children_of(user: Any, *, on: datetime.date) -> list[Child]:
    """The students whose diary the account reads on that day: oneself, and the children of a
    guardianship in force that lets one see. Oldest first. Two statements at most."""
    readable = _readable(user, on)
    if not readable:
        return []
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    for enrolment in (
        Enrolment.objects.filter(student__in=readable)
        .select_related("student", "school_class")
        .defer("student__snils")
        .order_by("student__birth_date", "student__sort_key", "-since")
    ):
        enrolments[enrolment.student_id].append(enrolment)
    return [_child(ties, readable[student], on) for student, ties in enrolments.items()]


def _readable(user: Any, on: datetime.date) -> dict[int, frozenset[str]]:
    """Which kinds of information of which students."""
    person = getattr(user, "person", None)
    readable = {}
    if person and user.roles.is_guardian:
        ties = person.guardianships.filter(in_force(on), may_see=True)
        readable = {child: frozenset(kinds) for child, kinds in ties.values_list("child", "information")}
    if person and user.roles.is_student:
        readable[person.pk] = frozenset(everything())
    return readable


def places_of(child: Child) -> list[Place]:
    """The classes and groups of all days. One statement."""
    return [*child.classes, *groups_of(child.student.pk)]


def signs_for(user: Any, student: int, *, on: datetime.date) -> bool:
    """Whether the account may state something in the student's name. One statement at most."""
    person = getattr(user, "person", None)
    return person is not None and user.roles.is_guardian and signs(person, student, on=on)


def signs(person: Person, student: int, *, on: datetime.date) -> bool:
    """A guardian of that day whom the student's file lets see and sign; students sign nothing. One
    statement."""
    ties = person.guardianships.filter(in_force(on), child=student, may_see=True, may_sign=True)
    return bool(ties.exists())


def _child(enrolments: list[Enrolment], information: frozenset[str], on: datetime.date) -> Child:
    """`enrolments` newest first. The class is the day's, else the last one before it (in July the
    diary stays readable), else the one to come."""
    current = next((tie for tie in enrolments if tie.since <= on), enrolments[-1])
    return Child(
        current.student,
        current.school_class,
        current.holds_on(on),
        information,
        tuple(classes_of(enrolments)),
    )


def child_tabs(
    children: Iterable[Child], address: Callable[[Child], str], *, current: Callable[[Child], bool]
) -> list[dict[str, Any]]:
    """A tap changes the child and keeps the page (templates/components/child_tabs.html)."""
    return [
        {
            "label": child.student.first_name,
            "class_label": child.school_class.label,
            "url": address(child),
            "current": current(child),
            "badge": 0,
        }
        for child in children
    ]
