"""ESIA's signed tokens: nothing in them is believed before every check has passed."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.utils import timezone

from accounts.esia import tokens
from accounts.esia.tokens import Pins, read_access_token, read_id_token
from tests.accounts.esia.conftest import OID, FakeEsia, access_claims, id_claims

MINUTE = 60


@pytest.fixture
def pins(esia_on: Any) -> Pins:
    return tokens.pins()


@pytest.fixture
def sign(keys: Path) -> Callable[..., str]:
    return FakeEsia(keys).sign


def now() -> int:
    return int(timezone.now().timestamp())


def test_a_good_identity_token_names_its_subject(pins: Pins, sign: Any) -> None:
    subject = read_id_token(sign(id_claims()), pins)
    assert (subject.oid, subject.is_trusted, subject.level_code) == (OID, True, "PR")


def test_an_absent_is_tru_means_not_confirmed(pins: Pins, sign: Any) -> None:
    claims = id_claims(**{"urn:esia:sbj": {"urn:esia:sbj:oid": OID, "urn:esia:sbj:is_tru": "yes"}})
    assert not read_id_token(sign(claims), pins).is_trusted


def test_a_good_access_token_names_whom_it_opens(pins: Pins, sign: Any) -> None:
    assert read_access_token(sign(access_claims()), pins) == OID


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "http://esia.evil/"}, tokens.WrongIssuer),
        ({"iss": "http://esia.example"}, tokens.WrongIssuer),
        ({"aud": "OTHER"}, tokens.WrongAudience),
        ({"aud": ["SCHOOLS", "OTHER"]}, tokens.WrongAudience),
        ({"exp": -2 * MINUTE}, tokens.WrongTime),
        ({"nbf": 2 * MINUTE}, tokens.WrongTime),
        ({"iat": 2 * MINUTE}, tokens.WrongTime),
        ({"sub": str(OID)}, tokens.WrongSubject),
        ({"sub": True}, tokens.WrongSubject),
        ({"sub": OID + 1}, tokens.WrongSubject),
        *(({name: None}, tokens.BadToken) for name in ("iss", "aud", "exp", "nbf", "iat", "sub")),
    ],
)
def test_what_is_wrong_is_named(pins: Pins, sign: Any, changes: dict[str, Any], why: type[Exception]) -> None:
    times = {
        name: now() + value for name, value in changes.items() if name in ("exp", "nbf", "iat") and value
    }
    with pytest.raises(why):
        read_id_token(sign(id_claims(**changes | times)), pins)


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -50), ("nbf", 50), ("iat", 50)])
def test_clocks_may_differ_by_a_minute(pins: Pins, sign: Any, claim: str, seconds: int) -> None:
    assert read_id_token(sign(id_claims(**{claim: now() + seconds})), pins).oid == OID


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"client_id": "OTHER"}, tokens.WrongAudience),
        ({"client_id": None}, tokens.BadToken),
        ({"iss": "http://esia.evil/"}, tokens.WrongIssuer),
        ({"urn:esia:sbj_id": "1"}, tokens.WrongSubject),
        ({"urn:esia:sbj_id": None}, tokens.BadToken),
    ],
)
def test_an_access_token_is_checked_as_well(
    pins: Pins, sign: Any, changes: dict[str, Any], why: type[Exception]
) -> None:
    with pytest.raises(why):
        read_access_token(sign(access_claims(**changes)), pins)


def test_a_strangers_signature_proves_nothing(pins: Pins, sign: Any) -> None:
    with pytest.raises(tokens.WrongSignature):
        read_id_token(sign(id_claims(), key="stranger"), pins)


def test_each_of_the_pinned_certificates_is_good(esia_on: Any, keys: Path, sign: Any) -> None:
    esia_on.ESIA_TOKEN_CERTIFICATES = [str(keys / "stranger.crt"), str(keys / "token.crt")]
    assert read_id_token(sign(id_claims()), tokens.pins()).oid == OID


def test_the_algorithm_is_not_the_tokens_to_choose(pins: Pins, sign: Any, keys: Path) -> None:
    with pytest.raises(tokens.WrongSignature):
        read_id_token(sign(id_claims(), algorithm="RS512"), pins)
    with pytest.raises(tokens.BadToken):
        read_id_token(jwt.encode(id_claims(), "", "none"), pins)


def test_the_published_certificate_is_no_shared_secret(pins: Pins, keys: Path) -> None:
    """The classical forgery: HS256 with the public key as the secret."""
    header, body = (_part(part) for part in ({"alg": "HS256", "typ": "JWT"}, id_claims()))
    secret = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    made = secret.sign(f"{header}.{body}".encode(), (keys / "token.crt").read_bytes())
    with pytest.raises(tokens.WrongSignature):
        read_id_token(f"{header}.{body}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}", pins)


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "....", "нет"])
def test_what_is_no_token_proves_nothing(pins: Pins, text: str) -> None:
    with pytest.raises(tokens.BadToken):
        read_id_token(text, pins)
