"""The person's data over REST: what each scope opens, with and without embed."""

from typing import Any

import jwt
import pytest
import requests

from tests.esia_mock.conftest import Way

EVERYTHING = (
    "openid fullname birthdate gender snils id_doc mobile contacts kid_fullname kid_birthdate kid_snils"
)


class Reader:
    """Reads with an access token."""

    def __init__(self, way: Way, token: str) -> None:
        self.url, self.token = way.mock.url, token
        claims = jwt.decode(token, options={"verify_signature": False})
        self.oid = claims["urn:esia:sbj_id"]

    def get(self, path: str = "", oid: int | None = None, token: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        url = path if path.startswith("http") else f"{self.url}/rs/prns/{oid or self.oid}{path}"
        return requests.get(url, headers=headers, timeout=20)

    def json(self, path: str = "") -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


def reader(way: Way, person: str = "parent", scope: str = EVERYTHING) -> Reader:
    return Reader(way, way.tokens(person, scope)["access_token"])


def test_the_person_is_shown(v2: Way) -> None:
    found = reader(v2).json()
    assert (found["lastName"], found["firstName"], found["middleName"]) == ("Соколова", "Анна", "Юрьевна")
    assert found["gender"] == "F"
    assert found["birthDate"][2] == found["birthDate"][5] == "."
    assert (found["trusted"], found["status"]) == (True, "REGISTERED")


def test_the_snils_has_its_control_digits(v2: Way) -> None:
    digits = "".join(filter(str.isdecimal, reader(v2).json()["snils"]))
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
    assert total % 101 % 100 == int(digits[9:])


def test_fields_without_their_scope_are_left_out(v2: Way) -> None:
    found = reader(v2, scope="openid fullname").json()
    assert "firstName" in found
    assert not {"birthDate", "snils", "gender", "rIdDoc"} & set(found)


@pytest.mark.parametrize(
    ("person", "trusted", "has_snils"),
    [
        ("parent", True, True),
        ("parent-standard", False, True),
        ("student", False, False),
        ("child", False, True),
    ],
)
def test_levels_differ_as_esias_do(v2: Way, person: str, trusted: bool, has_snils: bool) -> None:
    found = reader(v2, person).json()
    assert (found["trusted"], "snils" in found) == (trusted, has_snils)


def test_a_simplified_account_has_a_name_and_a_contact_only(v2: Way) -> None:
    found = reader(v2, "student").json("?embed=(contacts.elements,documents.elements)")
    assert not {"birthDate", "snils", "gender"} & set(found)
    assert [row["type"] for row in found["contacts"]["elements"]] == ["EML"]
    assert found["documents"]["size"] == 0


def test_a_cancelled_account_says_so(v2: Way) -> None:
    assert reader(v2, "cancelled").json()["status"] == "DELETED"


def test_collections_without_embed_are_addresses_to_follow(way: Way) -> None:
    someone = reader(way)
    found = someone.json("/ctts")
    assert found["size"] == len(found["elements"]) == 2
    assert {someone.json(url)["type"] for url in found["elements"]} == {"EML", "MBT"}


def test_collections_with_embed_are_objects(way: Way) -> None:
    found = reader(way).json("/ctts?embed=(elements)")
    mobile = next(row for row in found["elements"] if row["type"] == "MBT")
    assert mobile["vrfStu"] == "VERIFIED"
    assert mobile["value"].startswith("+7(927)")


def test_the_person_embeds_collections(v2: Way) -> None:
    found = reader(v2).json("?embed=(contacts.elements,documents.elements,addresses.elements,kids.elements)")
    assert found["contacts"]["size"] == 2
    assert [row["type"] for row in found["documents"]["elements"]] == ["RF_PASSPORT"]
    assert found["kids"]["size"] == 3
    assert "addresses" not in found  # no scope


def test_contacts_that_esia_did_not_check_say_so(v2: Way) -> None:
    rows = reader(v2, "parent-standard").json("/ctts?embed=(elements)")["elements"]
    assert {row["vrfStu"] for row in rows} == {"NOT_VERIFIED"}


def test_a_scope_of_one_contact_opens_that_one(v2: Way) -> None:
    rows = reader(v2, scope="openid mobile").json("/ctts?embed=(elements)")["elements"]
    assert [row["type"] for row in rows] == ["MBT"]


def test_children_have_an_oid_when_their_own_account_is_tied(v2: Way) -> None:
    kids = reader(v2).json("/kids?embed=(elements)")["elements"]
    tied = {kid["firstName"]: "oid" in kid for kid in kids}
    assert tied == {"Мария": False, "Семён": True, "Артём": True}
    assert all(len(kid["snils"]) == 14 and kid["birthDate"] for kid in kids)


def test_childrens_fields_have_scopes_of_their_own(v2: Way) -> None:
    kids = reader(v2, scope="openid kid_fullname").json("/kids?embed=(elements)")["elements"]
    assert all("firstName" in kid and not {"snils", "birthDate", "documents"} & set(kid) for kid in kids)


def test_a_childs_birth_certificate_is_among_its_documents(v2: Way) -> None:
    kids = reader(v2, scope="openid kid_birth_cert_doc").json("/kids?embed=(elements)")["elements"]
    assert {kid["documents"]["elements"][0]["type"] for kid in kids} == {"RF_BRTH_CERT"}


@pytest.mark.parametrize("path", ["/ctts", "/docs", "/kids", "/addrs", "/orgs", "/roles", "/vhls"])
def test_without_the_scope_a_collection_is_forbidden(v2: Way, path: str) -> None:
    assert reader(v2, scope="openid fullname").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/orgs", "/vhls", "/roles"])
def test_what_nobody_has_is_empty(v2: Way, path: str) -> None:
    assert reader(v2, scope="openid usr_org vehicles").json(path)["size"] == 0


def test_somebody_else_is_not_found(v2: Way) -> None:
    someone = reader(v2)
    assert someone.get(oid=someone.oid + 1).status_code == 404
    assert someone.get("/ctts", oid=someone.oid + 1).status_code == 404
    assert someone.get(oid=1).status_code == 404


@pytest.mark.parametrize("path", ["/nothing", "/ctts/1"])
def test_an_unknown_resource_is_not_found(v2: Way, path: str) -> None:
    assert reader(v2).get(path).status_code == 404


@pytest.mark.parametrize("token", ["rubbish", "a.b.c"])
def test_a_bad_token_is_not_let_in(v2: Way, token: str) -> None:
    answer = reader(v2).get(token=token)
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_an_id_token_is_no_access_token(v2: Way) -> None:
    found = v2.tokens()
    assert Reader(v2, found["access_token"]).get(token=found["id_token"]).status_code == 401


def test_without_a_token_nobody_is_let_in(v2: Way) -> None:
    assert requests.get(f"{v2.mock.url}/rs/prns/1000300001", timeout=5).status_code == 401
