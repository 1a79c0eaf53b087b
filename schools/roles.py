"""What a person is on a day. Roles choose pages and menus; what may be read or written is asked of
the rows themselves (`visible_to`, `can_be_…`)."""

import datetime
import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Model

from schools.doors import Proof, Refusal, Role, refusal
from schools.models import Appointment, Person


@dataclass(frozen=True)
class Roles:
    is_student: bool = False
    is_guardian: bool = False
    is_employed: bool = False
    leads_class: bool = False
    has_courses: bool = False  # teaches them by assignment; a substitute's lessons are not asked for
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
    def keeps_journals(self) -> bool:
        """Whether an employee's lessons and journals are worth a place in the menu: who holds an office and
        neither teaches nor leads a class finds nothing there."""
        return self.is_employed and (self.has_courses or self.leads_class or not self.offices)

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
           EXISTS (SELECT FROM schools_teachingassignment t
                   WHERE t.teacher_id = p.id
                     AND %(day)s BETWEEN t.since AND coalesce(t.until, 'infinity')) AS has_courses,
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
"""


def account_with_person(accounts: type[Model], account_id: int, *, on: datetime.date) -> Any:
    """The account with its `person` and what the ties say of a day as `roles`; None where there is no such
    account. One that waits for its person has none. One statement; other fields of the person are read
    when asked for."""
    table = accounts._meta.db_table
    rows: Any = accounts._default_manager.raw(
        f"""
        SELECT account.*, to_jsonb(person) AS found
        FROM {table} AS account
        LEFT JOIN LATERAL ({_PERSON_WITH_ROLES} WHERE p.account_id = account.id) AS person ON TRUE
        WHERE account.id = %(account)s
        """,  # noqa: S608 - of constants
        {"account": account_id, "day": on},
    )
    for account in rows:
        if account.found:
            account.person, account.roles = _read(json.loads(account.found))
        return account
    return None


def person_with_roles(account_id: int, *, on: datetime.date) -> tuple[Person, Roles] | None:
    """The same for an account that is at hand; None while it waits for its person."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(person) FROM ({_PERSON_WITH_ROLES} WHERE p.account_id = %(account)s) AS person",  # noqa: S608
            {"account": account_id, "day": on},
        )
        row = cursor.fetchone()
    return _read(json.loads(row[0])) if row else None


def _read(found: dict[str, Any]) -> tuple[Person, Roles]:
    born = found["birth_date"] and datetime.date.fromisoformat(found["birth_date"])
    person = Person.from_db(
        connection.alias, _FIELDS, [{**found, "birth_date": born}[name] for name in _FIELDS]
    )
    return person, Roles(
        is_student=found["is_student"],
        is_guardian=found["is_guardian"],
        is_employed=found["workplaces"] > 0,
        leads_class=found["leads_class"],
        has_courses=found["has_courses"],
        offices=frozenset(found["offices"]),
        is_asked=found["is_asked"],
        capacities=found["is_student"] + found["is_guardian"] + found["workplaces"] + len(found["offices"]),
    )


_FIELDS = ["id", "surname", "first_name", "patronymic", "birth_date", "account_id"]
