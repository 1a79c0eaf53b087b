"""The last step of every door: the session keeps what the sign-in proved, and the journal a row of it."""

import datetime
import hashlib
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from accounts.attempts import address_of
from accounts.models import User
from accounts.security import lifetimes
from schools.doors import Door, Proof
from schools.models import Person, SignIn
from schools.models.documents import sealed, unsealed
from schools.roles import person_with_roles

_PROOF_TO_COME = "proof_to_come"
_LONGEST_DEVICE = 200
_SIGNED_IN_AT = "signed_in_at"
FRESH = datetime.timedelta(minutes=5)


def expect(request: HttpRequest, account: User, proof: Proof, *, children: str = "") -> None:
    """Before a flow that ends in `remember`, perhaps after a second factor on another page.

    It holds for this account alone: whoever stops half-way may sign in by a password as somebody else.
    Sessions lie in the cache as well: what ESIA said of the children waits there sealed.
    """
    expected = {"door": proof.door, "level": proof.level, "children": sealed(children)}
    request.session[_PROOF_TO_COME] = {**expected, "account": account.pk}


def expect_password(request: HttpRequest) -> None:
    """A password was shown: what another door began to prove, and did not finish, counts no more."""
    request.session.pop(_PROOF_TO_COME, None)


def leave(request: HttpRequest) -> None:
    """Whoever is signed in goes, and the session with them, for somebody else comes in."""
    end(request.session.session_key)
    logout(request)


def expected_door(request: HttpRequest, account: User) -> Door:
    """The door of the sign-in that is under way."""
    expected = _expected(request, account)
    return Door(expected["door"]) if expected else account.password_door


def _expected(request: HttpRequest, account: User) -> dict[str, Any]:
    expected: dict[str, Any] = request.session.get(_PROOF_TO_COME, {})
    return expected if expected.get("account") == account.pk else {}


def remember(request: HttpRequest, account: User, *, second_factor: bool) -> SignIn:
    """Right after Django's `login`, which has given the session its new key."""
    expected = _expected(request, account) or {"door": account.password_door, "level": ""}
    request.session.pop(_PROOF_TO_COME, None)
    proof = Proof(door=str(expected["door"]), level=expected["level"], second_factor=second_factor)
    proof.keep_in(request.session)
    now = timezone.now()
    request.session[_SIGNED_IN_AT] = int(now.timestamp())
    lifetimes.begin(request, now=now)
    person, refusals = _shut_roles(account, proof)
    sign_in = SignIn.of(
        proof,
        account=account,
        person=person,
        address=address_of(request) or None,
        device=request.META.get("HTTP_USER_AGENT", "")[:_LONGEST_DEVICE],
        session_hash=session_hash(request),
        refusals=refusals,
        children=unsealed(expected.get("children", "")),
    )
    sign_in.save()
    return sign_in


def _shut_roles(account: User, proof: Proof) -> tuple[Person | None, list[str]]:
    """Whose account it is, and the rules (`schools.doors.Refusal`) that keep roles shut today."""
    today = timezone.localdate()
    person, roles = person_with_roles(account.pk, on=today) or (None, account.roles)
    born = person.birth_date if person else None
    _opened, refusals = roles.proven_by(proof, birth_date=born, on=today)
    return person, sorted(set(refusals.values()))


def prove_second_factor(request: HttpRequest) -> None:
    """The second factor was shown, or set up, within a session that has begun."""
    proof = Proof.of_session(request.session)
    if proof and not proof.second_factor:
        Proof(proof.door, proof.level, second_factor=True).keep_in(request.session)
        SignIn.objects.filter(session_hash=session_hash(request)).update(second_factor=True)


def is_fresh(request: HttpRequest) -> bool:
    """Whoever has just come through a door need not prove anything again."""
    return timezone.now().timestamp() - request.session.get(_SIGNED_IN_AT, 0) <= FRESH.total_seconds()


def end(session_key: str | None) -> None:
    """The journal's end of a session: signed out, here or from elsewhere, or left unused too long."""
    running = SignIn.objects.filter(session_hash=hash_of(session_key), ended_at=None)
    running.update(ended_at=timezone.now())


def session_hash(request: HttpRequest) -> str:
    return hash_of(request.session.session_key)


def hash_of(session_key: str | None) -> str:
    return hashlib.sha256((session_key or "").encode()).hexdigest()
