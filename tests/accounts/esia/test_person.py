"""What ESIA's resources say of a person, embedded or not, and which level that makes."""

import datetime
from typing import Any

import pytest

from accounts.esia.person import BadPerson, Document, EsiaKid, read_person, unsealed_person
from accounts.esia.tokens import Subject
from schools.doors import Level

SUBJECT = Subject(oid=7, is_trusted=True, level_code="PR")
ROW = {
    "lastName": "Соколова",
    "firstName": " Анна ",
    "middleName": "Юрьевна",
    "birthDate": "17.05.1986",
    "snils": "112-233-445 95",
    "trusted": True,
    "status": "REGISTERED",
}
KID = {"firstName": "Мария", "lastName": "Соколова", "birthDate": "17.05.2013", "gender": "F"}
SCOPES = ["openid", "fullname", "kid_fullname"]


def read(row: Any = ROW, subject: Subject = SUBJECT, scopes: list[str] = SCOPES, **resources: Any) -> Any:
    def ask(path: str) -> Any:
        asked.append(path)
        return row if path.startswith("?") or not path else resources.get(path.split("?")[0].strip("/"), {})

    asked: list[str] = []
    return read_person(subject, ask, scopes=scopes), asked


def test_a_person_is_read_in_one_request() -> None:
    person, asked = read({**ROW, "kids": {"elements": [KID]}})
    assert asked == ["?embed=(kids.elements)"]
    assert (person.surname, person.first_name, person.snils) == ("Соколова", "Анна", "11223344595")
    assert person.birth_date == datetime.date(1986, 5, 17)
    assert person.kids[0].sex == "f"


def test_collections_may_have_to_be_asked_for_one_by_one() -> None:
    resources: dict[str, Any] = {
        "kids": {"elements": ["https://esia.example/rs/prns/7/kids/31"]},
        "kids/31": KID,
    }
    person, asked = read(**resources)
    assert "/kids/31" in asked
    assert person.kids[0].first_name == "Мария"


def test_what_no_scope_opens_is_not_asked_for() -> None:
    _person, asked = read(scopes=["openid", "fullname", "email", "id_doc"])
    assert asked == [""]


@pytest.mark.parametrize(
    ("changes", "subject", "level"),
    [
        ({}, SUBJECT, Level.VERIFIED),
        ({}, Subject(7, is_trusted=False, level_code="P"), Level.STANDARD),
        ({"trusted": False}, SUBJECT, Level.STANDARD),
        ({"trusted": False, "verifying": True}, SUBJECT, Level.SIMPLIFIED),
        ({"trusted": False, "snils": ""}, SUBJECT, Level.SIMPLIFIED),
        ({"trusted": False, "snils": "112-233-445 96"}, SUBJECT, Level.SIMPLIFIED),
        ({"trusted": "yes"}, SUBJECT, Level.STANDARD),
        ({"trusted": False}, Subject(7, is_trusted=False, level_code="KD"), Level.CHILD),
    ],
)
def test_the_level_is_the_lowest_that_everything_agrees_on(
    changes: dict[str, Any], subject: Subject, level: Level
) -> None:
    assert read({**ROW, **changes}, subject)[0].level == level


def test_a_snils_that_is_being_checked_is_not_passed_on() -> None:
    assert read({**ROW, "trusted": False, "verifying": True})[0].snils == ""


def test_a_person_comes_out_of_the_seal_as_it_went_in() -> None:
    person, _asked = read(
        {**ROW, "kids": {"elements": [{**KID, "documents": {"elements": [{"type": "X"}]}}]}}
    )
    assert unsealed_person(person.sealed()) == person
    assert person.kids[0].documents == (Document("X", "", ""),)
    assert isinstance(unsealed_person(person.sealed()).kids[0], EsiaKid)


@pytest.mark.parametrize("row", [None, [], {}, {"lastName": "Соколова"}, {"lastName": 1, "firstName": 2}])
def test_what_is_no_person_is_refused(row: Any) -> None:
    with pytest.raises(BadPerson):
        read(row)
