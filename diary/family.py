"""Whose diaries an account may read, and what of them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from schools.models import Enrolment, Guardianship, Information, Person, SchoolClass
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
    guardianship in force that lets one see. Oldest first. One statement at most."""
    person = getattr(user, "person", None)
    if person is None or not (user.roles.is_guardian or user.roles.is_student):
        return []
    ties = Guardianship.objects.on(on).filter(guardian=person, may_see=True)
    granted = ties.filter(child=OuterRef("student")).values("information")[:1]
    enrolments = (
        _latest_enrolments(on)
        .filter(Q(student__in=ties.values("child")) | Q(student=person))
        .annotate(granted=Subquery(granted))
        .select_related("student", "school_class")
        .order_by("student__birth_date", "student__sort_key")
    )
    return [
        Child(
            enrolment.student,
            enrolment.school_class,
            frozenset(everything() if enrolment.student_id == person.pk else enrolment.granted),
        )
        for enrolment in enrolments
    ]


def _latest_enrolments(on: datetime.date) -> Any:
    """The enrolment of the day, else the last one before it: in July the diary stays readable."""
    until_now = Enrolment.objects.filter(student=OuterRef("student"), since__lte=on)
    return Enrolment.objects.filter(pk=Subquery(until_now.order_by("-since").values("pk")[:1]))
