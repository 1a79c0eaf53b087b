"""Registrations from the office's side: whose file it may be, approval and refusal; and those left behind.

An application is decided once, by a row that says who and when; approval ties account and file, with
the employment or the appointment, in one transaction.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import PhoneNumber, Registration, User
from messaging.sending import send_letter
from schools.admin.scope import Scope, lasting
from schools.models import (
    Appointment,
    ClassTeacher,
    Employment,
    Enrolment,
    Guardianship,
    Person,
    TeachingAssignment,
    sort_key,
)
from schools.models.people import PersonQuerySet

UNCONFIRMED_LIVE = datetime.timedelta(days=3)
MOST_CANDIDATES = 20


class AlreadyDecided(Exception):
    """Somebody decided first, or the account was tied by another door meanwhile."""


class FileNotFree(Exception):
    """The file got an account, or another tie, since the page was shown."""


@dataclass(frozen=True)
class Candidate:
    """A file that may be the registrant's. `obstacle` says why it cannot be tied here, if it cannot."""

    person: Person
    positions: tuple[str, ...]
    same_name: bool
    same_birth_date: bool
    obstacle: Promise | str = ""


# --- Whose file it may be ------------------------------------------------------------------------
def candidates(registration: Registration, *, by: Any, on: datetime.date) -> list[Candidate]:
    """Files of the place with the same name or birth date, best first; the region operator sees those
    of the same name anywhere. A fixed number of statements."""
    found = _alike(registration, region=by.roles.is_region_operator, on=on)
    working = Employment.objects.filter(lasting(on)).select_related("organisation")
    if not by.roles.is_region_operator:
        working = working.filter(organisation=registration.organisation_id)
    people: list[Any] = list(
        found.defer("snils").prefetch_related(Prefetch("employments", working, "works")).order_by("sort_key")
    )
    elsewhere = set() if by.roles.is_region_operator else _elsewhere(people, registration, on)
    rows = [_candidate(person, registration, person.pk in elsewhere) for person in people]
    rows.sort(key=lambda row: not (row.same_name and row.same_birth_date))
    return rows[:MOST_CANDIDATES]


def _alike(registration: Registration, *, region: bool, on: datetime.date) -> PersonQuerySet:
    name = sort_key(f"{registration.surname} {registration.first_name}")
    same_name = Q(sort_key__startswith=f"{name} ")
    if region:
        students = Enrolment.objects.filter(lasting(on), student=OuterRef("pk"))
        return Person.objects.current().filter(same_name, ~Exists(students))
    return _of_place(registration, on).filter(same_name | Q(birth_date=registration.birth_date))


def _of_place(registration: Registration, on: datetime.date) -> Any:
    """Adults of the school (employees, parents), or the staff of the territory. No student: a student's
    diary is not opened by an application for a teacher."""
    if registration.organisation_id is None:
        staff = Appointment.objects.filter(lasting(on), territory=registration.territory_id)
        return Person.objects.current().filter(pk__in=staff.values("person"))
    scope = _scope(registration, on)
    return scope.people().exclude(pk__in=scope.students())


def _elsewhere(people: Iterable[Person], registration: Registration, on: datetime.date) -> set[int]:
    """Who of the people has a tie, old or new, to anything but the registration's place."""
    pks = [person.pk for person in people]
    if registration.organisation_id is not None:
        return set(_scope(registration, on).shared(pks).values_list("pk", flat=True))
    other = Appointment.objects.exclude(territory=registration.territory_id, territory__isnull=False)
    ties: list[tuple[Any, str]] = [
        (other, "person"),
        (Employment.objects, "person"),
        (ClassTeacher.objects, "person"),
        (TeachingAssignment.objects, "teacher"),
        (Enrolment.objects, "student"),
        (Guardianship.objects, "guardian"),
    ]
    tied = Q(account__is_superuser=True)
    for rows, person in ties:
        tied |= Q(Exists(rows.filter(**{person: OuterRef("pk")})))
    return set(Person.objects.filter(tied, pk__in=pks).values_list("pk", flat=True))


def _scope(registration: Registration, on: datetime.date) -> Scope:
    return Scope(frozenset(filter(None, [registration.organisation_id])), None, on)


def _candidate(person: Any, registration: Registration, elsewhere: bool) -> Candidate:
    obstacle: Promise | str = ""
    if elsewhere:
        obstacle = _("Belongs to another institution as well: the region operator decides.")
    if person.account_id:
        obstacle = _("Has an account already.")
    name = sort_key(f"{registration.surname} {registration.first_name}")
    return Candidate(
        person=person,
        positions=tuple(", ".join(filter(None, (str(w.organisation), w.position))) for w in person.works),
        same_name=person.sort_key.startswith(f"{name} "),
        same_birth_date=person.birth_date == registration.birth_date,
        obstacle=obstacle,
    )


# --- The decision --------------------------------------------------------------------------------
@transaction.atomic
def approve(pk: int, *, by: Person, file: int | None, position: str = "", on: datetime.date) -> Registration:
    """Tie the account to `file`, or to a new one, and make the employment or the appointment from `on`.

    Raises AlreadyDecided and FileNotFree; nothing is changed then.
    """
    registration = _locked(pk)
    person = _new_file(registration) if file is None else _free_file(file)
    if registration.status == Registration.Status.TEACHER:
        _employ(person, registration, position, on)
    else:
        _appoint(person, registration, on)
    person.account = registration.account
    person.save(update_fields=["account"])
    registration.person = person
    return _decide(registration, Registration.State.APPROVED, by)


@transaction.atomic
def refuse(pk: int, *, by: Person, reason: str, explanation: str) -> Registration:
    """Raises AlreadyDecided."""
    registration = _locked(pk)
    registration.reason, registration.explanation = reason, explanation
    return _decide(registration, Registration.State.REFUSED, by)


def _locked(pk: int) -> Registration:
    """Two administrators decide one after the other, and the second is told."""
    rows = Registration.objects.select_for_update(of=("self",)).select_related("account", "organisation")
    registration = rows.filter(pk=pk, state=Registration.State.WAITING).first()
    if registration is None or Person.objects.filter(account=registration.account_id).exists():
        raise AlreadyDecided
    return registration


def _free_file(pk: int) -> Person:
    person = Person.objects.current().filter(pk=pk, account=None).select_for_update(no_key=True).first()
    if person is None:
        raise FileNotFree
    return person


def _new_file(registration: Registration) -> Person:
    fields = ("surname", "first_name", "patronymic", "birth_date")
    return Person.objects.create(**{field: getattr(registration, field) for field in fields})


def _employ(person: Person, registration: Registration, position: str, on: datetime.date) -> None:
    place = {"person": person, "organisation": registration.organisation}
    if not Employment.objects.filter(lasting(on), **place).exists():
        Employment.objects.create(**place, position=position, since=on)


def _appoint(person: Person, registration: Registration, on: datetime.date) -> None:
    office = {
        "person": person,
        "role": Appointment.Role.TERRITORY_STAFF,
        "territory": registration.territory,
    }
    if not Appointment.objects.filter(lasting(on), **office).exists():
        Appointment.objects.create(**office, since=on)


def _decide(registration: Registration, state: str, by: Person) -> Registration:
    registration.state, registration.decided_by, registration.decided_at = state, by, timezone.now()
    decided = ["state", "decided_by", "decided_at", "reason", "explanation", "person"]
    registration.save(update_fields=decided)
    _tell(registration)
    return registration


def _tell(registration: Registration) -> None:
    """A letter with the name and nothing else of the person: what was decided is read after sign-in."""
    email = EmailAddress.objects.get_verified(registration.account)
    if email is None:
        return
    with translation.override(registration.language or settings.LANGUAGE_CODE):
        words = {"name": " ".join(filter(None, (registration.first_name, registration.patronymic)))}
        subject = render_to_string("accounts/email/registration_decided_subject.txt", words)
        text = render_to_string("accounts/email/registration_decided_message.txt", words)
        send_letter(to=email.email, subject=subject, text=text.strip())


# --- Those left behind ---------------------------------------------------------------------------
def forget_unconfirmed(now: datetime.datetime) -> int:
    """Delete accounts whose codes nobody typed in time: their logins are free again."""
    left = User.objects.filter(
        origin=User.Origin.REGISTERED,
        last_login__isnull=True,
        person__isnull=True,
        date_joined__lt=now - UNCONFIRMED_LIVE,
    )
    return left.exclude(pk__in=Registration.objects.confirmed().values("account")).delete()[0]


@transaction.atomic
def begin_anew(account: User) -> bool:
    """Make room for another registration of the same human being. Before the codes were typed nothing
    was applied for, and all is forgotten; a refused one stays as a row, without its contacts, and its
    account closes. False when there is nothing to begin anew."""
    registration = Registration.objects.select_for_update().filter(account=account).first()
    if registration is None or account.origin != User.Origin.REGISTERED:
        return False
    if registration.state == Registration.State.REFUSED:
        EmailAddress.objects.filter(user=account).delete()
        PhoneNumber.objects.filter(account=account).delete()
        account.is_active = False
        account.save(update_fields=["is_active"])
        return True
    if account.last_login is None and not Person.objects.filter(account=account).exists():
        account.delete()
        return True
    return False
