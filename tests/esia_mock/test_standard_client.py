"""A client that we did not write: authlib signs in by discovery, published keys and userinfo."""

from typing import Any

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.esia_mock.conftest import PUBLIC, REDIRECT, STANDARD, STANDARD_SECRET, Mock, Visitor, refusal

NONCE = "a nonce of this one sign-in"
VERIFIER = "a verifier of at least forty-three characters, as the standard says"


@pytest.fixture
def published(mock: Mock) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{mock.url}/.well-known/openid-configuration", timeout=5).json()
    return found


def session(**options: Any) -> OAuth2Session:
    return OAuth2Session(redirect_uri=REDIRECT, scope="openid profile email phone", **options)


CONFIDENTIAL = {"client_id": STANDARD, "client_secret": STANDARD_SECRET}
CLIENTS = {
    "basic": {**CONFIDENTIAL, "token_endpoint_auth_method": "client_secret_basic"},
    "post": {**CONFIDENTIAL, "token_endpoint_auth_method": "client_secret_post"},
    "public": {"client_id": PUBLIC, "token_endpoint_auth_method": "none", "code_challenge_method": "S256"},
}


@pytest.mark.parametrize("kind", CLIENTS)
def test_authlib_signs_in(mock: Mock, visitor: Visitor, published: dict[str, Any], kind: str) -> None:
    client = session(**CLIENTS[kind])
    verifier = {"code_verifier": VERIFIER} if kind == "public" else {}
    url, state = client.create_authorization_url(published["authorization_endpoint"], nonce=NONCE, **verifier)
    found = visitor.sign_in(url.removeprefix(mock.url), {}, "teacher")
    token = client.fetch_token(published["token_endpoint"], code=found["code"], state=state, **verifier)

    claims = verified(token["id_token"], published, client.client_id)
    person = client.get(published["userinfo_endpoint"]).json()
    assert person["sub"] == claims["sub"]
    assert person["name"] == "Кузнецова Елена Викторовна"
    assert (person["email"], person["email_verified"]) == ("teacher@esia.example", True)
    assert person["phone_number"].startswith("+7927")


def verified(token: str, published: dict[str, Any], client_id: str) -> CodeIDToken:
    keys = KeySet.import_key_set(requests.get(published["jwks_uri"], timeout=5).json())
    decoded = jwt.decode(token, keys, algorithms=published["id_token_signing_alg_values_supported"])
    expected = {"iss": {"value": published["issuer"]}, "aud": {"value": client_id}, "nonce": {"value": NONCE}}
    claims = CodeIDToken(decoded.claims, decoded.header, expected, {"nonce": NONCE, "client_id": client_id})
    claims.validate()
    return claims


def test_the_issuer_is_where_its_configuration_lies(mock: Mock, published: dict[str, Any]) -> None:
    assert published["issuer"] == f"{mock.url}/"


def test_a_wrong_secret_is_refused(mock: Mock, published: dict[str, Any]) -> None:
    fields = {
        "grant_type": "authorization_code",
        "code": "any",
        "redirect_uri": REDIRECT,
        "client_id": STANDARD,
    }
    answer = requests.post(published["token_endpoint"], data={**fields, "client_secret": "wrong"}, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_system_of_esias_cannot_come_without_a_signature(mock: Mock, published: dict[str, Any]) -> None:
    fields = {
        "grant_type": "authorization_code",
        "code": "any",
        "redirect_uri": REDIRECT,
        "client_id": "SCHOOL",
    }
    answer = requests.post(published["token_endpoint"], data={**fields, "client_secret": ""}, timeout=5)
    assert refusal(answer) == "ESIA-007005"


def test_a_public_client_needs_a_challenge(visitor: Visitor) -> None:
    asked = {"client_id": PUBLIC, "response_type": "code", "redirect_uri": REDIRECT, "scope": "openid"}
    answer = visitor.get("/oidc/authorize", asked)
    assert "ESIA-007014" in answer.headers["Location"]


def test_userinfo_wants_a_token(published: dict[str, Any]) -> None:
    assert requests.get(published["userinfo_endpoint"], timeout=5).status_code == 401
