"""Where those who get a slip belong: what the slip says of it, and who hands it out."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.issuing.logins import FirstLogin
from accounts.issuing.slips import First, Slip
from schools.admin.scope import Scope, lasting
from schools.doors import is_under_14
from schools.models import Appointment, Employment, Enrolment, Guardianship, Person


@dataclass(frozen=True)
class Place:
    """`words` is the class, whose parent one is, or the position; `order` sorts the sheet."""

    organisation: int | None
    school: str
    words: str
    first: First
    order: tuple[Any, ...]


NOWHERE = Place(None, "", "", First.LINK, (9,))


def places_of(people: Iterable[Person], scope: Scope, *, classes: Iterable[int] = ()) -> dict[int, Place]:
    """The place of each as a student, else as staff, else as a parent. The slips of chosen `classes`
    are handed out class by class: there a parent comes before staff. Five statements."""
    by_pk, chosen = {person.pk: person for person in people}, set(classes)
    parents, students = _as_parents(by_pk, scope, chosen), _as_students(by_pk, scope)
    staff = {**_as_holders(by_pk, scope), **_as_employees(by_pk, scope)}
    return {**staff, **parents, **students} if chosen else {**parents, **staff, **students}


def slip_of(login: FirstLogin, place: Place) -> Slip:
    return Slip(
        school=place.school,
        place=place.words,
        name=login.person.full_name,
        login=login.login,
        password=login.password,
        until=login.until,
        first=place.first,
    )


def place_of_student(student: Person, enrolment: Enrolment, *, on: datetime.date) -> Place:
    born, school_class = student.birth_date, enrolment.school_class
    first = First.CHILD if born is None or is_under_14(born, on) else First.LINK
    return _in_class(enrolment, school_class.label, first, rank=0)


def _in_class(enrolment: Enrolment, words: str, first: First, *, rank: int) -> Place:
    of = enrolment.school_class
    order = (0, of.organisation.short_name, of.grade, of.letter, rank)
    return Place(of.organisation_id, of.organisation.short_name, words, first, order)


def _limited(rows: QuerySet[Any], scope: Scope, organisation: str) -> QuerySet[Any]:
    """The newest last: it is the one that counts."""
    rows = rows.filter(lasting(scope.on)).order_by("since", "pk")
    return rows if scope.is_region else rows.filter(**{f"{organisation}__in": scope.organisations})


def _enrolments(students: Iterable[int], scope: Scope) -> QuerySet[Enrolment]:
    ties = Enrolment.objects.filter(student__in=list(students)).select_related("school_class__organisation")
    return _limited(ties, scope, "school_class__organisation")


def _as_students(people: dict[int, Person], scope: Scope) -> dict[int, Place]:
    return {
        tie.student_id: place_of_student(people[tie.student_id], tie, on=scope.on)
        for tie in _enrolments(people, scope)
    }


def _as_parents(people: dict[int, Person], scope: Scope, classes: set[int]) -> dict[int, Place]:
    """Of a child in one of the `classes`, where there is one."""
    ties = Guardianship.objects.filter(lasting(scope.on), guardian__in=list(people), may_see=True)
    pairs = list(ties.values_list("guardian", "child"))
    enrolments = {tie.student_id: tie for tie in _enrolments({child for _who, child in pairs}, scope)}
    found = {}
    for guardian, child in sorted(pairs, key=lambda pair: _is_in(enrolments.get(pair[1]), classes)):
        if tie := enrolments.get(child):
            words = _("parents, %(class)s") % {"class": tie.school_class.label}
            found[guardian] = _in_class(tie, words, First.LINK, rank=1)
    return found


def _is_in(enrolment: Enrolment | None, classes: set[int]) -> bool:
    return enrolment is not None and enrolment.school_class_id in classes


def _as_employees(people: dict[int, Person], scope: Scope) -> dict[int, Place]:
    ties = Employment.objects.filter(person__in=list(people)).select_related("organisation")
    return {
        tie.person_id: _as_staff(tie.organisation_id, tie.organisation.short_name, tie.position)
        for tie in _limited(ties, scope, "organisation")
    }


def _as_holders(people: dict[int, Person], scope: Scope) -> dict[int, Place]:
    ties = Appointment.objects.filter(person__in=list(people)).select_related("organisation", "territory")
    return {
        tie.person_id: _as_staff(
            tie.organisation_id, str(tie.organisation or tie.territory or ""), tie.get_role_display()
        )
        for tie in _limited(ties, scope, "organisation")
    }


def _as_staff(organisation: int | None, school: str, words: str) -> Place:
    return Place(organisation, school, words, First.STAFF, (1, school))
