"""A student lost the password: the class teacher or a guardian hands out a new one (product map §2.6)."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.issuing.addressees import place_of_student, slip_of
from accounts.issuing.logins import NoLogin, reissue
from accounts.issuing.slips import Slip
from accounts.models import LoginIssue
from schools.doors import Refusal, is_under_14
from schools.models import Appointment, Employment, Enrolment, Guardianship, Person
from schools.models.periods import in_force
from schools.models.ties import everything


class State(StrEnum):
    NONE = "none"
    CLOSED = "closed"
    OWN = "own"
    WAITING = "waiting"
    EXPIRED = "expired"
    USED = "used"


class Refused(Exception):
    """Its words say which rule refused and what to do next."""


@dataclass(frozen=True)
class StudentLogin:
    """A student's login in the eyes of who may hand it out; `refusal` is empty when that is allowed."""

    student: Person
    enrolment: Enrolment
    how: LoginIssue.How
    state: State
    refusal: str
    until: datetime.datetime | None

    @property
    def login(self) -> str:
        return self.student.account.username if self.student.account else ""

    @property
    def stamp(self) -> str:
        """Another one once the password was changed: a page reloaded by its old stamp issues nothing."""
        account = self.student.account
        return salted_hmac("accounts.reissuing", account.password).hexdigest()[:16] if account else ""


def of_own_classes(user: Any, *, now: datetime.datetime) -> list[StudentLogin]:
    """The students of the classes that the person leads today. One statement."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.leads_class:
        return []
    led = person.classes_led.in_service(now.date()).values("school_class")
    ties = _enrolments(now.date()).filter(school_class__in=led)
    return [_seen(tie, LoginIssue.How.CLASS_TEACHER, now=now) for tie in ties]


def of_own_children(user: Any, *, now: datetime.datetime) -> list[StudentLogin]:
    """The children whose diary the person may see today. One statement."""
    person = getattr(user, "person", None)
    if person is None or not user.roles.is_guardian:
        return []
    seen = Guardianship.objects.filter(in_force(now.date()), guardian=person, may_see=True)
    whole = seen.filter(
        may_sign=True,
        may_write=True,
        information__contains=everything(),
        limits="",
        child=OuterRef("student"),
    )
    ties = _enrolments(now.date()).filter(student__in=seen.values("child"))
    found = ties.annotate(has_whole_say=Exists(whole))
    return [_seen(tie, LoginIssue.How.GUARDIAN, now=now) for tie in found]


def login_of(user: Any, student_pk: int, *, now: datetime.datetime) -> StudentLogin | None:
    """The student's login for the class teacher, else for a guardian; None: it does not exist for them."""
    for logins in (of_own_classes, of_own_children):
        if found := next((each for each in logins(user, now=now) if each.student.pk == student_pk), None):
            return found
    return None


def reissue_slip(login: StudentLogin, *, by: Person, now: datetime.datetime) -> Slip:
    """A new first password; the old one and all sessions end. Raises Refused."""
    if login.refusal:
        raise Refused(login.refusal)
    place = place_of_student(login.student, login.enrolment, on=now.date())
    organisation = login.enrolment.school_class.organisation
    try:
        made = reissue(login.student, by=by, how=login.how, organisation=organisation)
    except NoLogin as error:
        raise Refused(_without_a_login(State.NONE)) from error
    return slip_of(made, place)


def _enrolments(on: datetime.date) -> Any:
    """With what else the student is: a login may open more than a diary."""
    mine = {"person": OuterRef("student")}
    more = (
        Exists(Employment.objects.filter(in_force(on), **mine))
        | Exists(Appointment.objects.filter(in_force(on), **mine))
        | Exists(Guardianship.objects.filter(in_force(on), guardian=OuterRef("student")))
    )
    return (
        Enrolment.objects.filter(in_force(on))
        .select_related("student__account", "school_class__organisation")
        .defer("student__snils")
        .annotate(is_more=more | Q(student__account__is_superuser=True))
        .order_by("school_class__grade", "school_class__letter", "student__sort_key", "pk")
    )


def _seen(enrolment: Any, how: LoginIssue.How, *, now: datetime.datetime) -> StudentLogin:
    student = enrolment.student
    state = _state(student.account, now)
    refusal = _refusal(student.birth_date, now.date()) or _without_a_login(state)
    if enrolment.is_more or not getattr(enrolment, "has_whole_say", True):
        refusal = refusal or _not_yours(how)
    until = student.account.first_password_until if student.account else None
    return StudentLogin(student, enrolment, how, state, refusal, until)


def _state(account: Any, now: datetime.datetime) -> State:
    if account is None:
        return State.NONE
    if not account.is_active:
        return State.CLOSED
    if not account.is_of_a_school:
        return State.OWN
    if account.first_password_expired(now):
        return State.EXPIRED
    return State.WAITING if account.first_password_until or account.last_login is None else State.USED


def _refusal(birth_date: datetime.date | None, on: datetime.date) -> str:
    """The school's login opens the diary of those under 14 alone (`schools.doors`)."""
    if birth_date is None:
        return _("The birth date is missing in the file: the school’s administrator enters it first.")
    if is_under_14(birth_date, on):
        return ""
    next_step = _(
        "The student signs in through Gosuslugi with an account of the level “standard” or “verified”. "
        "The school’s login is not issued anew."
    )
    return f"{Refusal.FOURTEEN.label} {next_step}"


def _without_a_login(state: State) -> str:
    return {
        State.NONE: _("There is no login yet: the school’s administrator issues the first one."),
        State.OWN: _(
            "This account was not issued by the school: its holder signs in through Gosuslugi or resets "
            "the password at the door."
        ),
        State.CLOSED: _("The login is closed: ask the school’s administrator."),
    }.get(state, "")


def _not_yours(how: LoginIssue.How) -> str:
    if how == LoginIssue.How.GUARDIAN:
        return _("The child’s file limits what you may see or do. Ask the class teacher for a new password.")
    return _("This login opens more than a diary. Ask the school’s administrator for a new password.")
