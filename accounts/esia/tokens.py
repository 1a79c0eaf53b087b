"""What ESIA's signed tokens must show before anything in them is believed.

Certificates and algorithms are pinned by settings; nothing is taken from a token's own header.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings

LEEWAY_SECONDS = 60  # clocks differ
_TIMES = ["exp", "nbf", "iat"]


class BadToken(Exception):
    """The token proves nothing."""


class WrongSignature(BadToken):
    """No pinned certificate verifies it by a pinned algorithm."""


class WrongIssuer(BadToken):
    """It is not of the ESIA we ask."""


class WrongAudience(BadToken):
    """It was issued to another system."""


class WrongTime(BadToken):
    """It has expired, or is not valid yet."""


class WrongSubject(BadToken):
    """Whose it is cannot be said."""


@dataclass(frozen=True)
class Pins:
    """What tokens are checked against."""

    issuer: str
    client_id: str
    algorithms: tuple[str, ...]
    keys: tuple[Any, ...]


@dataclass(frozen=True)
class Subject:
    """Whom an identity token names. `level_code`: KD, PR or P; empty when ESIA does not say."""

    oid: int
    is_trusted: bool
    level_code: str


def pins() -> Pins:
    return Pins(
        issuer=settings.ESIA_ISSUER,
        client_id=settings.ESIA_CLIENT_ID,
        algorithms=tuple(settings.ESIA_TOKEN_ALGORITHMS),
        keys=_keys(tuple(settings.ESIA_TOKEN_CERTIFICATES)),
    )


@lru_cache(maxsize=4)
def _keys(paths: tuple[str, ...]) -> tuple[Any, ...]:
    """Several, because ESIA changes its certificate: the coming one is pinned beside the present one."""
    return tuple(load_pem_x509_certificate(Path(path).read_bytes()).public_key() for path in paths)


def read_id_token(text: str, pins: Pins) -> Subject:
    """Raises BadToken."""
    claims = _checked(text, pins, audience=pins.client_id, require=["aud", "sub"])
    subject = claims.get("urn:esia:sbj", {})
    if not isinstance(subject, dict) or subject.get("urn:esia:sbj:oid", claims["sub"]) != claims["sub"]:
        raise WrongSubject
    return Subject(
        oid=_oid(claims["sub"]),
        is_trusted=subject.get("urn:esia:sbj:is_tru") is True,
        level_code=str(subject.get("urn:esia:sbj:lvl", "")),
    )


def read_access_token(text: str, pins: Pins) -> int:
    """Gives the oid that it opens. It has no audience, but names the system. Raises BadToken."""
    claims = _checked(text, pins, audience=None, require=["client_id", "urn:esia:sbj_id"])
    if claims["client_id"] != pins.client_id:
        raise WrongAudience
    return _oid(claims["urn:esia:sbj_id"])


def _checked(text: str, pins: Pins, *, audience: str | None, require: list[str]) -> Mapping[str, Any]:
    for key in pins.keys:
        try:
            claims: dict[str, Any] = jwt.decode(
                text,
                key,
                algorithms=list(pins.algorithms),
                issuer=pins.issuer,
                audience=audience,
                leeway=LEEWAY_SECONDS,
                options={
                    "require": ["iss", *_TIMES, *require],
                    "verify_sub": False,  # an integer in life, which the library refuses
                    "verify_aud": audience is not None,
                    "strict_aud": audience is not None,
                },
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidTokenError as error:
            raise _named(error) from error
        return claims
    raise WrongSignature


_NAMES: tuple[tuple[type[Exception], type[BadToken]], ...] = (
    (jwt.InvalidIssuerError, WrongIssuer),
    (jwt.InvalidAudienceError, WrongAudience),
    (jwt.ExpiredSignatureError, WrongTime),
    (jwt.ImmatureSignatureError, WrongTime),
    (jwt.InvalidIssuedAtError, WrongTime),
    (jwt.InvalidAlgorithmError, WrongSignature),
    (jwt.InvalidKeyError, WrongSignature),
)


def _named(error: jwt.InvalidTokenError) -> BadToken:
    return next(
        (ours() for theirs, ours in _NAMES if isinstance(error, theirs)), BadToken(type(error).__name__)
    )


def _oid(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise WrongSubject
    return value
