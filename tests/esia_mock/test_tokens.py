"""From a code to tokens: what is inside them, and each way in which a code is no good."""

import datetime
import hashlib
import time
from typing import Any

import jwt
import pytest
import requests
from cryptography.x509 import load_pem_x509_certificate

from tests.esia_mock.conftest import Mock, Visitor, Way, refusal
from tests.esia_mock.signing import base64url, timestamp

VERIFIER = "a verifier of at least forty-three characters, they say"


def claims(mock: Mock, token: str, **options: Any) -> dict[str, Any]:
    """Verified with the pinned certificate, as the portal does."""
    certificate = load_pem_x509_certificate((mock.home / "token.crt").read_bytes())
    options = {"verify_sub": False, "verify_aud": False, **options}
    key: Any = certificate.public_key()
    return jwt.decode(token, key, algorithms=["RS256"], issuer=f"{mock.url}/", options=options)  # type: ignore[arg-type]


def challenge(verifier: str) -> dict[str, str]:
    digest = hashlib.sha256(verifier.encode()).digest()
    return {"code_challenge": base64url(digest), "code_challenge_method": "S256"}


def test_both_pairs_lead_to_tokens(way: Way) -> None:
    found = way.tokens()
    assert found["token_type"] == "Bearer"
    assert found["expires_in"] == 3600
    assert "refresh_token" not in found
    assert set(found) == {"access_token", "id_token", "token_type", "expires_in", "state"}


def test_the_answer_repeats_its_requests_state(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request())["code"]
    assert way.redeem(code, state="my-state").json()["state"] == "my-state"


def test_without_openid_there_is_no_id_token(way: Way) -> None:
    assert "id_token" not in way.tokens(scope="fullname")


def test_the_id_token_has_esias_claims(way: Way) -> None:
    found = claims(way.mock, way.tokens()["id_token"])
    oid = found["sub"]
    assert isinstance(oid, int)
    assert (found["aud"], found["iss"]) == ("SCHOOL", f"{way.mock.url}/")
    assert (found["amr"], found["urn:esia:amd"]) == ("PWD", "PWD")
    assert found["exp"] - found["iat"] == 3600
    assert abs(found["auth_time"] - time.time()) < 30
    assert found["urn:esia:sbj"] == {
        "urn:esia:sbj:typ": "P",
        "urn:esia:sbj:is_tru": True,
        "urn:esia:sbj:oid": oid,
        "urn:esia:sbj:nam": f"OID.{oid}",
        "urn:esia:sbj:lvl": "PR",
    }


@pytest.mark.parametrize(
    ("person", "level"),
    [("parent-standard", "P"), ("student", "P"), ("child", "KD"), ("student15", "P")],
)
def test_only_a_verified_account_is_said_to_be_trusted(v2: Way, person: str, level: str) -> None:
    subject = claims(v2.mock, v2.tokens(person)["id_token"])["urn:esia:sbj"]
    assert "urn:esia:sbj:is_tru" not in subject
    assert subject["urn:esia:sbj:lvl"] == level


def test_the_access_token_says_whose_and_what(way: Way) -> None:
    found = claims(way.mock, way.tokens()["access_token"])
    oid = found["urn:esia:sbj_id"]
    assert found["scope"] == f"openid?oid={oid} fullname?oid={oid}"
    assert found["client_id"] == "SCHOOL"
    assert "aud" not in found


def test_the_header_tells_the_tokens_apart(v2: Way) -> None:
    found = v2.tokens()
    kinds = [jwt.get_unverified_header(found[name])["sbt"] for name in ("id_token", "access_token")]
    assert kinds == ["id", "access"]


def test_a_code_serves_once(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request())["code"]
    assert way.redeem(code).status_code == 200
    again = way.redeem(code)
    assert (again.status_code, again.json()["error"], refusal(again)) == (400, "invalid_grant", "ESIA-007011")


def test_another_systems_code_is_refused(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request())["code"]
    other = way.mock.other
    assert refusal(way.send(way.sign_exchange(other, other.exchange(code)))) == "ESIA-007011"


def test_another_redirect_is_refused(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request())["code"]
    assert refusal(way.redeem(code, redirect_uri="http://portal.example/")) == "ESIA-007011"


def test_a_code_belongs_to_its_pair(v1: Way, v2: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(v1.authorize, v1.request())["code"]
    assert refusal(v2.redeem(code)) == "ESIA-007011"


def test_a_request_for_tokens_is_checked_like_any_other(way: Way) -> None:
    old = timestamp(datetime.timedelta(minutes=6))
    assert refusal(way.redeem("any", timestamp=old)) == "ESIA-007015"
    assert refusal(way.redeem("any", token_type="MAC")) == "ESIA-007003"
    assert refusal(way.redeem("any", grant_type="client_credentials")) == "ESIA-007012"
    signed = way.sign_exchange(way.mock.system, way.mock.system.exchange("any"))
    assert refusal(way.send({**signed, "state": "another"})) == "ESIA-007053"


def test_v3_signs_the_code_too(v2: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(v2.authorize, v2.request())["code"]
    system = v2.mock.system
    assert refusal(v2.send(system.signed_v2(system.exchange(code)))) == "ESIA-007053"


def test_an_unknown_system_is_not_let_in(way: Way) -> None:
    answer = way.redeem("any", client_id="NOBODY")
    assert (answer.status_code, refusal(answer)) == (401, "ESIA-008010")


def test_more_scopes_than_were_granted_are_refused(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request())["code"]
    assert refusal(way.redeem(code, "openid fullname snils")) == "ESIA-007019"


def test_the_right_verifier_opens(v2: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(v2.authorize, v2.request(**challenge(VERIFIER)))["code"]
    assert v2.redeem(code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("verifier", ["", "another verifier"])
def test_another_verifier_is_refused(v2: Way, visitor: Visitor, verifier: str) -> None:
    code = visitor.sign_in(v2.authorize, v2.request(**challenge(VERIFIER)))["code"]
    assert refusal(v2.redeem(code, code_verifier=verifier)) == "ESIA-007040"


def test_a_verifier_without_a_challenge_is_refused(v2: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(v2.authorize, v2.request())["code"]
    assert refusal(v2.redeem(code, code_verifier=VERIFIER)) == "ESIA-007039"


def refresh(way: Way, token: str) -> dict[str, str]:
    asked = way.mock.system.exchange("", refresh_token=token, grant_type="refresh_token")
    del asked["code"]
    return asked


def test_a_refresh_token_serves_once_and_is_renewed(way: Way) -> None:
    first = way.tokens(access_type="offline")
    answer = way.send(way.sign_request(way.mock.system, refresh(way, first["refresh_token"])))
    assert answer.status_code == 200, answer.text
    assert answer.json()["refresh_token"] != first["refresh_token"]
    again = way.send(way.sign_request(way.mock.system, refresh(way, first["refresh_token"])))
    assert refusal(again) == "ESIA-007011"


def test_the_other_signature_of_a_refresh_is_accepted_too(v2: Way) -> None:
    asked = refresh(v2, v2.tokens(access_type="offline")["refresh_token"])
    names = ("client_id", "scope", "timestamp", "state", "refresh_token")
    assert v2.send(v2.mock.system.signed_over(asked, *names)).status_code == 200


def test_tokens_are_never_asked_for_by_address(mock: Mock) -> None:
    assert requests.get(f"{mock.url}/aas/oauth2/v3/te", timeout=5).status_code == 405
