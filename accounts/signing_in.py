"""The last step of every door: the session keeps what the sign-in proved, and the journal a row of it."""

import hashlib
from typing import Any

from django.http import HttpRequest

from accounts.attempts import address_of
from accounts.models import User
from schools.doors import Proof
from schools.models import SignIn

_PROOF_TO_COME = "proof_to_come"
_LONGEST_DEVICE = 200


def expect(request: HttpRequest, proof: Proof, *, children: str = "") -> None:
    """Before a flow that ends in `remember`, perhaps after a second factor on another page."""
    request.session[_PROOF_TO_COME] = {"door": proof.door, "level": proof.level, "children": children}


def remember(request: HttpRequest, account: User, *, second_factor: bool) -> SignIn:
    """Right after Django's `login`, which has given the session its new key."""
    expected = request.session.pop(_PROOF_TO_COME, {"door": account.password_door, "level": ""})
    proof = Proof(door=str(expected["door"]), level=expected["level"], second_factor=second_factor)
    proof.keep_in(request.session)
    person: Any = getattr(account, "person", None)
    sign_in = SignIn.of(
        proof,
        account=account,
        person=person,
        address=address_of(request) or None,
        device=request.META.get("HTTP_USER_AGENT", "")[:_LONGEST_DEVICE],
        session_hash=session_hash(request),
        children=expected.get("children", ""),
    )
    sign_in.save()
    return sign_in


def prove_second_factor(request: HttpRequest) -> None:
    """The second factor was shown, or set up, within a session that has begun."""
    proof = Proof.of_session(request.session)
    if proof and not proof.second_factor:
        Proof(proof.door, proof.level, second_factor=True).keep_in(request.session)
        SignIn.objects.filter(session_hash=session_hash(request)).update(second_factor=True)


def session_hash(request: HttpRequest) -> str:
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()
