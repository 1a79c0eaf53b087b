"""An ESIA identity and an account become one person's: once, in one transaction, with a row that says so."""

import datetime
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from social_django.models import Nonce, Partial, UserSocialAuth

from accounts.esia.matching import Match, is_anothers
from accounts.esia.person import EsiaPerson
from accounts.esia.refusals import Reason, Refused
from accounts.models import EsiaLink, Registration, SecretQuestion, User
from accounts.models.users import LOGINS_OF_ESIA
from accounts.security import sessions
from schools.doors import Level
from schools.models import Person, sort_key

PROVIDER = "esia"
# A half-done sign-in waits so long for its person; what the library keeps longer is swept away.
HALF_DONE_LASTS = datetime.timedelta(minutes=30)


@dataclass(frozen=True)
class Choices:
    """What the person chose at the first sign-in. `organisation`: a key, or None for those who belong
    to none; `answer` (a hash) is empty where a question is set already."""

    organisation: int | None
    question: str = ""
    answer: str = ""


def refuse_second_identity(person: EsiaPerson, file: Person) -> None:
    """One identity for one person. Raises Refused."""
    active = EsiaLink.objects.filter(ended_at=None)
    if active.filter(person=file).exclude(oid=person.oid).exists():
        raise Refused(Reason.SECOND_IDENTITY, oid=person.oid)
    others = UserSocialAuth.objects.filter(user=file.account_id, provider=PROVIDER)
    if file.account_id and others.exclude(uid=str(person.oid)).exists():
        raise Refused(Reason.SECOND_IDENTITY, oid=person.oid)
    if active.filter(oid=person.oid).exclude(person=file).exists():
        raise Refused(Reason.TWO_PEOPLE, oid=person.oid)


def has_registered(person: EsiaPerson) -> bool:
    """By the looks of it: the same name and birth date, which anybody could have typed."""
    found = Registration.objects.adoptable(person.birth_date)
    return any(sort_key(registration.full_name) == person.sort_key.strip() for registration in found)


def link(person: EsiaPerson, match: Match, choices: Choices, owner: int | None = None) -> User:
    """The file's account, made if there is none, linked to the identity. Safe to run twice, and against
    another window: the database lets one identity, account and person be linked once. `owner`: the
    registered account whose password was shown, if one was. Raises Refused."""
    try:
        with transaction.atomic():
            return _link(person, match, choices, owner)
    except IntegrityError as error:
        raise Refused(Reason.SECOND_IDENTITY, oid=person.oid) from error


def _link(person: EsiaPerson, match: Match, choices: Choices, owner: int | None) -> User:
    file = Person.objects.current().select_for_update(no_key=True).filter(pk=match.file.pk).first()
    if file is None:  # merged into another one meanwhile
        raise Refused(Reason.LINKING_EXPIRED, oid=person.oid)
    refuse_second_identity(person, file)
    account = file.account or (_adopted(person, file, owner) if owner else _account_for(person, file))
    if not EsiaLink.objects.filter(oid=person.oid, ended_at=None).exists():
        UserSocialAuth.objects.create(user=account, provider=PROVIDER, uid=str(person.oid))
        EsiaLink.objects.create(
            account=account,
            person=file,
            organisation_id=choices.organisation,
            oid=person.oid,
            basis=match.basis,
            level=person.level,
        )
    # A question that is set stays: the second factor is still to come.
    if choices.answer and not SecretQuestion.objects.filter(account=account).exists():
        SecretQuestion.objects.set_for(account, choices.question, choices.answer)
    return account


def _adopted(person: EsiaPerson, file: Person, owner: int) -> User:
    """The account of a parent's or a student's registration, which is answered with that."""
    found = Registration.objects.adoptable(person.birth_date).select_for_update(of=("self",))
    registration = found.filter(account=owner).first()
    if registration is None:
        raise Refused(Reason.LINKING_EXPIRED, oid=person.oid)
    file.account = registration.account
    file.save(update_fields=["account"])
    registration.state, registration.person = Registration.State.APPROVED, file
    registration.decided_at = timezone.now()
    registration.save(update_fields=["state", "person", "decided_at"])
    return registration.account


def _account_for(person: EsiaPerson, file: Person) -> User:
    """Nobody types this login: the account has no password."""
    login = f"{LOGINS_OF_ESIA}{person.oid}"
    if User.objects.filter(username=login).exists():
        login += f"-{secrets.token_hex(4)}"
    account = User.objects.create_user(login, origin=User.Origin.ESIA)
    file.account = account
    file.save(update_fields=["account"])
    return account


@transaction.atomic
def holds_when_checked(person: EsiaPerson, account: User, *, on: datetime.date) -> bool:
    """A link made on a simplified account's word, once ESIA has checked who it is: it gets the new level,
    or, where the file is another person's, ends."""
    unchecked = EsiaLink.objects.select_for_update(of=("self",)).filter(
        oid=person.oid, ended_at=None, level=Level.SIMPLIFIED
    )
    link = None if person.level == Level.SIMPLIFIED else unchecked.first()
    file = Person.objects.filter(account=account).first()
    if link is None or file is None:
        return True
    if is_anothers(person, file, on=on):
        end(link, by=None)
        return False
    link.level = person.level
    link.save(update_fields=["level"])
    return True


@transaction.atomic
def end(link: EsiaLink, *, by: Any) -> None:
    """The identity opens the account no more, so that the person may link another; who is in is
    out. `by` is None where the portal found out by itself."""
    UserSocialAuth.objects.filter(user=link.account_id, provider=PROVIDER, uid=str(link.oid)).delete()
    link.ended_at, link.ended_by = timezone.now(), by
    link.save(update_fields=["ended_at", "ended_by"])
    sessions.end_all(link.account_id)


def forget_half_done(now: datetime.datetime) -> None:
    """Sign-ins that nobody finished, and states that nobody brought back."""
    too_old = now - HALF_DONE_LASTS
    Partial.objects.filter(timestamp__lt=too_old).delete()
    Nonce.objects.filter(timestamp__lt=int(too_old.timestamp())).delete()
