"""What a system may ask, and ESIA's code for each thing it may not."""

import datetime

import pytest

from tests.esia_mock.conftest import REDIRECT, Visitor, Way, came_back, refusal
from tests.esia_mock.signing import System, base64url, timestamp

OLD = datetime.timedelta(minutes=6)


def test_a_signed_request_leads_to_the_sign_in(way: Way, visitor: Visitor) -> None:
    page = visitor.open(way.authorize, way.request())
    assert "Кто входит?" in page.text
    assert "SCHOOL" in page.text
    assert "openid, fullname" in page.text


def test_the_state_comes_back_with_the_code(way: Way, visitor: Visitor) -> None:
    asked = way.request()
    found = visitor.sign_in(way.authorize, asked)
    assert found["state"] == asked["state"]
    assert len(found["code"]) > 20


@pytest.mark.parametrize(
    "changes",
    [{"client_id": "NOBODY"}, {"redirect_uri": "http://evil.example/"}, {"redirect_uri": REDIRECT + "more"}],
)
def test_an_unknown_system_or_address_is_never_redirected(
    way: Way, visitor: Visitor, changes: dict[str, str]
) -> None:
    answer = visitor.get(way.authorize, way.request(**changes))
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "ESIA-007023" in answer.text or "ESIA-007005" in answer.text


def test_a_signature_of_something_else_is_refused(way: Way, visitor: Visitor) -> None:
    asked = {**way.request(), "scope": "openid fullname snils"}
    found = came_back(visitor.get(way.authorize, asked))
    assert refusal(found) == "ESIA-007053"
    assert found["error"] == "unauthorized_client"
    assert found["state"] == asked["state"]


@pytest.mark.parametrize("rubbish", ["rubbish", "!!!", base64url(b"0\x03\x02\x01\x01")])
def test_rubbish_instead_of_a_signature_is_refused(way: Way, visitor: Visitor, rubbish: str) -> None:
    asked = {**way.request(), "client_secret": rubbish}
    assert refusal(came_back(visitor.get(way.authorize, asked))) == "ESIA-007053"


def test_another_systems_key_is_refused(way: Way, visitor: Visitor) -> None:
    stranger = System("SCHOOL", way.mock.other.name, REDIRECT)
    found = came_back(visitor.get(way.authorize, way.request_of(stranger)))
    assert refusal(found) in ("ESIA-007002", "ESIA-007053")


def test_v1_takes_no_bare_signature(v1: Way, visitor: Visitor) -> None:
    system = v1.mock.system
    asked = system.signed_over(system.request(), "scope", "timestamp", "client_id", "state")
    assert refusal(came_back(visitor.get(v1.authorize, asked))) == "ESIA-007053"


def test_v2_takes_no_pkcs7(v2: Way, visitor: Visitor) -> None:
    asked = v2.mock.system.signed_v1(v2.request())
    assert refusal(came_back(visitor.get(v2.authorize, asked))) == "ESIA-007053"


def test_v2_wants_the_certificates_hash(v2: Way, visitor: Visitor) -> None:
    asked = v2.request()
    del asked["client_certificate_hash"]
    found = came_back(visitor.get(v2.authorize, asked))
    assert refusal(found) == "ESIA-007014"
    assert "[client_certificate_hash]" in found["error_description"]


def test_v2_refuses_another_hash(v2: Way, visitor: Visitor) -> None:
    asked = {**v2.request(), "client_certificate_hash": v2.mock.other.certificate_hash}
    assert refusal(came_back(visitor.get(v2.authorize, asked))) == "ESIA-007053"


def test_the_hash_may_be_in_small_letters(v2: Way, visitor: Visitor) -> None:
    asked = v2.request()
    asked["client_certificate_hash"] = asked["client_certificate_hash"].lower()
    assert visitor.open(v2.authorize, asked).ok


def test_the_signature_may_be_padded(way: Way, visitor: Visitor) -> None:
    asked = way.request()
    asked["client_secret"] += "=" * (-len(asked["client_secret"]) % 4)
    assert visitor.open(way.authorize, asked).ok


@pytest.mark.parametrize("ago", [OLD, -OLD])
def test_an_old_or_early_request_is_refused(way: Way, visitor: Visitor, ago: datetime.timedelta) -> None:
    found = came_back(visitor.get(way.authorize, way.request(timestamp=timestamp(ago))))
    assert refusal(found) == "ESIA-007015"


def test_a_plus_that_was_not_encoded_is_refused(way: Way, visitor: Visitor) -> None:
    asked = way.request(timestamp=timestamp().replace("+", " "))
    assert refusal(came_back(visitor.get(way.authorize, asked))) == "ESIA-007003"


@pytest.mark.parametrize(
    ("scope", "code"),
    [("", "ESIA-007013"), ("openid everything", "ESIA-007006"), ("openid email", "ESIA-007019")],
)
def test_scopes_not_known_or_not_granted_are_refused(
    way: Way, visitor: Visitor, scope: str, code: str
) -> None:
    assert refusal(came_back(visitor.get(way.authorize, way.request(scope)))) == code


@pytest.mark.parametrize("name", ["state", "timestamp", "client_secret", "response_type"])
def test_a_missing_parameter_is_named(way: Way, visitor: Visitor, name: str) -> None:
    asked = way.request()
    del asked[name]
    found = came_back(visitor.get(way.authorize, asked))
    assert (refusal(found), f"[{name}]" in found["error_description"]) == ("ESIA-007014", True)


def test_another_type_of_answer_is_refused(way: Way, visitor: Visitor) -> None:
    found = came_back(visitor.get(way.authorize, way.request(response_type="token")))
    assert (refusal(found), found["error"]) == ("ESIA-007009", "unsupported_response_type")


def test_a_repeated_parameter_is_refused(way: Way, visitor: Visitor) -> None:
    answer = visitor.get(f"{way.authorize}?scope=openid", way.request())
    assert refusal(came_back(answer)) == "ESIA-007003"


def test_a_challenge_in_the_open_is_refused(v2: Way, visitor: Visitor) -> None:
    asked = v2.request(code_challenge="abc", code_challenge_method="plain")
    assert refusal(came_back(visitor.get(v2.authorize, asked))) == "ESIA-007003"


def test_a_standard_client_has_no_business_at_esias_end_points(way: Way, visitor: Visitor) -> None:
    found = came_back(visitor.get(way.authorize, way.request(client_id="library")))
    assert refusal(found) == "ESIA-007005"
