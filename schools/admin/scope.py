"""Whose rows somebody administers on a day: those of some organisations, or the region's."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from schools.models import (
    Appointment,
    ClassTeacher,
    Employment,
    Enrolment,
    GroupMembership,
    Guardianship,
    Person,
    TeachingAssignment,
)


def is_region_operator(user: Any) -> bool:
    return user.is_authenticated and user.is_active and (user.is_superuser or user.roles.is_region_operator)


def holds_an_office(user: Any) -> bool:
    """An office that Django admin is made for, today."""
    if not (user.is_authenticated and user.is_active):
        return False
    return is_region_operator(user) or user.roles.is_school_administrator


def lasting(on: datetime.date) -> Q:
    """Ties that have not ended: in August the new classes are filled for September."""
    return Q(until__isnull=True) | Q(until__gte=on)


@dataclass(frozen=True)
class Scope:
    """`organisations` is None for the region operator; `person` is who administers."""

    organisations: frozenset[int] | None
    person: int | None
    on: datetime.date

    @property
    def is_region(self) -> bool:
        return self.organisations is None

    @property
    def only_organisation(self) -> int | None:
        return next(iter(self.organisations)) if self.organisations and len(self.organisations) == 1 else None

    def students(self) -> QuerySet[Enrolment, Any]:
        """Ids of those enrolled in a class of the organisations, or about to be."""
        enrolled = Enrolment.objects.filter(lasting(self.on), school_class__organisation__in=self._ids())
        return enrolled.order_by().values("student")

    def people(self, among: Any = Person.objects) -> QuerySet[Person]:
        """Students, their guardians, employees and holders of offices whose tie has not ended."""
        people: QuerySet[Person] = among.current()
        if self.is_region:
            return people
        here = {"organisation__in": self._ids()}
        guardians = Guardianship.objects.filter(lasting(self.on), child__in=self.students())
        employed = Employment.objects.filter(lasting(self.on), **here)
        appointed = Appointment.objects.filter(lasting(self.on), **here)
        tied = self.students().union(
            guardians.values("guardian"), employed.values("person"), appointed.values("person")
        )
        return people.filter(pk__in=tied)

    def has_whole(self, people: Iterable[int | None]) -> bool:
        """None of these people is, or ever was, tied to anybody but these organisations."""
        return not self.shared(people).exists()

    def shared(self, people: Iterable[int | None]) -> QuerySet[Person]:
        """Those of the people who are, or ever were, tied to somebody but these organisations."""
        if self.is_region:
            return Person.objects.none()
        return Person.objects.filter(self._tied_elsewhere(), pk__in=set(people))

    def reaches(self, person: int) -> bool:
        """May the organisations change their ties with this person: somebody of theirs, or somebody
        who left them for nowhere."""
        return self.people().filter(pk=person).exists() or self.has_whole([person])

    def _ids(self) -> frozenset[int]:
        return self.organisations or frozenset()

    def _tied_elsewhere(self) -> Q:
        def elsewhere(model: Any, person: str, organisation: str) -> Exists:
            ties = model.objects.filter(**{person: OuterRef("pk")})
            return Exists(ties.exclude(**{f"{organisation}__in": self._ids()}))

        children = Guardianship.objects.filter(guardian=OuterRef("pk"))
        enrolments = Enrolment.objects.filter(student=OuterRef("child"))
        enrolled_here = enrolments.filter(school_class__organisation__in=self._ids())
        enrolled_elsewhere = enrolments.exclude(school_class__organisation__in=self._ids())
        return (
            elsewhere(Enrolment, "student", "school_class__organisation")
            | elsewhere(GroupMembership, "student", "group__organisation")
            | elsewhere(Employment, "person", "organisation")
            | elsewhere(TeachingAssignment, "teacher", "course__organisation")
            | elsewhere(ClassTeacher, "person", "school_class__organisation")
            | elsewhere(Appointment, "person", "organisation")
            | Exists(children.filter(Exists(enrolled_elsewhere) | ~Exists(enrolled_here)))
            | Q(account__is_superuser=True)
        )


def scope_of(request: Any) -> Scope:
    """Asked once a request. Empty for somebody without an office."""
    if not hasattr(request, "_admin_scope"):
        request._admin_scope = scope_of_user(request.user, on=timezone.localdate())
    scope: Scope = request._admin_scope
    return scope


def scope_of_user(user: Any, *, on: datetime.date) -> Scope:
    person = getattr(user, "person", None)
    if is_region_operator(user):
        return Scope(organisations=None, person=person and person.pk, on=on)
    offices = Appointment.objects.in_service(on)
    held = offices.filter(person=person, role=Appointment.Role.SCHOOL_ADMINISTRATOR)
    mine = held.values_list("organisation", flat=True) if person and user.is_active else []
    return Scope(organisations=frozenset(mine), person=person and person.pk, on=on)


def choices(site: Any, field: Any, request: Any) -> QuerySet[Any]:
    """What a form may choose for a key: the rows that the list of its model shows to this person,
    narrowed by the admin of the model that has the field."""
    target = field.remote_field.model
    if not site.is_registered(target):
        return target._default_manager.none()
    target_admin = site.get_model_admin(target)
    rows: QuerySet[Any] = target_admin.get_queryset(request).order_by(*target_admin.get_ordering(request))
    if site.is_registered(field.model):
        rows = site.get_model_admin(field.model).narrowed(rows, field.name, request)
    return rows
