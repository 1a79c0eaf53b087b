"""Whose diaries an account may read, and what of them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from schools.models import Enrolment, Information, Person, SchoolClass
from schools.models.periods import in_force
from schools.models.ties import everything


@dataclass(frozen=True)
class Child:
    """A student in the reader's eyes: the class of the day, and the kinds of information granted."""

    student: Person
    school_class: SchoolClass
    information: frozenset[str]

    def shows(self, kind: Information) -> bool:
        return kind in self.information


def children_of(user: Any, *, on: datetime.date) -> list[Child]:
    """The students whose diary the account reads on that day: oneself, and the children of a
    guardianship in force that lets one see. Oldest first. One statement for each of the two."""
    person = getattr(user, "person", None)
    if person is None:
        return []
    readers: dict[int, frozenset[str]] = {}
    if user.roles.is_guardian:
        ties = person.guardianships.filter(in_force(on), may_see=True)
        readers = {child: frozenset(kinds) for child, kinds in ties.values_list("child", "information")}
    if user.roles.is_student:
        readers[person.pk] = frozenset(everything())
    return (
        [
            Child(enrolment.student, enrolment.school_class, readers[enrolment.student_id])
            for enrolment in _latest_enrolments(readers, on)
        ]
        if readers
        else []
    )


def _latest_enrolments(students: Any, on: datetime.date) -> Any:
    """The enrolment of the day, else the last one before it: in July the diary stays readable."""
    until_now = Enrolment.objects.filter(student=OuterRef("student"), since__lte=on)
    latest = until_now.order_by("-since").values("pk")[:1]
    return (
        Enrolment.objects.filter(student__in=students, pk=Coalesce(Subquery(latest), 0))
        .select_related("student", "school_class")
        .order_by("student__birth_date", "student__sort_key")
    )
