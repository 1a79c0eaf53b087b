"""To whom an administrator may issue a login.

A login is as good as what it opens. So nobody issues one for an office outside of their own
organisations, and nobody takes an existing login from somebody who belongs elsewhere too: that is
the region operator's. A first login of a parent is the exception, as some school must make it: it
only links (product map §2.5). Staff who come through Gosuslugi need no password of a school either:
theirs, too, is the operator's to issue anew.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import EsiaLink
from schools.admin.scope import Scope, lasting
from schools.models import (
    Appointment,
    ClassTeacher,
    Employment,
    Enrolment,
    Guardianship,
    Person,
    TeachingAssignment,
)


@dataclass(frozen=True)
class Sorted:
    """Files by what would happen to them; `refused` are another's to issue."""

    fresh: list[Person] = field(default_factory=list)
    unused: list[Person] = field(default_factory=list)
    used: list[Person] = field(default_factory=list)
    refused: list[Person] = field(default_factory=list)

    def concerned(self, *, again: bool) -> list[Person]:
        return [*self.fresh, *self.unused, *self.used] if again else self.fresh


def sort_out(people: Iterable[int], scope: Scope, *, again: bool) -> Sorted:
    """One statement. Who is not the scope's does not appear at all."""
    found = Sorted()
    rows = scope.people().filter(pk__in=list(people)).select_related("account").defer("snils")
    for person in rows.annotate(
        office_elsewhere=_works_elsewhere(scope),
        is_the_operators=_belongs_elsewhere(scope) | _is_linked_staff(scope),
    ).order_by("sort_key", "pk"):
        _place(found, person, scope, again=again)
    return found


def _place(found: Sorted, person: Any, scope: Scope, *, again: bool) -> None:
    account = person.account
    if person.pk == scope.person or person.office_elsewhere:
        found.refused.append(person)
    elif account is None:
        found.fresh.append(person)
    elif again and (person.is_the_operators or _is_not_ours(account)):
        found.refused.append(person)
    elif account.last_login is None:
        found.unused.append(person)
    else:
        found.used.append(person)


def _is_not_ours(account: Any) -> bool:
    return account.is_superuser or not account.is_active or not account.is_of_a_school


def _works_elsewhere(scope: Scope) -> Q:
    """Any office or employment that has not ended and is not at the scope's organisations."""
    if scope.organisations is None:
        return Q(pk__in=[])
    return (
        _elsewhere(scope, Employment, "person", "organisation")
        | _elsewhere(scope, Appointment, "person", "organisation")
        | _elsewhere(scope, TeachingAssignment, "teacher", "course__organisation")
        | _elsewhere(scope, ClassTeacher, "person", "school_class__organisation")
    )


def _belongs_elsewhere(scope: Scope) -> Q:
    if scope.organisations is None:
        return Q(pk__in=[])
    enrolled = Enrolment.objects.filter(lasting(scope.on), student=OuterRef("child"))
    there = enrolled.exclude(school_class__organisation__in=scope.organisations)
    children = Guardianship.objects.filter(lasting(scope.on), Exists(there), guardian=OuterRef("pk"))
    return Q(_elsewhere(scope, Enrolment, "student", "school_class__organisation")) | Q(Exists(children))


def _is_linked_staff(scope: Scope) -> Q:
    """At work, and linked with ESIA."""
    if scope.organisations is None:
        return Q(pk__in=[])
    links = EsiaLink.objects.filter(ended_at=None, account=OuterRef("account"))
    jobs, offices = (
        Exists(model.objects.filter(lasting(scope.on), person=OuterRef("pk")))
        for model in (Employment, Appointment)
    )
    return Q(Exists(links)) & (Q(jobs) | Q(offices))


def _elsewhere(scope: Scope, model: Any, person: str, organisation: str) -> Q:
    ties = model.objects.filter(lasting(scope.on), **{person: OuterRef("pk")})
    return Q(Exists(ties.exclude(**{f"{organisation}__in": scope.organisations or ()})))


# --- Whom a class has ------------------------------------------------------------------------------


def students_of(classes: Iterable[int], on: datetime.date) -> QuerySet[Person]:
    """Enrolled in the classes, or about to be."""
    ties = Enrolment.objects.filter(lasting(on), school_class__in=list(classes))
    return Person.objects.filter(pk__in=ties.values("student"))


def parents_of(classes: Iterable[int], on: datetime.date) -> QuerySet[Person]:
    """Guardians who may see what the children of the classes do."""
    ties = Guardianship.objects.filter(
        lasting(on), may_see=True, child__in=students_of(classes, on).values("pk")
    )
    return Person.objects.filter(pk__in=ties.values("guardian"))
