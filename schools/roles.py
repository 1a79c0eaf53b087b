"""What a person is on a day. Roles choose pages and menus; what may be read or written is asked of
the rows themselves (`visible_to`, `can_be_…`)."""

import datetime
from dataclasses import dataclass, field, replace
from typing import Any

from schools.doors import Proof, Refusal, Role, refusal
from schools.models import Appointment, Person


@dataclass(frozen=True)
class Roles:
    is_student: bool = False
    is_guardian: bool = False
    is_employed: bool = False
    leads_class: bool = False
    offices: frozenset[int] = field(default_factory=frozenset)
    is_asked: bool = False  # a school proposed a tie, which waits for the person's word
    # In how many roles and places the person is here at most, those that the door shuts counted too.
    capacities: int = 0

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

    @property
    def is_staff(self) -> bool:
        return self.is_employed or self.leads_class or bool(self.offices)

    def proven_by(
        self, proof: Proof | None, *, birth_date: datetime.date | None, on: datetime.date
    ) -> "tuple[Roles, dict[str, Refusal]]":
        """The roles that a sign-in opens on a day, and for each of the others why it stays shut."""
        held = {
            Role.STUDENT: self.is_student,
            Role.GUARDIAN: self.is_guardian,
            Role.STAFF: self.is_staff,
        }
        refusals = {
            str(role): why
            for role, is_held in held.items()
            if is_held and (why := refusal(role, proof, birth_date=birth_date, on=on))
        }
        opened = self
        if Role.STUDENT in refusals:
            opened = replace(opened, is_student=False)
        if Role.GUARDIAN in refusals:
            opened = replace(opened, is_guardian=False)
        if Role.STAFF in refusals:
            opened = replace(opened, is_employed=False, leads_class=False, offices=frozenset())
        return opened, refusals


# Asked on every request: written out, because composing it anew from querysets costs four times
# what the database needs to answer.
_PERSON_WITH_ROLES = """
    SELECT p.id, p.surname, p.first_name, p.patronymic, p.birth_date, p.account_id,
           EXISTS (SELECT FROM schools_enrolment t
                   WHERE t.student_id = p.id
                     AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')) AS is_student,
           EXISTS (SELECT FROM schools_guardianship t
                   WHERE t.guardian_id = p.id AND t.may_see
                     AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')) AS is_guardian,
           (SELECT count(DISTINCT t.organisation_id) FROM schools_employment t
            WHERE t.person_id = p.id
              AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')) AS workplaces,
           EXISTS (SELECT FROM schools_classteacher t
                   JOIN schools_schoolclass c ON c.id = t.school_class_id
                   JOIN schools_employment e
                     ON e.person_id = t.person_id AND e.organisation_id = c.organisation_id
                   WHERE t.person_id = p.id
                     AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')
                     AND %(day)s BETWEEN e.since AND coalesce(e.until, 'infinity')) AS leads_class,
           ARRAY (SELECT t.role FROM schools_appointment t
                  WHERE t.person_id = p.id
                    AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')
                    AND (t.organisation_id IS NULL
                         OR EXISTS (SELECT FROM schools_employment e
                                    WHERE e.person_id = t.person_id
                                      AND e.organisation_id = t.organisation_id
                                      AND %(day)s BETWEEN e.since AND coalesce(e.until, 'infinity')))
                 ) AS offices,
           EXISTS (SELECT FROM schools_tieproposal t
                   WHERE t.person_id = p.id AND t.decided_at IS NULL) AS is_asked
    FROM schools_person p
    WHERE p.account_id = %(account)s
"""


def person_with_roles(account_id: int, *, on: datetime.date) -> tuple[Person, Roles] | None:
    """The person of an account and what the ties say of a day; None for an account that waits for
    its person. Other fields of the person are read when asked for. One statement."""
    found: Any = Person.objects.raw(_PERSON_WITH_ROLES, {"account": account_id, "day": on})
    for person in found:
        return person, Roles(
            is_student=person.is_student,
            is_guardian=person.is_guardian,
            is_employed=person.workplaces > 0,
            leads_class=person.leads_class,
            offices=frozenset(person.offices),
            is_asked=person.is_asked,
            capacities=person.is_student + person.is_guardian + person.workplaces + len(person.offices),
        )
    return None
