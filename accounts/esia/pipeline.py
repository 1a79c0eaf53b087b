"""The steps from a proved identity to a signed-in account, in the order of SOCIAL_AUTH_ESIA_PIPELINE.

Each takes what it needs of what came before and gives what it found. A `partial` step may send the
person to a page; that page's finding comes back under its own name, and the step runs again.
"""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from social_core.pipeline.partial import partial
from social_django.models import UserSocialAuth

from accounts import signing_in
from accounts.esia import linking
from accounts.esia.matching import Match, NoMatch, find_file, mistaken_file
from accounts.esia.person import unsealed_person
from accounts.esia.refusals import Reason, Refused
from accounts.models import EsiaLink, Registration, User
from schools.doors import Door, Proof
from schools.models import Person

Found = dict[str, Any] | None


def refuse_cancelled(response: dict[str, str], **rest: Any) -> None:
    person = unsealed_person(response["person"])
    if not person.is_registered:
        raise Refused(Reason.CANCELLED, oid=person.oid)


def find_linked_account(strategy: Any, response: dict[str, str], **rest: Any) -> Found:
    """The key of a linked account is the oid: names change. Only what a simplified account typed is
    compared again, as soon as ESIA has checked it."""
    person = unsealed_person(response["person"])
    social = UserSocialAuth.get_social_auth(linking.PROVIDER, person.oid)
    if not social:
        return None
    if not linking.holds_when_checked(person, social.user, on=timezone.localdate()):
        if strategy.request.user == social.user:
            signing_in.leave(strategy.request)
        raise Refused(Reason.LINKED_TO_ANOTHER, oid=person.oid)
    return {"user": social.user, "social": social}


def match_file(response: dict[str, str], user: User | None = None, **rest: Any) -> Found:
    """Gives `file` (its key) and `basis`, or the `cause` why there is none."""
    if user:
        return None
    person = unsealed_person(response["person"])
    try:
        match = find_file(person)
    except NoMatch as none:
        return {"cause": none.cause.value}
    if why := mistaken_file(person, match.file, on=timezone.localdate()):
        raise Refused(why, oid=person.oid)
    return {"file": match.file.pk, "basis": match.basis.value}


@partial
def prove_file_by_login(
    strategy: Any,
    response: dict[str, str],
    user: User | None = None,
    file: int = 0,
    owner: int | None = None,
    **rest: Any,
) -> Any:
    """Where nothing matches: the page asks for the school's login; `owner` is whose it was."""
    if user or file:
        return None
    if owner is None:
        return strategy.redirect(reverse("accounts:esia-link"))
    person = unsealed_person(response["person"])
    account = User.objects.select_related("person").get(pk=owner)
    own_file: Person | None = getattr(account, "person", None)
    if own_file is None:
        by_doors = Registration.objects.filter(account=account, status__in=Registration.TIED_BY_DOORS)
        raise Refused(Reason.NOT_IN_FILE if by_doors.exists() else Reason.NO_FILE, oid=person.oid)
    if is_mfa_enabled(account):  # the password alone must not open a second door
        raise Refused(Reason.SECOND_FACTOR, oid=person.oid)
    if why := mistaken_file(person, own_file, on=timezone.localdate()):
        raise Refused(why, oid=person.oid)
    return {"file": own_file.pk, "basis": EsiaLink.Basis.LOGIN.value}


def refuse_second_identity(
    response: dict[str, str], user: User | None = None, file: int = 0, **rest: Any
) -> None:
    """Before anything is asked of somebody who would be refused at the end."""
    if not user:
        linking.refuse_second_identity(unsealed_person(response["person"]), Person.objects.get(pk=file))


@partial
def adopt_registration(
    strategy: Any,
    response: dict[str, str],
    user: User | None = None,
    file: int = 0,
    owner: int | None = None,
    **rest: Any,
) -> HttpResponse | None:
    """Who registered before has an account, which takes the file: the page asks for its password. `owner`
    is whose it was, or 0 where one goes on without it, for anybody may have typed that name."""
    if user or Person.objects.get(pk=file).account_id:
        return None
    person = unsealed_person(response["person"])
    if owner is None and linking.has_registered(person):
        page: HttpResponse = strategy.redirect(reverse("accounts:esia-link"))
        return page
    if owner and is_mfa_enabled(User.objects.get(pk=owner)):
        raise Refused(Reason.SECOND_FACTOR, oid=person.oid)
    return None


@partial
def choose_institution(
    strategy: Any, user: User | None = None, choices: dict[str, Any] | None = None, **rest: Any
) -> HttpResponse | None:
    """The page gives `choices` (`linking.Choices` as a dict)."""
    if user or choices:
        return None
    page: HttpResponse = strategy.redirect(reverse("accounts:esia-institution"))
    return page


def link_account(
    response: dict[str, str],
    user: User | None = None,
    file: int = 0,
    basis: str = "",
    choices: dict[str, Any] | None = None,
    owner: int | None = None,
    **rest: Any,
) -> Found:
    if user:
        return None
    match = Match(Person.objects.get(pk=file), EsiaLink.Basis(basis))
    person = unsealed_person(response["person"])
    return {"user": linking.link(person, match, linking.Choices(**(choices or {})), owner)}


def sign_in(
    strategy: Any, response: dict[str, str], user: User, way_on: str = "", **rest: Any
) -> HttpResponse:
    """Ends in allauth's stages: where a second factor is set up, it is asked for."""
    person = unsealed_person(response["person"])
    if not user.is_active:
        raise Refused(Reason.CLOSED, oid=person.oid)
    request = strategy.request
    if request.user.is_authenticated and request.user.pk != user.pk:
        signing_in.leave(request)  # now: Django's `login` would throw away what is expected, too
    signing_in.expect(request, user, Proof(Door.ESIA, person.level), children=person.kids_as_json())
    user.backend = "accounts.backends.PersonBackend"
    record_authentication(request, user, method="socialaccount", provider=linking.PROVIDER)
    way: str = way_on or resolve_url("diary:home")
    answer: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=way)
    return answer
