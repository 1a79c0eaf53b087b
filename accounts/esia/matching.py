"""Which file is the person's whom ESIA has proved: never a guess."""

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.esia.person import EsiaPerson
from accounts.esia.refusals import Reason
from accounts.models import EsiaLink
from schools.doors import Level, is_under_14
from schools.models import (
    Appointment,
    ClassTeacher,
    Employment,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    sort_key,
)


class Cause(models.TextChoices):
    """Why no file was found. The label is shown above the school's login."""

    SIMPLIFIED = (
        "simplified",
        _("Your Gosuslugi account is a simplified one: nobody has checked the name in it."),
    )
    NOBODY = "nobody", _("No school’s file has your name and birth date as Gosuslugi knows them.")
    SEVERAL = "several", _("Several files have your name and birth date.")
    OTHER_SNILS = "other-snils", _("A file with your name and birth date has another SNILS than yours.")
    REGISTERED = "registered", _("Somebody of your name and birth date has registered in the portal.")

    @property
    def advice(self) -> Promise:
        return _ADVICE[self]


_ADVICE: dict[str, Promise] = {
    Cause.SIMPLIFIED: _(
        "Enter the login and password issued by your school, once. Next time Gosuslugi is enough."
    ),
    Cause.NOBODY: _(
        "Enter the login and password issued by your school, once. Without a login ask the class teacher to "
        "compare your name, birth date and SNILS in the file with your passport."
    ),
    Cause.SEVERAL: _(
        "Enter the login and password issued by your school, once: they say which file is yours."
    ),
    Cause.OTHER_SNILS: _(
        "If the file is yours, ask the class teacher or the school’s administrator to correct the SNILS, or "
        "enter the login and password issued by your school, once."
    ),
    Cause.REGISTERED: _(
        "If it was you, enter the login and password you chose, once: the account becomes yours for good. If "
        "not, go on without it."
    ),
}


class NoMatch(Exception):
    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True)
class Match:
    file: Person
    basis: EsiaLink.Basis


def find_file(person: EsiaPerson) -> Match:
    """By the SNILS that ESIA checked; else by full name and birth date where one current file alone
    has both, and no other SNILS. Never for a simplified account. Raises NoMatch."""
    if person.level == Level.SIMPLIFIED:
        raise NoMatch(Cause.SIMPLIFIED)
    files = Person.objects.current()
    if person.snils:
        by_snils = list(files.with_snils(person.snils)[:2])
        if len(by_snils) == 1:
            return Match(by_snils[0], EsiaLink.Basis.SNILS)
        if by_snils:
            raise NoMatch(Cause.SEVERAL)
    return Match(_by_name(person, files), EsiaLink.Basis.NAME)


def _by_name(person: EsiaPerson, files: QuerySet[Person]) -> Person:
    if person.birth_date is None:
        raise NoMatch(Cause.NOBODY)
    found = list(files.filter(sort_key__in=_written(person), birth_date=person.birth_date)[:2])
    if not found:
        raise NoMatch(Cause.NOBODY)
    if len(found) > 1:
        raise NoMatch(Cause.SEVERAL)
    if person.snils and found[0].snils and found[0].snils != person.snils:
        raise NoMatch(Cause.OTHER_SNILS)
    return found[0]


def _written(person: EsiaPerson) -> list[str]:
    """The column's key of the name; without a patronymic the database leaves a blank at the end."""
    return [person.sort_key, person.sort_key.strip()]


def mistaken_file(person: EsiaPerson, file: Person, *, on: datetime.date) -> Reason | None:
    """Whether a file cannot be this person's, whatever led to it: a parent's SNILS typed into the
    student's file, the child's slip entered by a parent, or the reverse.

    Birth dates must agree; where one is unknown, first names must.
    """
    if person.birth_date and file.birth_date:
        if person.birth_date == file.birth_date:
            return None
    elif sort_key(person.first_name).strip() == sort_key(file.first_name).strip():
        return None
    is_students = Enrolment.objects.on(on).filter(student=file).exists()
    is_child = person.level == Level.CHILD or is_under_14(person.birth_date, on)
    if is_students and not is_child and person.level in (Level.STANDARD, Level.VERIFIED):
        return Reason.STUDENT_RECORD if _is_older(person, file) else Reason.OTHER_DATA
    if is_child and not is_students:
        return Reason.ADULT_RECORD
    return Reason.OTHER_DATA


def is_anothers(person: EsiaPerson, file: Person, *, on: datetime.date) -> bool:
    """Whether checked data speak against a file that is linked already: as above, or by the SNILS."""
    other_snils = bool(person.snils and file.snils and person.snils != file.snils)
    return other_snils or mistaken_file(person, file, on=on) is not None


def _is_older(person: EsiaPerson, file: Person) -> bool:
    """By enough for a parent: a student with a wrong birth date in the file gets the other advice."""
    if not person.birth_date or not file.birth_date:
        return True
    return file.birth_date.year - person.birth_date.year >= 14


def tied_organisations(person: Person, *, on: datetime.date) -> QuerySet[Organisation]:
    """Where the person studies, works, holds an office, or has a child: by the ties of a day."""
    own = Enrolment.objects.on(on).filter(student=person)
    children = Guardianship.objects.on(on).filter(guardian=person, may_see=True).values("child")
    theirs = Enrolment.objects.on(on).filter(student__in=children)
    led = ClassTeacher.objects.on(on).filter(person=person)
    work = Employment.objects.on(on).filter(person=person)
    offices = Appointment.objects.on(on).filter(person=person, organisation__isnull=False)
    return Organisation.objects.filter(
        Q(pk__in=own.values("school_class__organisation"))
        | Q(pk__in=theirs.values("school_class__organisation"))
        | Q(pk__in=led.values("school_class__organisation"))
        | Q(pk__in=work.values("organisation"))
        | Q(pk__in=offices.values("organisation"))
    ).order_by("short_name", "pk")
