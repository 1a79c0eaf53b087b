"""What a person is on a day. Roles choose pages and menus; what may be read or written is asked of
the rows themselves (`visible_to`, `can_be_…`)."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from schools.models import Appointment, ClassTeacher, Employment, Enrolment, Guardianship, Person


@dataclass(frozen=True)
class Roles:
    is_student: bool = False
    is_guardian: bool = False
    is_employed: bool = False
    leads_class: bool = False
    offices: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_head_teacher(self) -> bool:
        return Appointment.Role.HEAD_TEACHER in self.offices

    @property
    def is_school_administrator(self) -> bool:
        return Appointment.Role.SCHOOL_ADMINISTRATOR in self.offices

    @property
    def is_territory_staff(self) -> bool:
        return Appointment.Role.TERRITORY_STAFF in self.offices

    @property
    def is_region_operator(self) -> bool:
        return Appointment.Role.REGION_OPERATOR in self.offices


def people_with_roles(on: datetime.date) -> QuerySet[Person]:
    """People annotated with what `roles_of` reads: one statement for the person and all its roles."""

    def ties(model: Any, field: str) -> Any:
        return model.objects.on(on).filter(**{field: OuterRef("pk")})

    return Person.objects.annotate(
        is_student=Exists(ties(Enrolment, "student")),
        is_guardian=Exists(ties(Guardianship, "guardian").filter(may_see=True)),
        is_employed=Exists(ties(Employment, "person")),
        leads_class=Exists(ties(ClassTeacher, "person")),
        offices=ArraySubquery(ties(Appointment, "person").values("role")),
    )


def roles_of(person: Any) -> Roles:
    """The roles of a person that comes from `people_with_roles`."""
    return Roles(
        is_student=person.is_student,
        is_guardian=person.is_guardian,
        is_employed=person.is_employed,
        leads_class=person.leads_class,
        offices=frozenset(person.offices),
    )
