"""The pages for the person: the list, the second factor, each failure, logout."""

import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests

from tests.esia_mock.conftest import LOGGED_OUT, Mock, Visitor, Way, came_back, refusal
from tests.esia_mock.test_tokens import claims

CHOSEN = {"failure": "none", "seconds": "8"}
KINDS = (
    "parent", "parent-standard", "student", "child", "student15", "teacher", "classteacher", "territory",
    "region", "stranger", "cancelled",
)  # fmt: skip


@pytest.fixture
def people(mock: Mock) -> Iterator[Any]:
    """Writes the file of a portal's own people."""

    def write(rows: dict[str, dict[str, Any]]) -> None:
        mock.people.write_text(json.dumps(rows))

    yield write
    mock.people.unlink(missing_ok=True)


@pytest.mark.parametrize("person", KINDS)
def test_each_kind_of_person_signs_in(v2: Way, visitor: Visitor, person: str) -> None:
    assert "code" in visitor.sign_in(v2.authorize, v2.request(), person)


def test_the_page_can_be_used_by_everybody(v2: Way, visitor: Visitor) -> None:
    page = visitor.open(v2.authorize, v2.request()).text
    assert '<html lang="ru">' in page
    assert page.count("<h1>") == 1
    assert "Учебные Госуслуги" in page
    assert '<label for="id_seconds">' in page
    assert "style=" not in page
    assert "<script" not in page


def test_a_wrong_password_stays_on_the_page(v2: Way, visitor: Visitor) -> None:
    page = visitor.open(v2.authorize, v2.request())
    answer = visitor.post(page, person="wrong-password", **CHOSEN)
    assert answer.status_code == 422
    assert "Неверный логин или пароль" in answer.text


def test_nobody_chosen_stays_on_the_page(v2: Way, visitor: Visitor) -> None:
    answer = visitor.post(visitor.open(v2.authorize, v2.request()), **CHOSEN)
    assert "Выберите, кто входит" in answer.text


def test_a_second_factor_is_asked_for(v2: Way, visitor: Visitor) -> None:
    chosen = visitor.post(visitor.open(v2.authorize, v2.request()), person="headteacher", **CHOSEN)
    page = visitor.get(chosen.headers["Location"])
    wrong = visitor.post(page, code="222222")
    assert (wrong.status_code, "Неверный код" in wrong.text) == (422, True)
    assert "code" in came_back(visitor.post(page, code="111111"))


def test_the_second_factor_comes_after_the_first(v2: Way, visitor: Visitor) -> None:
    page = visitor.open(v2.authorize, v2.request())
    answer = visitor.get(page.url.removeprefix(v2.mock.url) + "code/")
    assert (answer.status_code, answer.headers["Location"]) == (302, page.url.removeprefix(v2.mock.url))


def test_a_sign_in_ends_once(v2: Way, visitor: Visitor) -> None:
    page = visitor.open(v2.authorize, v2.request())
    came_back(visitor.post(page, person="parent", **CHOSEN))
    assert visitor.post(page, person="parent", **CHOSEN).status_code == 410
    assert requests.get(page.url, timeout=5).status_code == 410


def test_a_form_of_another_site_is_refused(v2: Way, visitor: Visitor) -> None:
    page = visitor.open(v2.authorize, v2.request())
    assert requests.post(page.url, data={"person": "parent", **CHOSEN}, timeout=5).status_code == 403


def test_consent_may_be_denied(way: Way, visitor: Visitor) -> None:
    asked = way.request()
    found = visitor.sign_in(way.authorize, asked, failure="denied")
    assert (found["error"], refusal(found)) == ("access_denied", "ESIA-007004")
    assert found["state"] == asked["state"]
    assert "code" not in found


def test_a_code_may_come_too_late(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request(), failure="expired")["code"]
    answer = way.redeem(code)
    assert (answer.status_code, refusal(answer)) == (400, "ESIA-007011")


def test_the_tokens_signature_may_be_wrong(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request(), failure="signature")["code"]
    found = way.redeem(code).json()
    for name in ("id_token", "access_token"):
        with pytest.raises(jwt.InvalidSignatureError):
            claims(way.mock, found[name])


def test_esia_may_be_slow_without_holding_up_others(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request(), failure="slow", seconds="2")["code"]
    signed = way.sign_exchange(way.mock.system, way.mock.system.exchange(code))
    with pytest.raises(requests.Timeout):
        way.send(signed, timeout=1)
    began = time.monotonic()
    assert requests.get(way.mock.url, timeout=5).ok
    assert time.monotonic() - began < 1


def test_slow_tokens_come_in_the_end(v2: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(v2.authorize, v2.request(), failure="slow", seconds="1")["code"]
    began = time.monotonic()
    assert v2.redeem(code).status_code == 200
    assert time.monotonic() - began >= 1


def test_esia_may_be_down_and_stays_so_for_this_sign_in(way: Way, visitor: Visitor) -> None:
    code = visitor.sign_in(way.authorize, way.request(), failure="down")["code"]
    assert [way.redeem(code).status_code for _ in range(2)] == [503, 503]
    assert way.tokens()


def test_whoever_signed_in_before_goes_on_with_one_click(v2: Way, visitor: Visitor) -> None:
    assert "Вы уже вошли" not in visitor.open(v2.authorize, v2.request()).text
    visitor.sign_in(v2.authorize, v2.request(), "teacher")
    assert "Продолжить: Кузнецова Елена Викторовна" in visitor.open(v2.authorize, v2.request()).text


def test_logout_ends_the_session_and_leads_back(v2: Way, visitor: Visitor) -> None:
    visitor.sign_in(v2.authorize, v2.request())
    answer = visitor.get("/idp/ext/Logout", {"client_id": "SCHOOL", "redirect_url": LOGGED_OUT})
    assert (answer.status_code, answer.headers["Location"]) == (302, LOGGED_OUT)
    assert "Вы уже вошли" not in visitor.open(v2.authorize, v2.request()).text


@pytest.mark.parametrize("client", ["SCHOOL", "NOBODY"])
def test_logout_leads_to_registered_addresses_only(visitor: Visitor, client: str) -> None:
    answer = visitor.get("/idp/ext/Logout", {"client_id": client, "redirect_url": "http://evil.example/"})
    assert answer.status_code == 400
    assert "ESIA-007023" in answer.text


def test_logout_without_an_address_says_so(visitor: Visitor) -> None:
    assert "Вы вышли" in visitor.get("/idp/ext/Logout").text


def test_cookies_do_not_disturb_the_portals(v2: Way, visitor: Visitor) -> None:
    visitor.sign_in(v2.authorize, v2.request())
    assert set(visitor.session.cookies.keys()) == {"esia_mock_session", "esia_mock_csrf"}


def test_the_test_people_can_be_fitted_to_a_portal(v2: Way, visitor: Visitor, people: Any) -> None:
    people({"parent": {"surname": "Ёлкина"}, "new": {"kind": "новый", "level": "standard"}})
    assert visitor.get(v2.authorize, v2.request(), allow_redirects=True).status_code == 500
    people({"parent": {"surname": "Ёлкина", "birth_date": "1990-05-17", "snils": "00000000100"}})
    assert "Ёлкина Анна Юрьевна" in visitor.open(v2.authorize, v2.request()).text
