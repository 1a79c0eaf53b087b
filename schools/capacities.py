"""In what capacity somebody is in the portal: as a parent, as a teacher of one school, as the head
teacher of another (product map §2.2).

Chosen in the header and kept in the session. The choice decides what home shows and which pages the
bar names; never what may be read or written.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from schools.doors import Refusal, Role
from schools.models import Appointment

SESSION_KEY = "capacity"


class Kind(models.TextChoices):
    STUDENT = "student", _("student")
    GUARDIAN = "guardian", _("parent")
    HEAD_TEACHER = "head-teacher", _("head teacher")
    ADMINISTRATOR = "administrator", _("school administrator")
    TERRITORY = "territory", _("staff of the territorial administration")
    REGION = "region", _("region operator")
    TEACHER = "teacher", _("teacher")
    EMPLOYEE = "employee", _("employee")

    @property
    def role(self) -> Role:
        """The role whose door has to fit (`schools.doors`)."""
        return {"student": Role.STUDENT, "guardian": Role.GUARDIAN}.get(self.value, Role.STAFF)

    def is_held(self, roles: Any) -> bool:
        return bool(getattr(roles, _HELD[self]))


_HELD = {
    Kind.STUDENT: "is_student",
    Kind.GUARDIAN: "is_guardian",
    Kind.HEAD_TEACHER: "is_head_teacher",
    Kind.ADMINISTRATOR: "is_school_administrator",
    Kind.TERRITORY: "is_territory_staff",
    Kind.REGION: "is_region_operator",
    Kind.TEACHER: "is_employed",
    Kind.EMPLOYEE: "is_employed",
}
_OFFICES = {
    Appointment.Role.HEAD_TEACHER: Kind.HEAD_TEACHER,
    Appointment.Role.SCHOOL_ADMINISTRATOR: Kind.ADMINISTRATOR,
    Appointment.Role.TERRITORY_STAFF: Kind.TERRITORY,
    Appointment.Role.REGION_OPERATOR: Kind.REGION,
}


@dataclass(frozen=True)
class Acting:
    """What was chosen. `place` is the organisation, for `Kind.TERRITORY` the territory, else 0."""

    kind: Kind
    place: int = 0

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.place}"

    @classmethod
    def of_session(cls, session: Mapping[str, Any], roles: Any) -> "Acting | None":
        """None when nothing was chosen, or the role has ended or is shut by the door."""
        kind, _colon, place = str(session.get(SESSION_KEY, "")).partition(":")
        if kind not in Kind.values or not place.isdecimal() or not Kind(kind).is_held(roles):
            return None
        return cls(Kind(kind), int(place))


@dataclass(frozen=True)
class Capacity:
    """One of a person's own; `refusal` says why the sign-in keeps it shut."""

    acting: Acting
    name: str  # of the place, empty for none
    refusal: Refusal | None = None

    @property
    def key(self) -> str:
        return self.acting.key

    @property
    def label(self) -> str:
        words = str(self.acting.kind.label)
        return words[0].upper() + words[1:]


_CAPACITIES = """
    SELECT DISTINCT 'student' AS kind, o.id AS place, o.short_name AS name
    FROM schools_enrolment t
    JOIN schools_schoolclass c ON c.id = t.school_class_id
    JOIN schools_organisation o ON o.id = c.organisation_id
    WHERE t.student_id = %(person)s AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')
    UNION ALL
    SELECT 'guardian', 0, ''
    WHERE EXISTS (SELECT FROM schools_guardianship t
                  WHERE t.guardian_id = %(person)s AND t.may_see
                    AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity'))
    UNION ALL
    SELECT DISTINCT
           CASE WHEN EXISTS (SELECT FROM schools_teachingassignment a
                             JOIN schools_course c ON c.id = a.course_id
                             WHERE a.teacher_id = t.person_id AND c.organisation_id = o.id
                               AND %(day)s BETWEEN a.since AND coalesce(a.until, 'infinity'))
                  OR EXISTS (SELECT FROM schools_classteacher a
                             JOIN schools_schoolclass c ON c.id = a.school_class_id
                             WHERE a.person_id = t.person_id AND c.organisation_id = o.id
                               AND %(day)s BETWEEN a.since AND coalesce(a.until, 'infinity'))
                THEN 'teacher' ELSE 'employee' END,
           o.id, o.short_name
    FROM schools_employment t
    JOIN schools_organisation o ON o.id = t.organisation_id
    WHERE t.person_id = %(person)s AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')
    UNION ALL
    SELECT t.role::text, coalesce(o.id, y.id, 0), coalesce(o.short_name, y.name, '')
    FROM schools_appointment t
    LEFT JOIN schools_organisation o ON o.id = t.organisation_id
    LEFT JOIN schools_territory y ON y.id = t.territory_id
    WHERE t.person_id = %(person)s AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')
      AND (t.organisation_id IS NULL
           OR EXISTS (SELECT FROM schools_employment e
                      WHERE e.person_id = t.person_id AND e.organisation_id = t.organisation_id
                        AND %(day)s BETWEEN e.since AND coalesce(e.until, 'infinity')))
"""


def capacities_of(user: Any, *, on: datetime.date) -> list[Capacity]:
    """What the person may switch between, in the order in which home chooses; empty for a single one.

    One statement, and none for who has one role in one place. Where somebody holds an office, being
    an employee there as well is no capacity of its own. Offices last with the employment, as in `roles`.
    """
    person = getattr(user, "person", None)
    if person is None or user.roles.capacities < 2:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CAPACITIES, {"person": person.pk, "day": on})
        rows = [(_kind(kind), place, name) for kind, place, name in cursor.fetchall()]
    offices = {place for kind, place, _name in rows if kind in _OFFICES.values()}
    found = [
        Capacity(Acting(kind, place), name, user.refusals.get(kind.role))
        for kind, place, name in rows
        if not (kind == Kind.EMPLOYEE and place in offices)
    ]
    order = list(Kind)
    found.sort(key=lambda capacity: (order.index(capacity.acting.kind), capacity.name))
    return found if len(found) > 1 else []


def _kind(value: str) -> Kind:
    return _OFFICES[Appointment.Role(int(value))] if value.isdecimal() else Kind(value)


def current(capacities: list[Capacity], acting: Acting | None) -> Capacity | None:
    """The chosen one, or else the one that home shows by itself."""
    chosen = next((each for each in capacities if acting and each.acting == acting), None)
    return chosen or next((each for each in capacities if each.refusal is None), None)
