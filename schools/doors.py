"""Who may use which door (product map §2.5): one dated rule, and the words of its refusals.

A sign-in proves something: by which door, at which level of ESIA, with a second factor or not. Each
role asks for its own proof, so that a mother who teaches may read her children's diary by a sign-in
that does not open the journal, and the reverse.
"""

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADULT_DOOR_AGE = 14  # years; from here on ESIA knows the person by an account of their own
PROOF_SESSION_KEY = "proof"


class Door(models.TextChoices):
    SCHOOL = "school", _("login issued by the school")
    OWN = "own", _("login from a registration")
    ESIA = "esia", _("Gosuslugi")
    DEMO = "demo", _("demo login")


class Level(models.TextChoices):
    """What ESIA knows of a person (ESIA's own words: упрощённая, стандартная, подтверждённая)."""

    SIMPLIFIED = "simplified", _("simplified account")
    STANDARD = "standard", _("standard account")
    VERIFIED = "verified", _("verified account")
    CHILD = "child", _("child’s account")


class Role(models.TextChoices):
    STUDENT = "student", _("student")
    GUARDIAN = "guardian", _("parent")
    STAFF = "staff", _("staff")


@dataclass(frozen=True)
class Proof:
    """What a sign-in proved. It lies in the session; `SignIn` keeps it as a row."""

    door: str
    level: str = ""
    second_factor: bool = False

    @classmethod
    def of_session(cls, session: Any) -> "Proof | None":
        stored = session.get(PROOF_SESSION_KEY)
        return cls(**stored) if stored else None

    def keep_in(self, session: Any) -> None:
        session[PROOF_SESSION_KEY] = asdict(self)


class Refusal(models.TextChoices):
    """Which rule keeps a role shut. The label is the rule, `advice` what to do next."""

    UNPROVEN = "unproven", _("This sign-in has expired.")
    DEMO_CLOSED = "demo-closed", _("Demo logins are switched off here.")
    FOURTEEN = "fourteen", _("From the 14th birthday the diary is opened by Gosuslugi.")
    BIRTH_DATE = "birth-date", _("The school’s file has no birth date of yours.")
    STUDENT_LEVEL = "student-level", _("From 14 a standard or a verified Gosuslugi account is needed.")
    STUDENT_DOOR = "student-door", _("A login from a registration does not open the diary.")
    GUARDIAN_DOOR = "guardian-door", _("Children’s diaries are opened by Gosuslugi.")
    GUARDIAN_LEVEL = "guardian-level", _("Parents need a verified Gosuslugi account.")
    STAFF_LEVEL = "staff-level", _("Staff need a verified Gosuslugi account.")
    SECOND_FACTOR = "second-factor", _("Staff who sign in with a login need a second factor.")

    @property
    def advice(self) -> Promise:
        return _ADVICE[self]


_ADVICE: dict[str, Promise] = {
    Refusal.UNPROVEN: _("Sign out and sign in again."),
    Refusal.DEMO_CLOSED: _("Sign in through Gosuslugi or with the login issued by your school."),
    Refusal.FOURTEEN: _(
        "Sign in through Gosuslugi with a standard or verified account of your own. "
        "Your marks and homework stay where they are."
    ),
    Refusal.BIRTH_DATE: _("Ask your class teacher to have it entered, or sign in through Gosuslugi."),
    Refusal.STUDENT_LEVEL: _(
        "Enter your SNILS and passport at gosuslugi.ru, wait until they are checked, then sign in again."
    ),
    Refusal.STUDENT_DOOR: _("Sign in through Gosuslugi or with the login issued by your school."),
    Refusal.GUARDIAN_DOOR: _("Sign in through Gosuslugi with a verified account."),
    Refusal.GUARDIAN_LEVEL: _(
        "Confirm your account at gosuslugi.ru, in your bank’s application or at an MFC, then sign in again."
    ),
    Refusal.STAFF_LEVEL: _(
        "Confirm your account at gosuslugi.ru, in your bank’s application or at an MFC, "
        "or sign in with the school’s login and a second factor."
    ),
    Refusal.SECOND_FACTOR: _("Set up a second factor: an application with codes or a passkey."),
}


def refusal(
    role: str, proof: Proof | None, *, birth_date: datetime.date | None, on: datetime.date
) -> Refusal | None:
    """Why `role` stays shut to a sign-in on a day in the region's time zone; None when it opens.

    Under 14: the school's login, or ESIA at any level; from the 14th birthday ESIA, standard or
    verified. Parents: ESIA, verified (the rule since 1 May 2017). Staff: ESIA, verified, or a login
    with a second factor. The policy's settings: SCHOOL_LOGIN_GRACE_DAYS, SCHOOL_LOGIN_OPENS (roles
    that a region lets in by the school's login whatever their age), ADMIT_DEMO_LOGINS.
    """
    if proof is None:
        return Refusal.UNPROVEN
    if proof.door == Door.DEMO:
        return None if settings.ADMIT_DEMO_LOGINS else Refusal.DEMO_CLOSED
    if proof.door == Door.SCHOOL and role in settings.SCHOOL_LOGIN_OPENS:
        return None
    if role == Role.STUDENT:
        return _student_refusal(proof, birth_date, on)
    return _guardian_refusal(proof) if role == Role.GUARDIAN else _staff_refusal(proof)


def _student_refusal(proof: Proof, birth_date: datetime.date | None, on: datetime.date) -> Refusal | None:
    if proof.door == Door.ESIA:
        if proof.level in (Level.STANDARD, Level.VERIFIED) or is_under_14(birth_date, on):
            return None
        return Refusal.STUDENT_LEVEL
    if proof.door == Door.OWN:
        return Refusal.STUDENT_DOOR
    if birth_date is None:
        return Refusal.BIRTH_DATE
    grace = datetime.timedelta(days=settings.SCHOOL_LOGIN_GRACE_DAYS)
    return None if on < fourteenth_birthday(birth_date) + grace else Refusal.FOURTEEN


def _guardian_refusal(proof: Proof) -> Refusal | None:
    if proof.door != Door.ESIA:
        return Refusal.GUARDIAN_DOOR
    return None if proof.level == Level.VERIFIED else Refusal.GUARDIAN_LEVEL


def _staff_refusal(proof: Proof) -> Refusal | None:
    if proof.door == Door.ESIA:
        return None if proof.level == Level.VERIFIED else Refusal.STAFF_LEVEL
    return None if proof.second_factor else Refusal.SECOND_FACTOR


def opens_admin(proof: Proof | None) -> bool:
    """Django admin asks for a second factor whatever the door was (product map §2.8)."""
    if proof is None:
        return False
    return proof.second_factor or (proof.door == Door.DEMO and settings.ADMIT_DEMO_LOGINS)


def fourteenth_birthday(birth_date: datetime.date) -> datetime.date:
    """Born on 29 February, one turns 14 on 1 March of a year without that day."""
    year = birth_date.year + ADULT_DOOR_AGE
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return datetime.date(year, 3, 1)


def is_under_14(birth_date: datetime.date | None, on: datetime.date) -> bool:
    return birth_date is not None and on < fourteenth_birthday(birth_date)
