"""Signed tokens with ESIA's claims, and the reading of the access token at the REST end points."""

import base64
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from esia_mock import settings
from esia_mock.clients import Protocol
from esia_mock.codes import Grant
from esia_mock.failures import Failure
from esia_mock.people import Account, Level
from esia_mock.signatures import der

ALGORITHM = "RS256"
LEVEL_CODES = {Level.VERIFIED: "PR", Level.CHILD: "KD"}  # everything else: P
KEY_ID = "esia-mock"


class BadToken(Exception):
    """Not an access token of ours that is still good."""


@dataclass(frozen=True)
class Access:
    """Whose data may be read, and which of them."""

    oid: int
    scopes: frozenset[str]


def id_token(grant: Grant, account: Account) -> str:
    """`sub` is an integer, against the standard, because ESIA's is; standard clients get text."""
    standard = grant.protocol is Protocol.STANDARD
    claims = {
        **_times(),
        "iss": settings.ISSUER,
        "aud": grant.client_id,
        "sub": str(account.oid) if standard else account.oid,
        "auth_time": grant.auth_time,
        "amr": ["pwd"] if standard else "PWD",
        **({"nonce": grant.nonce} if grant.nonce else {}),
        "urn:esia:amd": "PWD",
        "urn:esia:sid": grant.sid,
        "urn:esia:sbj": _subject(account),
    }
    return _sign(claims, "id", grant)


def _subject(account: Account) -> dict[str, Any]:
    found: dict[str, Any] = {
        "urn:esia:sbj:typ": "P",
        "urn:esia:sbj:oid": account.oid,
        "urn:esia:sbj:nam": f"OID.{account.oid}",
        "urn:esia:sbj:lvl": LEVEL_CODES.get(account.level, "P"),
    }
    # Absent, not false, unless the account is confirmed.
    return {**found, "urn:esia:sbj:is_tru": True} if account.is_trusted else found


def access_token(grant: Grant) -> str:
    claims = {
        **_times(),
        "iss": settings.ISSUER,
        "client_id": grant.client_id,
        "urn:esia:sid": grant.sid,
        "urn:esia:sbj_id": grant.oid,
        "scope": " ".join(f"{scope}?oid={grant.oid}" for scope in grant.scopes),
    }
    return _sign(claims, "access", grant)


def read_access_token(text: str) -> Access:
    """Raises BadToken."""
    try:
        claims = jwt.decode(
            text,
            _key().public_key(),
            algorithms=[ALGORITHM],
            issuer=settings.ISSUER,
            options={"require": ["exp", "scope", "urn:esia:sbj_id"]},
        )
    except jwt.InvalidTokenError as error:
        raise BadToken from error
    scopes = frozenset(scope.partition("?")[0] for scope in claims["scope"].split())
    return Access(claims["urn:esia:sbj_id"], scopes)


def published_key() -> dict[str, Any]:
    """The JWK that verifies our tokens, with our certificate."""
    found: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key(), as_dict=True)
    certificate = load_pem_x509_certificate(settings.TOKEN_CERTIFICATE.read_bytes())
    chain = [base64.b64encode(der(certificate)).decode()]
    return {**found, "kid": KEY_ID, "use": "sig", "alg": ALGORITHM, "key_ops": ["verify"], "x5c": chain}


def _times() -> dict[str, int]:
    now = int(time.time())
    return {"iat": now, "nbf": now, "exp": now + settings.TOKEN_SECONDS}


def _sign(claims: dict[str, Any], kind: str, grant: Grant) -> str:
    """ESIA's headers of its own are refused by strict standard clients, which get none."""
    key = _strangers_key() if grant.failure is Failure.SIGNATURE else _key()
    own = {} if grant.protocol is Protocol.STANDARD else {"ver": 0, "sbt": kind}
    return jwt.encode(claims, key, ALGORITHM, headers={"kid": KEY_ID, **own})


@lru_cache
def _key() -> rsa.RSAPrivateKey:
    key = load_pem_private_key(settings.TOKEN_KEY.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("ESIA_MOCK_KEY is no RSA key")
    return key


@lru_cache
def _strangers_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
